extension Cure {
    var apache: String? {
        switch self {
        case .upgrade, .upgradeEverywhere, .plainConnection:
            "ProxyPass \"/\" \"http://127.0.0.1:8080/\" upgrade=websocket timeout=3600, and no ProxyPass or Location for /ws behind or beside it"
        case .host: "ProxyPreserveHost On"
        case .scheme: "RequestHeader set X-Forwarded-Proto \"expr=%{REQUEST_SCHEME}\""
        case .innerScheme: "RequestHeader setifempty X-Forwarded-Proto \"expr=%{REQUEST_SCHEME}\""
        case .forwardedFor: "ProxyAddHeaders On, and no RequestHeader for X-Forwarded-For but unset … early"
        case .overwriteForwardedFor: "RequestHeader unset X-Forwarded-For early"
        case .oneSetOfHeaders: "put the RequestHeader lines into the VirtualHost, not into a Location"
        case .path, .query: "ProxyPass \"/\" \"http://127.0.0.1:8080/\" with a slash at both ends"
        case .authorization: "no RequestHeader unset Authorization, and no RewriteRule for OPTIONS or HEAD"
        case .origin: "no RequestHeader for Origin"
        case .upstream: "ProxyPass \"/\" \"http://127.0.0.1:8080/\" with the address of the setting listen"
        case .upstreamScheme:
            "ProxyPass \"/\" \"http://127.0.0.1:8080/\" with http:// and not https://, unless the server has tls-certificate"
        case .preamble: "no RemoteIPProxyProtocol, unless whoever is in front sends it"
        case .bodyLimit: "LimitRequestBody 115343360"
        case .headerLimit: "LimitRequestFieldSize 16380"
        case .idleTime: "ProxyPass … upgrade=websocket timeout=3600"
        case .slowUpload: "RequestReadTimeout body=60,MinRate=1"
        case .streams: "no SetOutputFilter DEFLATE for text/event-stream, and flushpackets=on at ProxyPass"
        case .ownHeaders: "no Header set, add or unset for this host"
        case .cookies: "no Header edit of Set-Cookie, no ProxyPassReverseCookieDomain or ProxyPassReverseCookiePath"
        case .caching: "no CacheEnable, and no Header set Cache-Control for this host"
        case .rewriting: "no AddOutputFilterByType SUBSTITUTE for this host"
        case .upgradeAdvertised: "H2Upgrade off, or Header unset Upgrade"
        case .chain: "SSLCertificateFile …/fullchain.pem"
        case .siteName: "ServerName with the public URL's host"
        case .login: "no AuthType and no Require for this host"
        case .firewall: "SecRuleEngine Off for this VirtualHost"
        case .socketPath: "no Redirect and no RewriteRule for /ws"
        case .family: "Listen 443, without an address"
        case .redirects: "ProxyPassReverse \"/\" \"http://127.0.0.1:8080/\", and no Redirect to another host"
        default: nil
        }
    }
}
