extension Cure {
    var caddy: String? {
        switch self {
        case .upgrade, .upgradeEverywhere, .plainConnection:
            "reverse_proxy 127.0.0.1:8080 without header_up of Upgrade or Connection"
        case .host: "no header_up Host"
        case .scheme: "no header_up X-Forwarded-Proto: reverse_proxy sends it by itself"
        case .innerScheme:
            "servers { trusted_proxies static RANGES } in the global options, with the outer proxy's address"
        case .forwardedFor: "no header_up X-Forwarded-For: reverse_proxy sends it by itself"
        case .path, .query: "reverse_proxy 127.0.0.1:8080 without rewrite, uri or handle_path"
        case .authorization: "no header_up Authorization, and no respond for OPTIONS or HEAD"
        case .origin: "no header_up Origin"
        case .upstream: "reverse_proxy 127.0.0.1:8080 with the address of the setting listen"
        case .upstreamScheme: "reverse_proxy https://… where the server has tls-certificate, else http://"
        case .upstreamVersion: "transport http { versions 1.1 }"
        case .preamble: "no proxy_protocol in transport http, unless the server has proxy-protocol"
        case .bodyLimit: "request_body { max_size 110MB }"
        case .lifetime: "no stream_timeout in reverse_proxy"
        case .idleTime: "no idle_timeout and no read_timeout in transport http"
        case .slowUpload: "servers { timeouts { read_body 30m } } in the global options"
        case .streams: "flush_interval -1, and no response_buffers"
        case .ownHeaders: "no header and no header_down for this host"
        case .cookies: "no header_down Set-Cookie"
        case .caching: "no header_down Cache-Control and no cache for this host"
        case .rewriting: "no replace and no templates for this host"
        case .subprotocol: "no header_up or header_down of Sec-WebSocket-Protocol"
        case .chain: "tls …/fullchain.pem …/privkey.pem, or nothing at all: Caddy gets certificates by itself"
        case .siteName: "the public URL's host in front of the braces"
        case .login: "no basic_auth and no forward_auth for this host"
        case .socketPath: "no redir and no handle for /ws"
        case .challengePath: "no auto_https off: Caddy answers the challenge by itself"
        case .family: "no bind: Caddy listens on IPv4 and IPv6 by itself"
        default: nil
        }
    }
}
