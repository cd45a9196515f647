import Foundation
import Proxy

/// Whatever a request says of its way here, nobody is taken for the visitor whom only an untrusted hop named.
///
/// Input: lines of header names and values.
enum VisitorTarget {
    private static let honest = "198.51.100.77"

    static func run(_ input: [UInt8]) throws(Violation) {
        guard let trusted = TrustedProxies(["loopback", "10.0.0.0/8", "cloudflare"]),
            let proxy = IPAddress("127.0.0.1"), let stranger = IPAddress("203.0.113.200")
        else { throw Violation("addresses that are not read") }
        let resolver = VisitorResolver(trusted: trusted)
        let lines = lines(input)

        let direct = resolver.visitor(peer: .address(stranger), isSecure: false, ForwardedHeaders(lines))
        try require(direct.address == stranger && !direct.isSecure, "a stranger was believed: \(direct)")

        let gone = resolver.visitor(peer: .unknown, isSecure: false, ForwardedHeaders(lines))
        try require(gone.address == nil, "nobody was taken for somebody: \(gone)")

        // Whatever the client sent, the proxy's own word is the last one.
        let forwarded = resolver.visitor(
            peer: .address(proxy), isSecure: false,
            ForwardedHeaders { name in lines(name) + (name == "x-forwarded-for" ? [honest] : []) })
        try require(forwarded.address?.description == honest, "the proxy was not believed: \(forwarded)")

        if let address = direct.address ?? forwarded.address {
            try require(IPAddress(address.description) == address, "\(address) does not read as it is written")
        }
        if let host = lines("host").first, let name = HostPolicy.name(host) {
            try require(!name.isEmpty && HostPolicy.name(name) == name, "the host \(host) is called \(name)")
        }
    }

    private static func lines(_ input: [UInt8]) -> (String) -> [String] {
        let pairs = String(decoding: input, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.firstIndex(of: ":").map { colon in
                (line[..<colon].lowercased(), String(line[line.index(after: colon)...]))
            }
        }
        return { name in pairs.filter { $0.0 == name }.map(\.1) }
    }
}
