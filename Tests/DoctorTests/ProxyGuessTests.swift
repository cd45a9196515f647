import Proxy
import Testing

@testable import Doctor

@Suite("Which proxy it is")
struct ProxyGuessTests {
    @Test(
        "is told by its traces",
        arguments: [
            ([("Server", "nginx/1.22.1")], [], "nginx", ProxyKind.nginx),
            ([("Server", "Apache")], [], "Apache", .apache), ([("Via", "1.1 Caddy")], [], "Caddy", .caddy),
            ([], [["X-Real-Ip", "1"], ["X-Forwarded-Server", "x"]], "Traefik", .traefik),
            ([], [["x-forwarded-for", "1"]], "HAProxy", .haproxy),
            ([("CF-RAY", "1"), ("Server", "cloudflare")], [], "Cloudflare", .cloudflared),
            ([("Server", "nginx"), ("cf-ray", "1")], [], "nginx behind Cloudflare", .nginx),
            ([], [], "an unknown proxy", nil),
        ] as [([(String, String)], [[String]], String, ProxyKind?)])
    func traces(answer: [(String, String)], arrived: [[String]], name: String, kind: ProxyKind?) {
        let guess = ProxyGuess(answer: answer.map { (name: $0.0, value: $0.1) }, arrived: arrived)
        #expect(guess.name == name)
        #expect(guess.kind == kind)
    }

    @Test("has a line to change for each fault, and where nobody knows it a sentence", arguments: Cure.allCases)
    func cures(cure: Cure) {
        let unknown = cure.text(for: ProxyGuess(answer: [], arrived: []))
        let known = cure.text(for: ProxyGuess(known: .nginx))
        #expect(unknown.contains("proxy-config NAME"))
        #expect(known.contains("nginx") && known != unknown)
    }
}
