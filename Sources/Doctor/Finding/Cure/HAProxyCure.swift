extension Cure {
    var haproxy: String? {
        switch self {
        case .upgrade, .upgradeEverywhere, .plainConnection:
            "no del-header of Upgrade or Connection, no option httpclose"
        case .host: "no http-request set-header Host"
        case .innerScheme:
            "http-request set-header X-Forwarded-Proto http if !{ ssl_fc } !{ req.hdr(X-Forwarded-Proto) -m found }"
        case .scheme: "http-request set-header X-Forwarded-Proto https if { ssl_fc }"
        case .forwardedFor: "option forwardfor"
        case .overwriteForwardedFor: "http-request del-header X-Forwarded-For, before option forwardfor"
        case .oneSetOfHeaders: "put the http-request lines into the frontend that both pass"
        case .path, .query: "no http-request set-path, replace-path or set-uri"
        case .authorization: "no http-request del-header Authorization"
        case .origin: "no http-request set-header or del-header Origin"
        case .upstream: "server parley 127.0.0.1:8080 with the address of the setting listen"
        case .upstreamScheme: "server parley 127.0.0.1:8080 with ssl where the server has tls-certificate, else without"
        case .upstreamVersion: "server parley 127.0.0.1:8080 without proto h2, alpn h2 or ws h2"
        case .preamble:
            "server parley 127.0.0.1:8080 without send-proxy or send-proxy-v2, unless the server has proxy-protocol"
        case .bodyLimit: "no http-request deny by req.body_size or Content-Length"
        case .headerLimit: "tune.bufsize 32768 in global, and no http-request deny by the size of headers"
        case .chunks: "no http-request deny for Transfer-Encoding"
        case .idleTime: "timeout tunnel 1h in defaults"
        case .slowUpload: "no option http-buffer-request, and timeout client 60s in defaults"
        case .streams: "no compression for text/event-stream"
        case .ownHeaders: "no http-response set-header, add-header or del-header"
        case .cookies: "no http-response replace-header of Set-Cookie, and no cookie … rewrite"
        case .caching: "no http-request cache-use and no http-response set-header Cache-Control"
        case .subprotocol: "no del-header of Sec-WebSocket-Protocol"
        case .chain: "the file of crt has the chain behind the certificate, then the key"
        case .siteName: "the acl of this frontend has the public URL's host"
        case .login: "no http-request auth for this host"
        case .firewall: "no http-request deny by what a request's body says, and no option http-buffer-request"
        case .socketPath: "no http-request redirect for /ws"
        case .challengePath: "http-request redirect … unless is_challenge, before any other rule"
        case .redirects: "http-request redirect prefix with the public URL"
        case .family: "bind :443 and bind :::443 v6only"
        case .methods: "no http-request deny by METH_POST"
        default: nil
        }
    }
}
