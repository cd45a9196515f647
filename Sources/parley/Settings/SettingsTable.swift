import Model

/// Every setting there is, in the order in which they are shown.
enum SettingsTable {
    static let all: [Setting] =
        address + access + storage + accounts + waysIn + mail + chat + sockets + outgoing + HookSettings.table
        + operation

    static subscript(_ name: String) -> Setting? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let seconds: ClosedRange<Int64> = 1...31_536_000
    private static let bytes: ClosedRange<Int64> = 1024...67_108_864

    private static let address = [
        Setting(
            name: "listen", kind: .address, defaultValue: "127.0.0.1:8080",
            summary: "Where to serve HTTP and WebSocket: HOST:PORT, [IPv6]:PORT or unix:PATH; several with commas."),
        Setting(
            name: "public-url", kind: .url, defaultValue: "",
            summary:
                "The address that people type; http://localhost (https with tls-certificate) with the port of listen where not given."
        ),
        Setting(
            name: "tls-certificate", kind: .text, defaultValue: "",
            summary:
                "A PEM file with the certificate and those after it: each HOST:PORT of listen then speaks TLS. Taken up anew when it changes."
        ),
        Setting(
            name: "tls-key", kind: .text, defaultValue: "",
            summary: "A PEM file with the certificate's key, without a passphrase."),
        Setting(
            name: "redirect-listen", kind: .address, defaultValue: "",
            summary: "Where plain HTTP is sent on to the public URL, such as 0.0.0.0:80; several with commas."),
        Setting(
            name: "acme-directory", kind: .text, defaultValue: "",
            summary:
                "A folder whose files redirect-listen serves below /.well-known/acme-challenge/, for obtaining certificates."
        ),
        Setting(
            name: "trusted-proxies", kind: .proxies, defaultValue: "loopback",
            summary:
                "Whose word counts about where a request comes from: addresses and ranges (10.0.0.0/8), unix, or the sets loopback, private, cloudflare."
        ),
        Setting(
            name: "proxy-protocol", kind: .boolean, defaultValue: "false",
            summary: "Whether trusted proxies begin each connection with the PROXY protocol, version 1 or 2."),
        Setting(
            name: "allowed-hosts", kind: .text, defaultValue: "",
            summary: "Further names that this server answers to, separated by commas; the public URL's is always one."),
        Setting(
            name: "allowed-origins", kind: .urls, defaultValue: "",
            summary: "Other sites whose pages may act for a signed-in person."),
    ]

    private static let storage = [
        Setting(
            name: "data-dir", kind: .text, defaultValue: "./data",
            summary: "The directory for the database and the keys; made with mode 0700 where it is missing."),
        Setting(
            name: "message-keys", kind: .keys, defaultValue: "",
            summary:
                "The keys that messages are encrypted with, as 1:BASE64,2:BASE64; kept in the data directory where not given.",
            isSecret: true),
        Setting(
            name: "token-key", kind: .secret, defaultValue: "",
            summary:
                "The secret that the keys of access tokens, forms, second factors and codes by mail are drawn from, 32 bytes in Base64; kept in the data directory where not given. With another one no authenticator code works.",
            isSecret: true),
    ]

