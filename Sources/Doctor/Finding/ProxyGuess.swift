import Foundation
package import Proxy

/// Which proxies stand in front, as far as their traces tell. A guess: whoever knows better says so with `--proxy`.
package struct ProxyGuess: Hashable, Sendable {
    /// The one nearest to the server, whose configuration is the one to change.
    package let kind: ProxyKind?
    package let edge: Edge?
    /// Whether there are two at least.
    package let isChain: Bool
    /// For people.
    package let name: String

    package init(known kind: ProxyKind) {
        self.kind = kind
        edge = nil
        isChain = false
        name = kind.rawValue
    }

    /// - Parameters:
    ///   - answer: the headers of answers, as they came here.
    ///   - arrived: the headers of requests, as they came to the server.
    ///   - pages: texts of answers that the server did not give.
    package init(answer: [(name: String, value: String)], arrived: [[String]], pages: [String] = []) {
        func answered(_ name: String) -> String {
            answer.filter { $0.name.lowercased() == name }.map { $0.value.lowercased() }.joined(separator: " ")
        }
        let (server, via) = (answered("server"), answered("via"))
        let names = Set(arrived.compactMap { $0.first?.lowercased() })
        let edge: Edge? =
            if !answered("cf-ray").isEmpty || (server + via).contains("cloudflare") {
                .cloudflare
            } else if !answered("ngrok-error-code").isEmpty || names.contains("ngrok-skip-browser-warning") {
                .ngrok
            } else if server.contains("awselb") || names.contains("x-amzn-trace-id") {
                .loadBalancer
            } else {
                nil
            }
        let named = [Self.named(in: server), Self.named(in: via), Self.named(by: pages)].compactMap(\.self)
        let proxy = Self.nearest(arrived) ?? named.first
        let outer = named.first { $0 != proxy }
        self.edge = edge
        kind = proxy ?? edge?.kind
        isChain = outer != nil || (edge != nil && proxy != nil)
        name =
            switch (proxy.map(Self.title), edge?.rawValue) {
            case (let kind?, let edge?): "\(kind) behind \(edge)"
            case (let kind?, nil): outer.map { "\(kind) behind \(Self.title($0))" } ?? kind
            case (nil, let edge?): edge
            case (nil, nil): "an unknown proxy"
            }
    }

    /// What the proxy that speaks to the server gives away by how it asks.
    private static func nearest(_ arrived: [[String]]) -> ProxyKind? {
        let names = arrived.compactMap(\.first)
        let lower = Set(names.map { $0.lowercased() })
        let via = arrived.filter { $0.first?.lowercased() == "via" }.compactMap(\.last).joined(separator: " ")
        // Apache sends it too, and no `X-Real-Ip` by itself.
        if lower.contains("x-forwarded-server") { return lower.contains("x-real-ip") ? .traefik : .apache }
        // It alone writes names in lower case over HTTP/1.1; ours are not.
        let isForwarded = names.contains { $0 == "x-forwarded-for" || $0 == "x-forwarded-proto" }
        if isForwarded || names.contains("user-agent") { return .haproxy }
        // Go sorts what it sends; a name in `Via` alone may be an outer one's.
        let sorted = names.filter { !["Host", "User-Agent", "Content-Length", "Accept-Encoding"].contains($0) }
        return via.lowercased().contains("caddy") && sorted == sorted.sorted() ? .caddy : nil
    }

    private static func named(in text: String) -> ProxyKind? {
        if text.contains("nginx") { return .nginx }
        if text.contains("apache") { return .apache }
        return text.contains("caddy") ? .caddy : nil
    }

    /// Two that do not name themselves, by the words of their error pages.
    private static func named(by pages: [String]) -> ProxyKind? {
        for page in pages {
            if page.hasPrefix("<html><body><h1>"), page.contains("</h1>\n") { return .haproxy }
            let text = page.lowercased().trimmingCharacters(in: .whitespacesAndNewlines)
            let words = ["bad gateway", "gateway timeout", "404 page not found", "401 unauthorized"]
            // Caddy is written in Go as well, and names itself.
            if words.contains(text) || text.hasPrefix("400 bad request: ") { return .traefik }
        }
        return nil
    }

    private static func title(_ kind: ProxyKind) -> String {
        switch kind {
        case .apache: "Apache"
        case .caddy: "Caddy"
        case .haproxy: "HAProxy"
        case .traefik: "Traefik"
        default: kind.rawValue
        }
    }
}
