extension Cure {
    var nginx: String? {
        switch self {
        case .upgrade:
            "in the location that serves the chat: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $parley_connection; with a map of $http_upgrade"
        case .upgradeEverywhere:
            "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $parley_connection; in the one location that serves both pages and /ws"
        case .plainConnection: "proxy_set_header Connection $parley_connection; with a map of $http_upgrade"
        case .host: "proxy_set_header Host $http_host;"
        case .scheme: "proxy_set_header X-Forwarded-Proto $scheme;"
        case .innerScheme:
            "map $http_x_forwarded_proto $parley_scheme { default $scheme; https https; } and proxy_set_header X-Forwarded-Proto $parley_scheme;"
        case .forwardedFor: "proxy_set_header X-Forwarded-For $remote_addr;"
        case .overwriteForwardedFor: "proxy_set_header X-Forwarded-For $remote_addr; (not $proxy_add_x_forwarded_for)"
        case .oneSetOfHeaders:
            "put all proxy_set_header lines into the one location that serves both; one line further in drops all others"
        case .path: "proxy_pass http://127.0.0.1:8080; without a path or a slash behind the port"
        case .query: "proxy_pass http://127.0.0.1:8080; without a variable, a path or a regular expression"
        case .authorization: "no proxy_set_header Authorization, and no return for OPTIONS or HEAD"
        case .origin: "no proxy_set_header Origin"
        case .upstream: "proxy_pass http://127.0.0.1:8080; with the address of the setting listen"
        case .upstreamScheme: "proxy_pass https:// where the server has tls-certificate, else proxy_pass http://"
        case .upstreamVersion: "proxy_http_version 1.1;"
        case .preamble: "no proxy_protocol at listen, unless whoever is in front sends it"
        case .bodyLimit: "client_max_body_size 110m; in every nginx on the way"
        case .headerLimit: "large_client_header_buffers 4 16k;"
        case .chunks: "proxy_http_version 1.1; proxy_request_buffering off; and no proxy_pass_request_body off"
        case .idleTime: "proxy_read_timeout 3600s; proxy_send_timeout 3600s;"
        case .slowUpload: "client_body_timeout 60s;"
        case .streams:
            "proxy_buffering off; and neither proxy_ignore_headers X-Accel-Buffering nor gzip for text/event-stream"
        case .ownHeaders: "no add_header and no proxy_hide_header for this host"
        case .cookies:
            "no proxy_hide_header Set-Cookie, no proxy_cookie_flags, proxy_cookie_domain or proxy_cookie_path"
        case .caching: "proxy_cache off; and neither proxy_ignore_headers nor add_header of Cache-Control"
        case .rewriting: "no sub_filter for this host"
        case .redirects: "absolute_redirect off; in the server block"
        case .subprotocol: "no proxy_hide_header and no proxy_set_header of Sec-WebSocket-Protocol"
        case .extensions: "no add_header Sec-WebSocket-Extensions"
        case .upgradeAdvertised: "proxy_hide_header Upgrade;"
        case .chain: "ssl_certificate …/fullchain.pem; (not cert.pem)"
        case .siteName: "server_name with the public URL's host, and nothing but location / for the chat"
        case .login: "no auth_basic, no auth_request and no return for this host"
        case .firewall: "modsecurity off; for this host, and no limit_except"
        case .socketPath: "no location for /ws of its own: location / serves it without a redirect"
        case .challengePath: "location ^~ /.well-known/acme-challenge/ { root /var/www/html; } in the server on port 80"
        case .family: "listen 443 ssl; and listen [::]:443 ssl;"
        case .methods: "no limit_except: let POST requests pass for this host"
        case .lifetime: nil
        }
    }
}
