/// For nginx: one file for `/etc/nginx/conf.d`.
/// Source: <https://nginx.org/en/docs/http/websocket.html>, <https://nginx.org/en/docs/http/ngx_http_proxy_module.html>
enum NginxConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        let certificate = try plan.certificateFiles(for: "nginx")
        return [
            ConfigurationFile(name: "parley.conf") {
                head(plan, certificate)
                maps(plan)
                ""
                if plan.redirectsToTLS { redirect(plan) + [""] }
                "server {"
                ConfigurationLines.indented(4) {
                    listening(plan, certificate)
                    if !plan.isEdge { realAddress(plan) }
                    locations(plan)
                }
                "}"
            }
        ]
    }

    @ConfigurationLines
    private static func head(_ plan: ProxyPlan, _ certificate: CertificateFiles?) -> [String] {
        """
        # Parley behind nginx: save as /etc/nginx/conf.d/parley.conf, then: nginx -t && systemctl reload nginx
        # Each open chat takes two connections of a worker. In nginx.conf, for more than some hundred people:
        #     worker_rlimit_nofile 16384;
        #     events { worker_connections 8192; }
        #     worker_shutdown_timeout 10m;   # ends the old workers that sockets keep alive after a reload
        """
        if let certificate, certificate.isFromCertbot {
            """
            # The certificate, before the first start; the hook has nginx read each renewed one:
            #     certbot certonly --standalone -d \(plan.publicURL.host) --deploy-hook "systemctl reload nginx"
            # Afterwards, for renewals without stopping nginx:
            #     certbot reconfigure --cert-name \(plan.publicURL.host) \
            --webroot -w \(CertificateFiles.challengeDirectory)
            """
        }
        ""
    }

    @ConfigurationLines
    private static func maps(_ plan: ProxyPlan) -> [String] {
        """
        # Only a request that asks for a WebSocket is passed on as one.
        map $http_upgrade $parley_connection {
            default upgrade;
            ''      close;
        }
        """
        if !plan.isEdge {
            """

            # Whether the connection comes from the outer proxy, whose word about the visitor counts.
            geo $realip_remote_addr $parley_is_outer {
                default 0;
            """
            for range in plan.outerRanges { "    \(range) 1;" }
            """
            }

            # What the visitor's browser spoke, which only the outer proxy knows; some say wss for sockets.
            map $parley_is_outer:$http_x_forwarded_proto $parley_scheme {
                default $scheme;
                1:https https;
                1:wss   https;
                1:http  http;
                1:ws    http;
            }
            """
        }
    }

    @ConfigurationLines
    private static func redirect(_ plan: ProxyPlan) -> [String] {
        """
        server {
            listen 80;
            listen [::]:80;
            server_name \(plan.publicURL.host);

            # Here the certificate's authority looks for its answer, over http.
            location ^~ \(CertificateFiles.challengePath) {
                root \(CertificateFiles.challengeDirectory);
            }
            location / {
                return 308 \(plan.publicURL.origin)$request_uri;
            }
        }
        """
    }

    @ConfigurationLines
    private static func listening(_ plan: ProxyPlan, _ certificate: CertificateFiles?) -> [String] {
        // `http2` as a parameter of `listen` works in all versions; the directive is newer.
        let hasDirective = plan.version.map { $0 >= ProxyVersion(1, 25, 1) } ?? false
        let parameters = certificate == nil ? "" : hasDirective ? " ssl" : " ssl http2"
        """
        listen \(plan.listenPort)\(parameters);
        listen [::]:\(plan.listenPort)\(parameters);
        """
        if certificate != nil, hasDirective { "http2 on;" }
        "server_name \(plan.publicURL.host);"
        if let certificate {
            """

            # With the whole chain: phones do not fetch what is missing.
            ssl_certificate \(certificate.certificate);
            ssl_certificate_key \(certificate.key);
            ssl_protocols TLSv1.2 TLSv1.3;
            """
        }
        """

        # Redirects of nginx itself would name its own port, which people may not reach.
        absolute_redirect off;
        # nginx refuses more than 1 MiB by default. Every nginx in the way needs this line.
        client_max_body_size \(plan.bodyMebibytes)m;

        """
    }

    @ConfigurationLines
    private static func realAddress(_ plan: ProxyPlan) -> [String] {
        "# The visitor's address, as the outer proxy tells it, and nobody else."
        for range in plan.outerRanges { "set_real_ip_from \(range);" }
        """
        real_ip_header X-Forwarded-For;
        real_ip_recursive on;

        """
    }

    @ConfigurationLines
    private static func locations(_ plan: ProxyPlan) -> [String] {
        let path = plan.publicURL.path
        if let directory = plan.staticDirectory {
            let folder = directory.hasSuffix("/") ? directory : directory + "/"
            """
            # Names that change with their content, which browsers may keep. Renew the folder with each new server.
            location \(path)/static/ {
                alias \(folder);
                add_header Cache-Control "public, max-age=31536000, immutable";
                add_header X-Content-Type-Options nosniff;
            }
            """
        }
        if !path.isEmpty {
            """
            location = \(path) {
                return 308 \(path)/$is_args$args;
            }
            """
        }
        "location \(path)/ {"
        ConfigurationLines.indented(4) { proxying(plan) }
        "}"
    }

    @ConfigurationLines
    private static func proxying(_ plan: ProxyPlan) -> [String] {
        if !plan.publicURL.path.isEmpty { "# Nothing behind the port, so that the path arrives whole." }
        "proxy_pass \(upstream(plan.upstream));"
        """
        proxy_http_version 1.1;

        # All headers in one place: a single proxy_set_header further in would drop all of these.
        # $http_host has the port, which $host has not.
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $parley_connection;
        proxy_set_header X-Real-IP $remote_addr;
        """
        if plan.isEdge {
            """
            # Overwritten, not added to: what a visitor says of their own address is worth nothing.
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            """
        } else {
            """
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $parley_scheme;
            """
        }
        """
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header Forwarded "";

        # The server pings quiet sockets; this is for when it cannot.
        proxy_read_timeout \(plan.silenceSeconds)s;
        proxy_send_timeout \(plan.silenceSeconds)s;
        # Event streams and uploads pass as they come.
        proxy_buffering off;
        proxy_request_buffering off;
        """
    }

    private static func upstream(_ upstream: ProxyPlan.Upstream) -> String {
        switch upstream {
        case .tcp(let host, let port):
            "http://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)"
        case .unix(let path): "http://unix:\(path)"
        }
    }
}