    private static let accounts = [
        Setting(
            name: "registration", kind: .choice(["open", "domain", "invitation", "closed"]), defaultValue: "open",
            summary:
                "Who may make an account: anybody, whoever has an address at one of registration-domains or an invitation, whoever has an invitation, or only the operator."
        ),
        Setting(
            name: "registration-domains", kind: .text, defaultValue: "",
            summary:
                "What comes behind the @ in addresses of new accounts with registration=domain, separated by commas."
        ),
        Setting(
            name: "email-verification", kind: .choice(["off", "required"]), defaultValue: "off",
            summary:
                "Whether people have to show that mail to an address reaches them before they chat; needs smtp-url."),
        Setting(
            name: "email-code-seconds", kind: .number(60...86_400), defaultValue: "600",
            summary: "How many seconds a code that was sent to an address is good."),
        Setting(
            name: "email-code-tries-max", kind: .number(1...20), defaultValue: "5",
            summary: "Wrong codes after which another one has to be sent."),
        Setting(
            name: "email-code-rate", kind: .rate, defaultValue: "5/3600",
            summary: "Codes that are sent to one person, and to one address."),
        Setting(
            name: "reset-seconds", kind: .number(300...86_400), defaultValue: "3600",
            summary: "How many seconds a link to set a new password is good."),
        Setting(
            name: "reset-rate", kind: .rate, defaultValue: "3/3600",
            summary: "Links to set a new password for one account."),
        Setting(
            name: "reset-network-rate", kind: .rate, defaultValue: "20/3600",
            summary: "Times that such links are asked for from one public address, of IPv6 one /64."),
        Setting(
            name: "session-days", kind: .number(1...3650), defaultValue: "30",
            summary: "How many days a browser stays signed in without being used."),
        Setting(
            name: "access-token-seconds", kind: .number(seconds), defaultValue: "3600",
            summary: "How many seconds an access token of the API lasts."),
        Setting(
            name: "refresh-token-days", kind: .number(1...3650), defaultValue: "30",
            summary: "How many days a refresh token of the API lasts."),
        Setting(
            name: "sign-in-days-max", kind: .number(1...3650), defaultValue: "365",
            summary: "How many days after signing in one has to sign in again, however much it is used."),
        Setting(
            name: "ticket-seconds", kind: .number(1...300), defaultValue: "30",
            summary: "How many seconds a ticket for a socket lasts."),
        Setting(
            name: "allow-query-token", kind: .boolean, defaultValue: "false",
            summary: "Whether a socket may bring its access token in the address, where proxies log it."),
        Setting(
            name: "password-memory-kib", kind: .number(1024...4_194_304), defaultValue: "19456",
            summary: "Memory for hashing one password with Argon2id, in KiB."),
        Setting(
            name: "password-iterations", kind: .number(1...100), defaultValue: "2",
            summary: "Passes over that memory."),
        Setting(
            name: "password-parallelism", kind: .number(1...64), defaultValue: "1",
            summary: "Lanes in that memory."),
        Setting(
            name: "password-hashes-max", kind: .number(1...64), defaultValue: "2",
            summary: "How many passwords are hashed at once."),
        Setting(
            name: "account-tries-max", kind: .number(3...1000), defaultValue: "10",
            summary:
                "Different wrong passwords that lock an account, ten times as many for networks that its person was signed in from before; one that is repeated counts once."
        ),
        Setting(
            name: "account-lock-seconds", kind: .number(1...86_400), defaultValue: "900",
            summary: "How many seconds that lock lasts, and within which those passwords are counted."),
        Setting(
            name: "sign-in-rate", kind: .rate, defaultValue: "30/300",
            summary:
                "Different wrong sign-ins from one public address, of IPv6 one /64."),
        Setting(
            name: "registration-rate", kind: .rate, defaultValue: "10/3600",
            summary: "New accounts from one public address, of IPv6 one /64."),
        Setting(
            name: "token-days-max", kind: .number(1...3650), defaultValue: "365",
            summary: "How many days an access token for a program may last at most."),
        Setting(
            name: "tokens-max", kind: .number(1...1000), defaultValue: "50",
            summary: "Access tokens for programs that one person, or one bot, may have."),
        Setting(
            name: "members-make-bots", kind: .boolean, defaultValue: "false",
            summary: "Whether members make bots of their own, and not administrators alone."),
        Setting(
            name: "bots-max", kind: .number(1...1000), defaultValue: "20",
            summary: "Bots that one person may answer for."),
    ]

    private static let waysIn = [
        Setting(
            name: "openid-providers", kind: .providers, defaultValue: "",
            summary:
                "Who else may say who somebody is (OpenID Connect; docs/sign-in.md): google client-id=ID; NAME issuer=URL client-id=ID label=\"Words\" scopes=openid,email"
        ),
        Setting(
            name: "openid-secrets", kind: .providerSecrets, defaultValue: "",
            summary: "What those providers know us by: NAME=SECRET; NAME=@FILE. Without one PKCE alone protects.",
            isSecret: true),
        Setting(
            name: "provider-sign-ins-max", kind: .number(10...1_000_000), defaultValue: "10000",
            summary: "Sign-ins with providers that may be under way at a time."),
        Setting(
            name: "second-factor-roles", kind: .text, defaultValue: "",
            summary:
                "Roles whose people have to have a second factor, such as admin,moderator; without one they can only set one up."
        ),
        Setting(
            name: "passkeys-max", kind: .number(1...1000), defaultValue: "20", summary: "Passkeys of one person."),
        Setting(
            name: "sign-in-start-rate", kind: .rate, defaultValue: "120/300",
            summary:
                "Questions and answers of sign-ins by provider or passkey from one public address, of IPv6 one /64."),
        Setting(
            name: "recent-sign-in-seconds", kind: .number(30...86_400), defaultValue: "900",
            summary:
                "Seconds after signing in within which the password is not asked for again to change how one signs in."),
    ]

