import Proxy

/// The line to change, for each proxy that is known here.
package enum Cure: String, CaseIterable, Sendable {
    case upgrade, host, scheme, forwardedFor, overwriteForwardedFor, bodyLimit, idleTime, chain

    package func text(for proxy: ProxyGuess) -> String {
        let change = proxy.kind.flatMap(line(for:)) ?? general
        let command = proxy.kind.map { "parley proxy-config \($0.rawValue)" } ?? "parley proxy-config NAME"
        return "\(change)  (the whole configuration: \(command))"
    }

    private var general: String {
        switch self {
        case .upgrade: "pass the headers Upgrade and Connection on, over HTTP/1.1"
        case .host: "pass the Host on as it came, with its port"
        case .scheme: "send X-Forwarded-Proto with the scheme of the visitor's own connection"
        case .forwardedFor: "send X-Forwarded-For with the visitor's address"
        case .overwriteForwardedFor: "overwrite X-Forwarded-For at the outermost proxy"
        case .bodyLimit: "raise the limit on request bodies at every hop"
        case .idleTime: "raise the time that a connection may be idle to an hour"
        case .chain: "serve the certificate with its whole chain"
        }
    }

    private func line(for proxy: ProxyKind) -> String? {
        switch (self, proxy) {
        case (.upgrade, .nginx):
            "nginx, in the location that serves the chat: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $parley_connection; with a map of $http_upgrade"
        case (.upgrade, .apache): "Apache: ProxyPass \"/\" \"http://127.0.0.1:8080/\" upgrade=websocket"
        case (.host, .nginx): "nginx: proxy_set_header Host $http_host;"
        case (.host, .apache): "Apache: ProxyPreserveHost On"
        case (.host, .ngrok): "ngrok: leave out --host-header"
        case (.host, .caddy): "Caddy: no header_up Host"
        case (.scheme, .nginx):
            "nginx: proxy_set_header X-Forwarded-Proto $scheme; behind another proxy: map its own value on"
        case (.scheme, .apache): "Apache: RequestHeader set X-Forwarded-Proto \"expr=%{REQUEST_SCHEME}\""
        case (.scheme, .haproxy): "HAProxy: http-request set-header X-Forwarded-Proto https if { ssl_fc }"
        case (.scheme, .traefik): "Traefik, behind another proxy: entryPoints.NAME.forwardedHeaders.trustedIPs"
        case (.scheme, .caddy): "Caddy, behind another proxy: servers { trusted_proxies static RANGES }"
        case (.forwardedFor, .nginx): "nginx: proxy_set_header X-Forwarded-For $remote_addr;"
        case (.forwardedFor, .haproxy): "HAProxy: option forwardfor"
        case (.overwriteForwardedFor, .nginx):
            "nginx: proxy_set_header X-Forwarded-For $remote_addr; (not $proxy_add_x_forwarded_for)"
        case (.overwriteForwardedFor, .apache): "Apache: RequestHeader unset X-Forwarded-For early"
        case (.overwriteForwardedFor, .haproxy):
            "HAProxy: http-request del-header X-Forwarded-For, before option forwardfor"
        case (.bodyLimit, .nginx): "nginx: client_max_body_size 110m; in every nginx on the way"
        case (.bodyLimit, .apache): "Apache: LimitRequestBody 115343360"
        case (.bodyLimit, .kubernetes): "ingress-nginx: nginx.ingress.kubernetes.io/proxy-body-size: 110m"
        case (.idleTime, .nginx): "nginx: proxy_read_timeout 3600s; proxy_send_timeout 3600s;"
        case (.idleTime, .apache): "Apache: ProxyPass … upgrade=websocket timeout=3600"
        case (.idleTime, .haproxy): "HAProxy, in defaults: timeout tunnel 1h"
        case (.chain, .nginx): "nginx: ssl_certificate …/fullchain.pem; (not cert.pem)"
        case (.chain, .apache): "Apache: SSLCertificateFile …/fullchain.pem"
        case (.chain, .haproxy): "HAProxy: the file of crt has the chain behind the certificate, then the key"
        default: nil
        }
    }
}
