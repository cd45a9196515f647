/// For HAProxy 2.4 and later: a whole `haproxy.cfg`.
/// Source: <https://docs.haproxy.org/2.6/configuration.html>
enum HAProxyConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try plan.refuseStaticDirectory(for: "HAProxy")
        let certificate = try plan.certificateFiles(for: "HAProxy")
        return [
            ConfigurationFile(name: "haproxy.cfg") {
                head(plan, certificate)
                general(plan)
                ""
                "frontend people"
                ConfigurationLines.indented(4) { frontend(plan, hasCertificate: certificate != nil) }
                """

                backend parley
                    # Over HTTP/1.1, where an upgrade to WebSocket is.
                    server parley \(upstream(plan))
                """
                if plan.redirectsToTLS {
                    """

                    backend certbot
                        server certbot 127.0.0.1:\(certbotPort)
                    """
                }
            }
        ]
    }

    @ConfigurationLines
    private static func head(_ plan: ProxyPlan, _ certificate: CertificateFiles?) -> [String] {
        let host = plan.publicURL.host
        """
        # Parley behind HAProxy: save as /etc/haproxy/haproxy.cfg, then: haproxy -c -f /etc/haproxy/haproxy.cfg
        """
        if let certificate {
            """
            # HAProxy reads the certificate, its chain and the key from one file, to be made anew at each renewal:
            #     cat \(certificate.certificate) \(certificate.key) > \(pemPath(plan))
            """
            if certificate.isFromCertbot {
                """
                # certbot answers its authority through HAProxy:
                #     certbot certonly --standalone --http-01-port \(certbotPort) -d \(host)
                """
            }
        }
        ""
    }

    @ConfigurationLines
    private static func general(_ plan: ProxyPlan) -> [String] {
        """
        global
            log stdout format raw local0
            # Each open chat takes two connections. HAProxy has as many as its limit on open files allows; to have
            # more, raise LimitNOFILE of its unit.
            # Browsers then open sockets over HTTP/1.1, which all of them do right.
            h2-workaround-bogus-websocket-clients
        """
        if plan.endsTLS { "    ssl-default-bind-options ssl-min-ver TLSv1.2" }
        """

        defaults
            mode http
            log global
            option httplog
            option dontlognull
            timeout connect 5s
            timeout client 60s
            timeout server 60s
            timeout http-request 10s
            # Of sockets, in both directions; the server pings quiet ones, this is for when it cannot. 0 is not endless.
            timeout tunnel \(plan.silenceSeconds)s
            # A phone that vanished does not hold its connection for as long.
            timeout client-fin 30s
        """
    }

    @ConfigurationLines
    private static func frontend(_ plan: ProxyPlan, hasCertificate: Bool) -> [String] {
        let path = plan.publicURL.path
        let tls = hasCertificate ? " ssl crt \(pemPath(plan)) alpn h2,http/1.1" : ""
        """
        # Apart, since one socket for both would write IPv4 addresses as ::ffff:192.0.2.1.
        bind :\(plan.listenPort)\(tls)
        bind :::\(plan.listenPort) v6only\(tls)
        """
        if plan.redirectsToTLS {
            """
            bind :80
            bind :::80 v6only
            # Here the certificate's authority looks for its answer, over http; all else moves to https.
            acl is_challenge path_beg \(CertificateFiles.challengePath)
            http-request redirect prefix \(plan.publicURL.origin) code 308 unless { ssl_fc } || is_challenge
            """
        }
        ""
        if plan.isEdge {
            """
            # What a visitor says of their own address is worth nothing; HAProxy adds lines, and would keep theirs.
            http-request del-header X-Forwarded-For
            http-request set-header X-Forwarded-Proto https if { ssl_fc }
            http-request set-header X-Forwarded-Proto http unless { ssl_fc }
            """
        } else {
            "# Only the outer proxy's word about the visitor counts."
            "acl is_outer src \(plan.outerRanges.map(\.description).joined(separator: " "))"
            """
            http-request del-header X-Forwarded-For unless is_outer
            http-request del-header X-Forwarded-Proto unless is_outer
            acl has_scheme req.hdr(X-Forwarded-Proto) -m found
            http-request set-header X-Forwarded-Proto https if { ssl_fc } !has_scheme
            http-request set-header X-Forwarded-Proto http if !{ ssl_fc } !has_scheme
            """
        }
        """
        http-request del-header Forwarded
        http-request set-header X-Forwarded-Host %[req.hdr(host)]
        option forwardfor

        """
        if !path.isEmpty { "http-request redirect location \(path)/ code 308 if { path \(path) }" }
        if plan.redirectsToTLS { "use_backend certbot if is_challenge !{ ssl_fc }" }
        path.isEmpty ? "default_backend parley" : "use_backend parley if { path_beg \(path)/ }"
    }

    private static func upstream(_ plan: ProxyPlan) -> String {
        switch plan.upstream {
        case .tcp: plan.upstreamAuthority ?? ""
        case .unix(let path): "unix@\(path)"
        }
    }

    private static func pemPath(_ plan: ProxyPlan) -> String {
        "/etc/haproxy/certs/\(plan.publicURL.host.filter { !"[]:".contains($0) }).pem"
    }

    private static let certbotPort = 8402
}
