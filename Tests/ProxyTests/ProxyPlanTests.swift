import Testing

@testable import Proxy

private let certificate = ProxyPlan.TLS.files(certificate: "/etc/tls/fullchain.pem", key: "/etc/tls/key.pem")

private func plan(
    _ url: String = "https://chat.example.org", _ change: (inout ProxyPlan) -> Void = { _ in }
) throws -> ProxyPlan {
    var plan = ProxyPlan(publicURL: try #require(PublicURL(url)))
    change(&plan)
    return plan
}

@Suite("A plan for a proxy")
struct ProxyPlanTests {
    @Test(
        "is refused where a value could end a word, a string or a block",
        arguments: [
            "/srv/a b", "/srv/a\"b", "/srv/a'b", "/srv/a;b", "/srv/a{b}", "/srv/a\nb", "/srv/a$b", "/srv/a`b",
            "/srv/a\\b",
            "/srv/a#b", "relative", "", "/srv/%h", "/srv/a|b", "/srv/\u{E9}",
        ])
    func injection(path: String) throws {
        for kind in ProxyKind.allCases {
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.upstream = .unix(path: path) }) }
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.staticDirectory = path }) }
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.tls = .files(certificate: path, key: "/a") }) }
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.tls = .files(certificate: "/a", key: path) }) }
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.trustedProxies = [path] }) }
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.proxyVersion = path }) }
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.position = .inner(outer: [path]) }) }
        }
    }

    @Test(
        "is refused where the server's host is neither a name nor an address",
        arguments: ["", "a b", "a;b", "a\nb", "a{", "a\"", "a/b", "-a", "[::1", "a:b"])
    func upstream(host: String) throws {
        for kind in ProxyKind.allCases {
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.upstream = .tcp(host: host, port: 8080) }) }
        }
    }

    @Test(
        "is refused where the public host has other characters",
        arguments: ["a;b.example", "a$b.example", "a'b.example"])
    func publicHost(host: String) throws {
        guard let url = PublicURL("https://\(host)") else { return }
        #expect(throws: PlanFault.self) { try ProxyKind.nginx.files(ProxyPlan(publicURL: url)) }
    }

    @Test(
        "is refused where a number is out of range",
        arguments: [
            { $0.silenceSeconds = 0 }, { $0.silenceSeconds = .max }, { $0.bodyBytesMax = -1 },
            { $0.bodyBytesMax = .max },
            { $0.upstream = .tcp(host: "127.0.0.1", port: 0) }, { $0.upstream = .tcp(host: "127.0.0.1", port: 65_536) },
        ] as [@Sendable (inout ProxyPlan) -> Void])
    func numbers(change: @Sendable (inout ProxyPlan) -> Void) throws {
        #expect(throws: PlanFault.self) { try ProxyKind.nginx.files(plan("https://chat.example.org", change)) }
    }

    @Test(
        "is refused where it contradicts itself",
        arguments: [ProxyKind.nginx, .caddy, .apache, .traefik, .haproxy, .compose])
    func contradictions(kind: ProxyKind) throws {
        #expect(throws: PlanFault.self) { try kind.files(plan { $0.tls = .none }) }
        #expect(throws: PlanFault.self) { try kind.files(plan("http://chat.example.org") { $0.tls = certificate }) }
        #expect(throws: PlanFault.self) { try kind.files(plan { $0.position = .inner(outer: []) }) }
        for everybody in ["0.0.0.0/0", "::/0", "unix"] {
            #expect(throws: PlanFault.self) { try kind.files(plan { $0.position = .inner(outer: [everybody]) }) }
        }
    }

    @Test("is refused by proxies without Unix sockets", arguments: [ProxyKind.traefik, .ngrok, .pangolin, .kubernetes])
    func unix(kind: ProxyKind) throws {
        #expect(throws: PlanFault.self) { try kind.files(plan { $0.upstream = .unix(path: "/run/parley/p.sock") }) }
    }

    @Test("is refused by proxies that serve no files", arguments: [ProxyKind.haproxy, .traefik, .ngrok, .kubernetes])
    func files(kind: ProxyKind) throws {
        #expect(throws: PlanFault.self) { try kind.files(plan { $0.staticDirectory = "/srv/parley" }) }
    }

    @Test(
        "is refused by tunnels where it is not https on the usual port",
        arguments: [ProxyKind.ngrok, .cloudflared, .pangolin])
    func tunnels(kind: ProxyKind) throws {
        #expect(throws: PlanFault.self) { try kind.files(plan("http://chat.example.org")) }
        #expect(throws: PlanFault.self) { try kind.files(plan("https://chat.example.org:8443")) }
        #expect(throws: PlanFault.self) { try kind.files(plan("https://192.0.2.1")) }
    }

    @Test("needs a certificate where no authority gives one", arguments: [ProxyKind.nginx, .apache, .haproxy])
    func certificates(kind: ProxyKind) throws {
        for host in ["localhost", "192.0.2.1", "[2001:db8::1]", "chat"] {
            #expect(throws: PlanFault.self) { try kind.files(plan("https://\(host)")) }
            #expect(try !kind.files(plan("https://\(host)") { $0.tls = certificate }).isEmpty)
        }
    }

    @Test(
        "rounds the largest upload up to whole MiB, with 1 MiB for what is around it",
        arguments: [(0, 1), (1, 2), (1_048_576, 2), (1_048_577, 3), (100 * 1_048_576, 101)])
    func body(bytes: Int, mebibytes: Int) throws {
        #expect(try plan { $0.bodyBytesMax = bytes }.bodyMebibytes == mebibytes)
    }

    @Test("compares versions by their numbers")
    func versions() throws {
        #expect(try #require(ProxyVersion("1.25.1")) > #require(ProxyVersion("1.9.15")))
        #expect(try #require(ProxyVersion("v2.7")) == #require(ProxyVersion("2.7.0")))
        for text in ["", "1.", ".1", "1..2", "nginx/1.2", "1.2-rc", "1.2.3.4.5", "999999"] {
            #expect(ProxyVersion(text) == nil)
        }
    }
}
