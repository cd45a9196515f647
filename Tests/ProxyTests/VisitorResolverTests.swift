import Testing

@testable import Proxy

@Suite("The visitor behind proxies")
struct VisitorResolverTests {
    private static let proxy = "127.0.0.1"

    /// - Parameter lines: header lines as they stand, in order.
    private func visitor(
        _ lines: [(String, String)], peer: String = proxy, trusted: [String] = ["loopback"], isSecure: Bool = false
    ) throws -> Visitor {
        let resolver = VisitorResolver(trusted: try #require(TrustedProxies(trusted)))
        let headers = ForwardedHeaders { name in lines.filter { $0.0.lowercased() == name }.map(\.1) }
        let from: Peer = peer == "unix" ? .unix : .address(try #require(IPAddress(peer)))
        return resolver.visitor(peer: from, isSecure: isSecure, headers)
    }

    @Test("is the peer where no proxy says anything")
    func direct() throws {
        let visitor = try visitor([("Host", "chat.example.com")], peer: "198.51.100.7")
        #expect(visitor.address?.description == "198.51.100.7")
        #expect(visitor.basis == .direct)
        #expect(!visitor.isSecure)
        #expect(visitor.host == "chat.example.com")
    }

    @Test(
        "is who the proxy says it is, as each proxy writes it",
        arguments: [
            // nginx, Apache: behind what the client sent. HAProxy: in a line of its own. Caddy, Traefik: alone.
            ([("X-Forwarded-For", "6.6.6.6, 203.0.113.9")], "203.0.113.9"),
            ([("X-Forwarded-For", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
            ([("X-Forwarded-For", "203.0.113.9")], "203.0.113.9"),
            // Azure and some load balancers add the port.
            ([("X-Forwarded-For", "203.0.113.9:51234")], "203.0.113.9"),
            ([("X-Forwarded-For", "[2001:db8::9]:51234")], "2001:db8::9"),
            ([("X-Forwarded-For", "2001:db8::9")], "2001:db8::9"),
            ([("X-Forwarded-For", "::ffff:203.0.113.9")], "203.0.113.9"),
            // Two proxies on the machine.
            ([("X-Forwarded-For", "203.0.113.9, 127.0.0.1")], "203.0.113.9"),
            ([("X-Forwarded-For", "203.0.113.9,127.0.0.1 ,\t::1")], "203.0.113.9"),
            // nginx with real_ip says the visitor twice.
            ([("X-Forwarded-For", "203.0.113.9, 203.0.113.9")], "203.0.113.9"),
            ([("Forwarded", "for=192.0.2.60;proto=http, for=\"[2001:db8:cafe::17]:4711\"")], "2001:db8:cafe::17"),
            // A comma that is one Character with what a client wrote before it; a client's fault before the proxy's word.
            ([("X-Forwarded-For", "x\u{600}, 203.0.113.9")], "203.0.113.9"),
            ([("Forwarded", "for=x\u{600}, for=203.0.113.9")], "203.0.113.9"),
            ([("Forwarded", "\", for=203.0.113.9")], "203.0.113.9"),
            ([("Forwarded", "\""), ("Forwarded", "for=203.0.113.9")], "203.0.113.9"),
            ([("Forwarded", "proto=https;host=evil, for=203.0.113.9")], "203.0.113.9"),
            ([("Forwarded", "for=6.6.6.6"), ("Forwarded", "For=203.0.113.9;By=10.0.0.1")], "203.0.113.9"),
        ] as [([(String, String)], String)])
    func forwarded(lines: [(String, String)], address: String) throws {
        let visitor = try visitor(lines)
        #expect(visitor.address?.description == address)
        #expect(visitor.basis == .forwarded)
    }

    @Test(
        "is nobody in particular where the last hop cannot be read",
        arguments: [
            [("X-Forwarded-For", "203.0.113.9, unknown")], [("X-Forwarded-For", "")],
            [("X-Forwarded-For", "203.0.113.9,")], [("X-Forwarded-For", "<script>")],
            [("X-Forwarded-For", "203.0.113.9, 300.1.1.1")], [("Forwarded", "for=_hidden")],
            [("X-Forwarded-Proto", "https")],
        ] as [[(String, String)]])
    func unattributable(lines: [(String, String)]) throws {
        let visitor = try visitor(lines)
        #expect(visitor.address == nil)
        #expect(visitor.basis == .unattributable)
    }

    @Test("is the peer, whatever it says, where it is not trusted")
    func untrusted() throws {
        let lines = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil")]
        let visitor = try visitor(lines + [("Host", "chat.example.com")], peer: "198.51.100.7")
        #expect(visitor.address?.description == "198.51.100.7")
        #expect(visitor.basis == .untrusted)
        #expect(!visitor.isSecure)
        #expect(visitor.host == "chat.example.com")
    }

    @Test("is found through the hops that are trusted, and no further")
    func chain() throws {
        let lines = [("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 172.71.1.1, 10.0.0.2")]
        #expect(
            try visitor(lines, trusted: ["loopback", "10.0.0.0/8", "cloudflare"]).address?.description
                == "203.0.113.9")
        #expect(try visitor(lines, trusted: ["loopback", "10.0.0.0/8"]).address?.description == "172.71.1.1")
        #expect(try visitor(lines, peer: "unix", trusted: ["unix"]).address?.description == "10.0.0.2")
        #expect(try visitor(lines, peer: "unix", trusted: ["loopback"]).address == nil)
    }

    @Test(
        "came over what the outermost trusted proxy says",
        arguments: [
            ([("X-Forwarded-Proto", "https")], true), ([("X-Forwarded-Proto", "http")], false),
            // Traefik's word for it.
            ([("X-Forwarded-Proto", "wss")], true), ([("X-Forwarded-Proto", "ws")], false),
            ([("X-Forwarded-Proto", "HTTPS")], true),
            // Each hop adds its own: the client's is the visitor's, and what stands left of it is the client's own.
            ([("X-Forwarded-For", "203.0.113.9, 127.0.0.1"), ("X-Forwarded-Proto", "https, http")], true),
            ([("X-Forwarded-For", "6.6.6.6, 203.0.113.9"), ("X-Forwarded-Proto", "https, http")], false),
            ([("X-Forwarded-For", "203.0.113.9, 127.0.0.1"), ("X-Forwarded-Proto", "https")], true),
            ([("Forwarded", "for=203.0.113.9;proto=https")], true),
            // What a client said of its own hop is not what the proxy said of it.
            ([("Forwarded", "proto=https, for=203.0.113.9")], false), ([("X-Forwarded-Proto", "gopher")], false),
        ] as [([(String, String)], Bool)])
    func scheme(lines: [(String, String)], isSecure: Bool) throws {
        #expect(try visitor(lines).isSecure == isSecure)
    }

    @Test("asked for the host that the proxy was asked for")
    func host() throws {
        let lines = [("Host", "127.0.0.1:8080"), ("X-Forwarded-For", "203.0.113.9")]
        #expect(try visitor(lines + [("X-Forwarded-Host", "chat.example.com")]).host == "chat.example.com")
        #expect(try visitor(lines + [("X-Forwarded-Host", "evil, chat.example.com")]).host == "chat.example.com")
        #expect(try visitor(lines).host == "127.0.0.1:8080")
        #expect(try visitor(lines + [("Host", "other")]).host == nil)
    }

    @Test("is not found by names that only look like the headers")
    func lookalikes() throws {
        let visitor = try visitor([("X_Forwarded_For", "203.0.113.9"), ("X-Forwarded-For ", "203.0.113.9")])
        #expect(visitor.address?.description == Self.proxy)
        #expect(visitor.basis == .direct)
    }

    @Test(
        "is not found in a Forwarded header that breaks its rules",
        arguments: [
            "for=\"203.0.113.9", "for=203.0.113.9;for=6.6.6.6", "for", "for=203.0.113.9\"", "=;,=", "for=\"a\"b\"",
        ])
    func badForwarded(line: String) throws {
        #expect(try visitor([("Forwarded", line)]).address == nil)
    }

    @Test("is found in a header of ten thousand hops, of which none but the last count")
    func tenThousandHops() throws {
        let hops = Array(repeating: "127.0.0.1", count: 10_000).joined(separator: ",")
        #expect(try visitor([("X-Forwarded-For", "6.6.6.6," + hops)]).address?.description == "127.0.0.1")
        let other = Array(repeating: "6.6.6.6", count: 10_000).joined(separator: ",")
        #expect(try visitor([("X-Forwarded-For", other + ", 203.0.113.9")]).address?.description == "203.0.113.9")
    }

    @Test("is never somebody whom only an untrusted hop named, however the headers are made")
    func nobodyIsFramed() throws {
        var generator = Numbers(state: 42)
        let pieces = [
            "203.0.113.9", "127.0.0.1", "::1", "unknown", "", " ", ",", "\"", "6.6.6.6:80", "[::1]", "10.0.0.1", "for=",
            ";", "proto=https", "\\", "\u{0}", "é",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined(separator: Bool.random(using: &generator) ? "," : "")
            let name = Bool.random(using: &generator) ? "X-Forwarded-For" : "Forwarded"
            let result = try visitor([(name, text), ("X-Forwarded-For", "198.51.100.77")])
            #expect(result.address?.description == "198.51.100.77", "\(name): \(text)")
            #expect(try visitor([(name, text)], peer: "198.51.100.7").address?.description == "198.51.100.7")
        }
    }

    /// The same numbers each time (SplitMix64).
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
