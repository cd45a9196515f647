import Proxy

/// What to change where a proxy does something wrong, for each proxy that is known here the line and its file.
package enum Cure: String, CaseIterable, Sendable {
    /// How requests are passed on.
    case upgrade, upgradeEverywhere, plainConnection, host, scheme, innerScheme, forwardedFor, overwriteForwardedFor
    case oneSetOfHeaders, path, query, authorization, origin, upstream, upstreamScheme, upstreamVersion, preamble
    /// How much passes, and for how long.
    case bodyLimit, headerLimit, chunks, idleTime, lifetime, slowUpload, streams
    /// What is done to answers.
    case ownHeaders, cookies, caching, rewriting, redirects, subprotocol, extensions, upgradeAdvertised
    /// Who is let in.
    case chain, siteName, login, firewall, socketPath, challengePath, family, methods

    package func text(for proxy: ProxyGuess) -> String {
        let lines = [proxy.kind.flatMap(located(for:)), proxy.edge.flatMap(line(atEdge:))].compactMap(\.self)
        let change = lines.isEmpty ? general : lines.joined(separator: "; ")
        let command = proxy.kind.map { "parley proxy-config \($0.rawValue)" } ?? "parley proxy-config NAME"
        return "\(change)  (the whole configuration: \(command))"
    }

    /// The line, and where `parley proxy-config` and Debian have it.
    private func located(for proxy: ProxyKind) -> String? {
        switch proxy {
        case .nginx: nginx.map { "nginx, in /etc/nginx/conf.d/parley.conf: \($0)" }
        case .apache: apache.map { "Apache, in /etc/apache2/sites-available/parley.conf: \($0)" }
        case .caddy: caddy.map { "Caddy, in /etc/caddy/Caddyfile: \($0)" }
        case .haproxy: haproxy.map { "HAProxy, in /etc/haproxy/haproxy.cfg: \($0)" }
        case .traefik: traefik.map { "Traefik, in /etc/traefik/\($0)" }
        case .ngrok: line(atEdge: .ngrok)
        case .cloudflared: line(atEdge: .cloudflare)
        case .kubernetes: kubernetes
        default: nil
        }
    }

    private var kubernetes: String? {
        switch self {
        case .bodyLimit: "ingress-nginx: nginx.ingress.kubernetes.io/proxy-body-size: 110m"
        case .idleTime: "ingress-nginx: nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\""
        case .upgrade: "Gateway API: appProtocol: kubernetes.io/ws at the port of the Service"
        default: nil
        }
    }

    private func line(atEdge edge: Edge) -> String? {
        switch (self, edge) {
        case (.host, .ngrok): "ngrok: leave out --host-header"
        case (.upgrade, .cloudflare): "Cloudflare: Network, WebSockets: on"
        case (.caching, .cloudflare): "Cloudflare: Caching, Cache Rules: bypass for this host"
        case (.rewriting, .cloudflare): "Cloudflare: turn Rocket Loader and e-mail obfuscation off for this host"
        case (.bodyLimit, .cloudflare): "Cloudflare: the plan's limit is 100 MB at least; look at the proxies behind it"
        case (.upstream, .ngrok): "ngrok: ngrok http 127.0.0.1:8080, with the port of the setting listen"
        case (.idleTime, .loadBalancer):
            "AWS: aws elbv2 modify-load-balancer-attributes --attributes Key=idle_timeout.timeout_seconds,Value=4000"
        default: nil
        }
    }

    private var general: String {
        switch self {
        case .upgrade: "pass the headers Upgrade and Connection on, over HTTP/1.1"
        case .upgradeEverywhere: "pass the headers Upgrade and Connection on where /ws is served, too"
        case .plainConnection: "send Connection: upgrade only with requests that ask for it"
        case .host: "pass the Host on as it came, with its port"
        case .scheme: "send X-Forwarded-Proto with the scheme of the visitor's own connection"
        case .innerScheme: "let the inner proxy pass on the X-Forwarded-Proto of the outer one"
        case .forwardedFor: "send X-Forwarded-For with the visitor's address"
        case .overwriteForwardedFor: "overwrite X-Forwarded-For at the outermost proxy"
        case .oneSetOfHeaders: "put all header lines into the one location that serves both pages and sockets"
        case .path: "pass the path on as it came"
        case .query: "pass the path and the query on as they came"
        case .authorization: "pass Authorization on, and leave HEAD and OPTIONS to the server"
        case .origin: "pass Origin on as it came"
        case .upstream: "start the server; let the proxy use the address of the setting listen, http://127.0.0.1:8080"
        case .upstreamScheme: "use the scheme that the server speaks: https with tls-certificate, else http"
        case .upstreamVersion: "speak HTTP/1.1 to the server"
        case .preamble: "turn the PROXY protocol on at both ends, or at none (the server's setting is proxy-protocol)"
        case .bodyLimit: "raise the limit on request bodies at every hop"
        case .headerLimit: "let headers of 8 KB pass"
        case .chunks: "let bodies of unknown length (Transfer-Encoding: chunked) pass"
        case .idleTime: "raise the time that a connection may be idle to an hour"
        case .lifetime: "take off the limit on a request's whole time for this host"
        case .slowUpload: "raise the time that a request's body may take to some minutes"
        case .streams: "do not buffer or compress answers of the type text/event-stream"
        case .ownHeaders: "remove the proxy's own header lines for this host"
        case .cookies: "pass Set-Cookie on as it came"
        case .caching: "turn caching off for this host, and let the server's own Cache-Control pass"
        case .rewriting: "leave the text of pages as it is"
        case .redirects: "redirect to the public URL, or without a host"
        case .subprotocol: "pass Sec-WebSocket-Protocol on, in both directions"
        case .extensions: "leave Sec-WebSocket-Extensions to the server"
        case .upgradeAdvertised: "remove the header Upgrade from answers"
        case .chain: "serve the certificate with its whole chain"
        case .siteName: "look at the name's address, and at the proxy's server name for this host"
        case .login: "let this host through: the chat has a login of its own"
        case .firewall: "exempt this host from the firewall's rules: people may write whatever they like"
        case .socketPath: "serve /ws without a redirect, where the pages go"
        case .challengePath: "let /.well-known/acme-challenge/ through over http, before any redirect or login"
        case .family: "listen on IPv4 and IPv6, or take the address off the name"
        case .methods: "let POST requests pass for this host"
        }
    }
}
