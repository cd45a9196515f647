import Foundation
import Hummingbird
import Proxy

/// Where the server listens.
enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address, IPv6 without its brackets; port 0 for any that is free.
    case tcp(host: String, port: Int)
    /// The absolute path of a Unix socket.
    case unix(path: String)

    /// Reads `host:port`, `[ipv6]:port` or `unix:/path`.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            // Linux keeps 108 bytes for it, a zero at the end among them.
            guard path.hasPrefix("/"), path.utf8.count < 108 else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: host, port: port)
    }

    /// Several, separated by commas; `nil` where one of them is none, or there is none at all.
    static func list(_ text: String) -> [ListenAddress]? {
        let items = text.split(separator: ",").map { ListenAddress($0.trimmingCharacters(in: .whitespaces)) }
        let addresses = items.compactMap { $0 }
        return addresses.isEmpty || addresses.count < items.count ? nil : addresses
    }

    var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Whether it can be reached from elsewhere, so that TLS belongs there.
    var isTCP: Bool {
        if case .tcp = self { true } else { false }
    }

    var bindAddress: BindAddress {
        switch self {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unix(let path): .unixDomainSocket(path: path)
        }
    }

    /// The address to use on the machine itself, where no other is set.
    static func localURL(_ addresses: [ListenAddress], isSecure: Bool = false) -> PublicURL {
        let ports = addresses.compactMap { address in
            if case .tcp(_, let port) = address { port } else { nil }
        }
        guard let url = PublicURL("\(isSecure ? "https" : "http")://localhost:\(max(1, ports.first ?? 8080))") else {
            preconditionFailure("a port that was checked")
        }
        return url
    }
}
