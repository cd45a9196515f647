/// One thing that an operator can decide: its name in every form, what it may be, and one sentence about it.
///
/// Flags, environment variables, the settings file, `parley settings`, `.env.example` and docs/settings.md all come
/// from these.
struct Setting: Sendable, Hashable {
    /// What values are allowed.
    enum Kind: Sendable, Hashable {
        case text
        case number(ClosedRange<Int64>)
        case boolean
        /// So many in so many seconds.
        case rate
        case choice([String])
        /// Numbered 32-byte keys in Base64.
        case keys
        /// 32 bytes or more in Base64.
        case secret
        /// Hosts with ports, and paths of Unix sockets, separated by commas.
        case address
        case url
        /// Several, separated by commas.
        case urls
        /// Ranges of addresses and names of sets, separated by commas.
        case proxies
        /// Ranges of addresses and names of sets, separated by commas; may be empty.
        case addresses
        case mailServer
        case providers
        case providerSecrets
        /// An address, maybe with a name before it.
        case mailbox
    }

    /// In words joined by hyphens, as it is in a flag.
    let name: String
    let kind: Kind
    /// In the same form as one would type it; empty where there is none.
    let defaultValue: String
    let summary: String
    var isSecret = false

    /// The name in the environment and in the settings file.
    var variable: String { "PARLEY_" + name.uppercased().replacing("-", with: "_") }

    /// What may be given, for people.
    var allowed: String {
        switch kind {
        case .text: "a text"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .rate: "COUNT/SECONDS, such as 30/300 for 30 in 300 seconds"
        case .choice(let choices): choices.joined(separator: " or ")
        case .keys: "entries such as 1:KEY, separated by commas, each KEY 32 bytes in Base64"
        case .secret: "32 bytes or more in Base64"
        case .address: "HOST:PORT or unix:/PATH, such as 127.0.0.1:8080 or [::1]:8080, separated by commas"
        case .url: "http:// or https:// with a host, and maybe a port and a path, such as https://chat.example.com"
        case .proxies:
            "addresses, ranges such as 10.0.0.0/8, loopback, private, cloudflare or unix, separated by commas"
        case .addresses: "addresses, ranges such as 10.0.0.0/8, loopback, private or cloudflare, separated by commas"
        case .mailServer: "smtp:// or smtps:// with a host and maybe a port, such as smtps://mail.example.com"
        case .mailbox: "an address, maybe with a name: chat@example.com or Parley <chat@example.com>"
        case .providers: "entries NAME client-id=ID issuer=URL label=WORDS scopes=LIST, separated by semicolons"
        case .providerSecrets: "entries NAME=SECRET or NAME=@FILE, separated by semicolons"
        case .urls: "addresses such as https://app.example.com, separated by commas"
        }
    }
}
