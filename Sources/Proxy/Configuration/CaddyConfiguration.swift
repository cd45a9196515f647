/// For Caddy 2: a Caddyfile. WebSockets, the forwarded headers, the certificate and the way from http to https are
/// Caddy's own defaults.
/// Source: <https://caddyserver.com/docs/caddyfile/directives/reverse_proxy>
enum CaddyConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        [
            ConfigurationFile(name: "Caddyfile") {
                "# Parley behind Caddy: save as /etc/caddy/Caddyfile, then: systemctl reload caddy"
                if plan.publicURL.isSecure, !plan.endsTLS { "# http, since TLS ends at the proxy further out." }
                "\(address(plan)) {"
                ConfigurationLines.indented(4) {
                    if plan.endsTLS, case .files(let certificate, let key) = plan.tls {
                        """
                        # With the whole chain: phones do not fetch what is missing.
                        tls \(certificate) \(key)
                        """
                    }
                    if let directory = plan.staticDirectory { assets(directory, below: plan.publicURL.path) }
                    route(plan)
                }
                "}"
            }
        ]
    }

    private static func address(_ plan: ProxyPlan) -> String {
        let scheme = plan.endsTLS ? "https" : "http"
        let isUsualPort = plan.listenPort == (plan.endsTLS ? 443 : 80)
        return "\(scheme)://\(plan.publicURL.host)" + (isUsualPort ? "" : ":\(plan.listenPort)")
    }

    @ConfigurationLines
    private static func assets(_ directory: String, below path: String) -> [String] {
        """
        # Names that change with their content, which browsers may keep. Renew the folder with each new server.
        handle_path \(path)/static/* {
            root * \(directory)
            @there file
            header @there Cache-Control "public, max-age=31536000, immutable"
            header X-Content-Type-Options nosniff
            file_server
        }
        """
    }

    @ConfigurationLines
    private static func route(_ plan: ProxyPlan) -> [String] {
        let path = plan.publicURL.path
        if path.isEmpty {
            if plan.staticDirectory == nil {
                proxying(plan)
            } else {
                "handle {"
                ConfigurationLines.indented(4) { proxying(plan) }
                "}"
            }
        } else {
            """
            redir \(path) \(path)/ 308
            # handle keeps the path whole, handle_path would not.
            handle \(path)/* {
            """
            ConfigurationLines.indented(4) { proxying(plan) }
            "}"
        }
    }

    @ConfigurationLines
    private static func proxying(_ plan: ProxyPlan) -> [String] {
        "reverse_proxy \(upstream(plan)) {"
        ConfigurationLines.indented(4) {
            if !plan.isEdge {
                """
                # Without this, what the outer proxy says about the visitor is thrown away.
                trusted_proxies \(plan.outerRanges.map(\.description).joined(separator: " "))
                """
            }
            """
            # Event streams pass as they come.
            flush_interval -1
            """
            // Debian 12 has 2.6, which would refuse the whole file.
            if plan.version.map({ $0 >= ProxyVersion(2, 7) }) ?? false {
                """
                # A reload does not cut all sockets at once.
                stream_close_delay 5m
                """
            }
        }
        "}"
    }

    private static func upstream(_ plan: ProxyPlan) -> String {
        switch plan.upstream {
        case .tcp: plan.upstreamAuthority ?? ""
        case .unix(let path): "unix/\(path)"
        }
    }
}
