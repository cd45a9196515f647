package import Proxy

/// Which proxy stands in front, as far as its traces tell. A guess: whoever knows better says so with `--proxy`.
package struct ProxyGuess: Hashable, Sendable {
    package let kind: ProxyKind?
    /// For people.
    package let name: String

    package init(known kind: ProxyKind) {
        self.kind = kind
        name = kind.rawValue
    }

    /// - Parameters:
    ///   - answer: the headers of answers, as they came here.
    ///   - arrived: the headers of requests, as they came to the server.
    package init(answer: [(name: String, value: String)], arrived: [[String]]) {
        func answered(_ name: String) -> String {
            answer.filter { $0.name.lowercased() == name }.map { $0.value.lowercased() }.joined(separator: " ")
        }
        let names = arrived.compactMap(\.first)
        let lower = Set(names.map { $0.lowercased() })
        let server = answered("server") + " " + answered("via")
        let edge: (ProxyKind, String)? =
            if !answered("cf-ray").isEmpty || server.contains("cloudflare") {
                (.cloudflared, "Cloudflare")
            } else if !answered("ngrok-error-code").isEmpty || lower.contains("ngrok-skip-browser-warning") {
                (.ngrok, "ngrok")
            } else {
                nil
            }
        let inner: (ProxyKind, String)? =
            if server.contains("nginx") {
                (.nginx, "nginx")
            } else if server.contains("apache") {
                (.apache, "Apache")
            } else if server.contains("caddy") {
                (.caddy, "Caddy")
            } else if lower.contains("x-forwarded-server") {
                // Both send it; Apache names itself in its answers unless somebody forbade that.
                lower.contains("x-real-ip") ? (.traefik, "Traefik") : (.apache, "Apache")
            } else if names.contains("x-forwarded-for") || names.contains("x-forwarded-proto") {
                // It alone writes names in lower case over HTTP/1.1.
                (.haproxy, "HAProxy")
            } else {
                nil
            }
        kind = inner?.0 ?? edge?.0
        switch (inner, edge) {
        case (let inner?, let edge?): name = "\(inner.1) behind \(edge.1)"
        case (let inner?, nil): name = inner.1
        case (nil, let edge?): name = edge.1
        case (nil, nil): name = "an unknown proxy"
        }
    }
}
