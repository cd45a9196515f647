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
            (
                [("Server", "nginx"), ("Via", "1.1 Caddy")], [["Via", "1.1 Caddy"], ["Accept", "*"]],
                "nginx behind Caddy", .nginx
            ),
            (
                [("Server", "nginx"), ("Via", "1.1 Caddy")], [["Accept", "*"], ["Via", "1.1 Caddy"]],
                "Caddy behind nginx", .caddy
            ),
            (
                [("Server", "nginx")], [["X-Real-Ip", "1"], ["X-Forwarded-Server", "x"]], "Traefik behind nginx",
                .traefik
            ),
            ([], [["User-Agent", "x"], ["X-Amzn-Trace-Id", "Root=1"]], "an AWS load balancer", nil),
            ([("ngrok-error-code", "ERR_NGROK_8012")], [], "ngrok", .ngrok),
        ] as [([(String, String)], [[String]], String, ProxyKind?)])
    func traces(answer: [(String, String)], arrived: [[String]], name: String, kind: ProxyKind?) {
        let guess = ProxyGuess(answer: answer.map { (name: $0.0, value: $0.1) }, arrived: arrived)
        #expect(guess.name == name)
        #expect(guess.kind == kind)
    }

    @Test(
        "is told by how it refuses, where nothing else tells",
        arguments: [
            ("<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.", ProxyKind.haproxy),
            ("404 page not found\n", .traefik), ("400 Bad Request: malformed MIME header", .traefik),
            ("<html>\n<h1>Welcome</h1>", nil),
        ] as [(String, ProxyKind?)])
    func pages(page: String, kind: ProxyKind?) {
        #expect(ProxyGuess(answer: [], arrived: [], pages: [page]).kind == kind)
    }

    @Test("has the file and the line of the proxy nearest to the server, and what to do at the edge")
    func place() {
        let guess = ProxyGuess(
            answer: [(name: "Server", value: "nginx")], arrived: [["X-Amzn-Trace-Id", "Root=1"]])
        let text = Cure.idleTime.text(for: guess)
        #expect(text.contains("/etc/nginx/conf.d/parley.conf: proxy_read_timeout 3600s"))
        #expect(text.contains("idle_timeout.timeout_seconds"))
    }

    @Test("has a line to change for each fault, and where nobody knows it a sentence", arguments: Cure.allCases)
    func cures(cure: Cure) {
        let unknown = cure.text(for: ProxyGuess(answer: [], arrived: []))
        let known = cure.text(for: ProxyGuess(known: .nginx))
        #expect(unknown.contains("proxy-config NAME"))
        #expect(known.contains("nginx") && known != unknown)
    }
}