    private static let mail = [
        Setting(
            name: "smtp-url", kind: .mailServer, defaultValue: "",
            summary:
                "The mail server that takes our mail: smtp://HOST speaks STARTTLS at port 587, smtps://HOST TLS at port 465. Without it no mail is sent."
        ),
        Setting(
            name: "smtp-username", kind: .text, defaultValue: "", summary: "Whom the mail server knows us as."),
        Setting(
            name: "smtp-password", kind: .text, defaultValue: "",
            summary: "The password that belongs to it; is only ever sent over TLS.", isSecret: true),
        Setting(
            name: "smtp-starttls", kind: .choice(["required", "if-offered", "never"]), defaultValue: "required",
            summary: "Whether smtp:// goes on without TLS where the mail server does not offer it."),
        Setting(
            name: "smtp-authorities", kind: .text, defaultValue: "",
            summary: "A PEM file of authorities to trust with the mail server, instead of the system's."),
        Setting(
            name: "smtp-seconds", kind: .number(1...600), defaultValue: "60",
            summary: "Seconds that handing over one mail may take."),
        Setting(
            name: "mail-from", kind: .mailbox, defaultValue: "",
            summary: "Whom our mail comes from; has to be an address that the mail server lets us use."),
        Setting(
            name: "mail-retry-seconds", kind: .number(1...86_400), defaultValue: "60",
            summary: "Seconds until a mail that was not taken is tried again; doubles with each attempt."),
        Setting(
            name: "mail-retry-seconds-max", kind: .number(1...86_400), defaultValue: "14400",
            summary: "Most seconds between two attempts."),
        Setting(
            name: "mail-retry-hours", kind: .number(1...720), defaultValue: "72",
            summary: "Hours after which a mail that was never taken is given up."),
    ]

    private static let outgoing = [
        Setting(
            name: "outgoing-addresses", kind: .choice(["public", "any"]), defaultValue: "public",
            summary:
                "Which addresses webhooks are sent to: those on the internet, or any, for receivers in your own network. Providers of sign-ins are asked at any address anyway."
        ),
        Setting(
            name: "outgoing-authorities", kind: .text, defaultValue: "",
            summary: "A PEM file of authorities to trust there over https, instead of the system's."),
    ]

    private static let chat = [
        Setting(
            name: "message-characters-max", kind: .number(1...100_000), defaultValue: "4000",
            summary: "Longest message, in characters (Unicode scalars)."),
        Setting(
            name: "history-page-max", kind: .number(1...1000), defaultValue: "200",
            summary: "Most messages in one page of history."),
        Setting(
            name: "resume-messages-max", kind: .number(1...10_000), defaultValue: "500",
            summary: "Most messages that a client gets when it comes back; one that missed more loads the room anew."),
        Setting(
            name: "direct-members-max", kind: .number(2...100), defaultValue: "10",
            summary: "Most people in a direct room."),
        Setting(
            name: "message-rate", kind: .rate, defaultValue: "1200/60", summary: "Messages that one person may send."),
        Setting(
            name: "room-rate", kind: .rate, defaultValue: "100/3600", summary: "Rooms that one person may make."),
        Setting(
            name: "search-rate", kind: .rate, defaultValue: "300/60",
            summary: "Times that one person may look for others."),
        Setting(
            name: "bio-characters-max", kind: .number(1...10_000), defaultValue: "500",
            summary: "Longest text in which people say who they are, in characters (Unicode scalars)."),
        Setting(
            name: "status-characters-max", kind: .number(1...1000), defaultValue: "80",
            summary: "Longest status of a person, in characters."),
        Setting(
            name: "profile-rate", kind: .rate, defaultValue: "60/3600",
            summary: "Changes of one person's own name, bio, status and time zone."),
        Setting(
            name: "export-rate", kind: .rate, defaultValue: "5/3600",
            summary: "Copies of all of their own data that one person may take."),
        Setting(
            name: "deleted-messages", kind: .choice(DeletedMessages.allCases.map(\.rawValue)), defaultValue: "keep",
            summary:
                "What becomes of the messages of somebody who deletes their account: they stay as a deleted person's, or their texts are removed."
        ),
        Setting(
            name: "report-rate", kind: .rate, defaultValue: "30/3600",
            summary: "Messages that one person may report."),
        Setting(
            name: "word-filter", kind: .text, defaultValue: "",
            summary:
                "Words that messages must not have, separated by commas; with * at the beginning or end also inside of others: bad,worse*."
        ),
        Setting(
            name: "word-filter-action", kind: .choice(WordFilter.Action.allCases.map(\.rawValue)),
            defaultValue: "refuse", summary: "What becomes of a message with such a word."),
    ]

