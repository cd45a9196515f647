extension Cure {
    /// The file's name first: some of it belongs into the static configuration, which is read once.
    var traefik: String? {
        switch self {
        case .upgrade, .upgradeEverywhere, .plainConnection:
            "parley.yml: no customRequestHeaders of Upgrade or Connection"
        case .host: "parley.yml: loadBalancer without passHostHeader: false"
        case .scheme: "parley.yml: no customRequestHeaders of X-Forwarded-Proto"
        case .innerScheme: "traefik.yml: entryPoints.NAME.forwardedHeaders.trustedIPs with the outer proxy's address"
        case .forwardedFor: "parley.yml: no customRequestHeaders of X-Forwarded-For"
        case .path, .query: "parley.yml: no addPrefix, stripPrefix or replacePath in the router's middlewares"
        case .authorization:
            "parley.yml: no customRequestHeaders of Authorization, and basicAuth with removeHeader: false"
        case .origin: "parley.yml: no customRequestHeaders of Origin"
        case .upstream: "parley.yml: servers: - url: \"http://127.0.0.1:8080\" with the address of the setting listen"
        case .upstreamScheme: "parley.yml: url: \"https://…\" where the server has tls-certificate, else \"http://…\""
        case .upstreamVersion: "parley.yml: url: \"http://…\" and not \"h2c://…\""
        case .preamble: "traefik.yml: no proxyProtocol at the entry point, unless whoever is in front sends it"
        case .bodyLimit: "parley.yml: buffering with maxRequestBodyBytes: 115343360, or no buffering at all"
        case .idleTime: "traefik.yml: entryPoints.NAME.transport.respondingTimeouts.idleTimeout: 1h"
        case .slowUpload: "traefik.yml: entryPoints.NAME.transport.respondingTimeouts.readTimeout: 30m"
        case .streams: "parley.yml: no buffering and no compress in the router's middlewares"
        case .ownHeaders: "parley.yml: no headers in the router's middlewares"
        case .cookies: "parley.yml: no customResponseHeaders of Set-Cookie, and no sticky cookie"
        case .caching: "parley.yml: no customResponseHeaders of Cache-Control"
        case .subprotocol: "parley.yml: no customRequestHeaders of Sec-WebSocket-Protocol"
        case .chain: "parley.yml: certFile: …/fullchain.pem"
        case .siteName: "parley.yml: rule: 'Host(`…`)' with the public URL's host"
        case .login: "parley.yml: no basicAuth and no forwardAuth in the router's middlewares"
        case .socketPath: "parley.yml: no redirectRegex and no router of its own for /ws"
        case .redirects: "traefik.yml: redirections.entryPoint.to with the public URL's port"
        case .family: "traefik.yml: address: \":443\", without an address"
        default: nil
        }
    }
}