    private static let sockets = [
        Setting(
            name: "frame-bytes-max", kind: .number(bytes), defaultValue: "65536",
            summary: "Largest frame and message from a socket, in bytes."),
        Setting(
            name: "permessage-deflate", kind: .boolean, defaultValue: "false",
            summary: "Compress messages for clients that offer it: fewer bytes, more of the processor."),
        Setting(
            name: "deflate-bytes-min", kind: .number(1...bytes.upperBound), defaultValue: "128",
            summary: "Shortest message that is compressed, in bytes; what is shorter hardly shrinks."),
        Setting(
            name: "bad-frames-max", kind: .number(1...10_000), defaultValue: "20",
            summary: "Refused frames in a row after which a socket is closed."),
        Setting(
            name: "commands-in-flight-max", kind: .number(1...100_000), defaultValue: "256",
            summary: "Frames of one socket that may wait for their reply."),
        Setting(
            name: "frames-per-second-max", kind: .number(1...1_000_000), defaultValue: "50",
            summary: "Frames that one socket may send in a second."),
        Setting(
            name: "sockets-per-person-max", kind: .number(1...1_000_000), defaultValue: "20",
            summary: "Sockets that one person may have; with one more the oldest is closed."),
        Setting(
            name: "sockets-per-address-max", kind: .number(1...1_000_000), defaultValue: "256",
            summary:
                "Sockets from one public address, of IPv6 one /64; loopback and private addresses, where a proxy is, are not counted."
        ),
        Setting(
            name: "subscriptions-max", kind: .number(1...100_000), defaultValue: "1000",
            summary: "Rooms that one socket receives."),
        Setting(
            name: "presence-sockets-max", kind: .number(0...1_000_000), defaultValue: "200",
            summary: "Sockets in a room up to which its members are told who comes and goes."),
        Setting(
            name: "presence-grace-seconds", kind: .number(0...300), defaultValue: "5",
            summary: "Seconds that somebody is still taken to be there after their last socket ended."),
        Setting(
            name: "outbound-bytes-max", kind: .number(bytes), defaultValue: "1048576",
            summary: "Bytes that may wait for a slow reader before its socket is closed."),
        Setting(
            name: "ping-seconds", kind: .number(1...3600), defaultValue: "25",
            summary: "Seconds of quiet after which a socket gets a ping; below the shortest time-out of any proxy."),
        Setting(
            name: "silence-seconds", kind: .number(2...7200), defaultValue: "60",
            summary: "Seconds without a sign of life after which a socket is given up."),
        Setting(
            name: "authenticate-seconds", kind: .number(1...300), defaultValue: "10",
            summary: "Seconds that a socket without credentials has to authenticate."),
    ]

    private static let operation = [
        Setting(
            name: "http-idle-seconds", kind: .number(1...3600), defaultValue: "75",
            summary: "Seconds without a request after which an HTTP connection is closed."),
        Setting(
            name: "event-loops", kind: .number(0...256), defaultValue: "0",
            summary:
                "Threads that serve connections; 0 for one for each core but one, which the database and all else needs."
        ),
        Setting(
            name: "poll-seconds", kind: .number(1...300), defaultValue: "25",
            summary: "Seconds that a long poll waits for a frame; below the shortest time-out of any proxy."),
        Setting(
            name: "connections-max", kind: .number(0...10_000_000), defaultValue: "0",
            summary: "Connections at a time, of all kinds; 0 for as many as the limit on open files allows."),
        Setting(
            name: "head-seconds", kind: .number(1...300), defaultValue: "10",
            summary: "Seconds from the beginning of a connection until its first request's head has arrived."),
        Setting(
            name: "request-seconds", kind: .number(1...3600), defaultValue: "60",
            summary: "Seconds that a request may take to arrive, its body included."),
        Setting(
            name: "body-bytes-max", kind: .number(bytes), defaultValue: "131072",
            summary: "Largest body of a request, in bytes."),
        Setting(
            name: "web-dir", kind: .text, defaultValue: "",
            summary: "The folder with the web client; found beside the program or in its checkout where not given."),
        Setting(
            name: "web-reload", kind: .boolean, defaultValue: "false",
            summary: "Whether to read the web client's files anew for each page, for working on them."),
        Setting(
            name: "log-level", kind: .choice(["trace", "debug", "info", "notice", "warning", "error"]),
            defaultValue: "info", summary: "How much to log, to standard error."),
        Setting(
            name: "settings-file", kind: .text, defaultValue: ".env",
            summary:
                "A file with lines NAME=value under the names of the environment; need not exist unless it is named; empty for none."
        ),
    ]
}
