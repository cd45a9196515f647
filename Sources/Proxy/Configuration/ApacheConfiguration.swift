/// For Apache httpd 2.4: one site.
/// Source: <https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#wsupgrade>,
/// <https://httpd.apache.org/docs/2.4/mod/mod_remoteip.html>
enum ApacheConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        let certificate = try plan.certificateFiles(for: "Apache")
        if !upgrades(plan), plan.upstreamAuthority == nil {
            throw PlanFault("Apache before 2.4.47 passes sockets on over TCP only: let the server listen on 127.0.0.1.")
        }
        return [
            ConfigurationFile(name: "parley.conf") {
                head(plan, certificate)
                if plan.redirectsToTLS { redirect(plan) }
                """
                <VirtualHost *:\(plan.listenPort)>
                """
                serverName(plan)
                ""
                ConfigurationLines.indented(4) {
                    if let certificate { tls(certificate) }
                    headers(plan)
                    proxying(plan)
                }
                "</VirtualHost>"
            }
        ]
    }

    /// Whether mod_proxy_http upgrades to WebSocket by itself.
    private static func upgrades(_ plan: ProxyPlan) -> Bool {
        plan.version.map { $0 >= ProxyVersion(2, 4, 47) } ?? true
    }

    @ConfigurationLines
    private static func head(_ plan: ProxyPlan, _ certificate: CertificateFiles?) -> [String] {
        let modules =
            ["proxy", "proxy_http", "headers"] + (upgrades(plan) ? [] : ["proxy_wstunnel", "rewrite"])
            + (certificate == nil ? [] : ["ssl"]) + (plan.isEdge ? [] : ["remoteip"])
        """
        # Parley behind Apache: save as /etc/apache2/sites-available/parley.conf, then:
        #     a2enmod \(modules.joined(separator: " "))
        #     a2ensite parley && apachectl configtest && systemctl reload apache2
        """
        if let certificate, certificate.isFromCertbot {
            """
            # The certificate, before the first start; the hook has Apache read each renewed one:
            #     certbot certonly --webroot -w \(CertificateFiles.challengeDirectory) -d \(plan.publicURL.host) \
            --deploy-hook "systemctl reload apache2"
            """
        }
        if ![80, 443].contains(plan.listenPort) { "\nListen \(plan.listenPort)" }
        ""
    }

    @ConfigurationLines
    private static func redirect(_ plan: ProxyPlan) -> [String] {
        """
        <VirtualHost *:80>
        """
        serverName(plan)
        """
            # Here the certificate's authority looks for its answer, over http; all else moves to https.
            DocumentRoot "\(CertificateFiles.challengeDirectory)"
            RedirectMatch 308 "^/(?!\\.well-known/acme-challenge/)(.*)$" "\(plan.publicURL.origin)/$1"
        </VirtualHost>

        """
    }

    /// Apache knows no name that is an IPv6 address: it answers to it as its first site does to any.
    @ConfigurationLines
    private static func serverName(_ plan: ProxyPlan) -> [String] {
        if !plan.publicURL.host.hasPrefix("[") { "    ServerName \(plan.publicURL.host)" }
    }

    @ConfigurationLines
    private static func tls(_ certificate: CertificateFiles) -> [String] {
        """
        SSLEngine on
        # With the whole chain: phones do not fetch what is missing.
        SSLCertificateFile "\(certificate.certificate)"
        SSLCertificateKeyFile "\(certificate.key)"
        SSLProtocol -all +TLSv1.2 +TLSv1.3
        <IfModule http2_module>
            Protocols h2 http/1.1
        </IfModule>

        """
    }

    @ConfigurationLines
    private static func headers(_ plan: ProxyPlan) -> [String] {
        """
        # The host as people typed it: the server compares it with the Origin of requests.
        ProxyPreserveHost On
        RequestHeader unset Forwarded
        """
        if plan.isEdge {
            """
            # Apache adds to these; what a visitor says of their own address is worth nothing.
            RequestHeader unset X-Forwarded-For early
            RequestHeader unset X-Forwarded-Host early
            RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"
            """
        } else {
            """
            # The visitor's address, as the outer proxy tells it. Without a list, everybody would be believed.
            RemoteIPHeader X-Forwarded-For
            """
            for range in plan.outerRanges { "RemoteIPInternalProxy \(range)" }
            """
            # What the browser spoke, which only the outer proxy knows.
            RequestHeader unset X-Forwarded-Proto "expr=!(\(isOuter(plan)))"
            RequestHeader setifempty X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"
            # One value, not two: Apache adds the Host, which the outer proxy passed on.
            RequestHeader unset X-Forwarded-Host
            """
        }
        ""
    }

    private static func isOuter(_ plan: ProxyPlan) -> String {
        plan.outerRanges.map { "%{CONN_REMOTE_ADDR} -ipmatch '\($0)'" }.joined(separator: " || ")
    }

    @ConfigurationLines
    private static func proxying(_ plan: ProxyPlan) -> [String] {
        let path = plan.publicURL.path
        let pattern = path.replacing(".", with: "\\.")
        "LimitRequestBody \(plan.bodyBytes)"
        if let directory = plan.staticDirectory { assets(directory, below: path) }
        if !path.isEmpty { "RedirectMatch 308 \"^\(pattern)$\" \"\(path)/\"" }
        if upgrades(plan) {
            """
            # One line for pages and sockets. The server pings quiet sockets; the timeout is for when it cannot.
            ProxyPass "\(path)/" "\(target(plan))" upgrade=websocket timeout=\(plan.silenceSeconds)
            """
        } else {
            """
            # Before 2.4.47 sockets need a line of their own, which has to come first.
            RewriteEngine On
            RewriteCond %{HTTP:Upgrade} =websocket [NC]
            RewriteCond %{HTTP:Connection} upgrade [NC]
            RewriteRule "^\(pattern)/(.*)" "ws://\(plan.upstreamAuthority ?? "")\(path)/$1" [P,L]
            ProxyTimeout \(plan.silenceSeconds)
            ProxyPass "\(path)/" "\(target(plan))"
            """
        }
    }

    @ConfigurationLines
    private static func assets(_ directory: String, below path: String) -> [String] {
        let folder = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        """

        # Names that change with their content, which browsers may keep. Renew the folder with each new server.
        ProxyPass "\(path)/static/" "!"
        Alias "\(path)/static/" "\(folder)/"
        <Directory "\(folder)">
            Require all granted
            Options None
            Header set Cache-Control "public, max-age=31536000, immutable"
            Header set X-Content-Type-Options nosniff
        </Directory>

        """
    }

    /// The same path on the server, so that nothing of it is lost.
    private static func target(_ plan: ProxyPlan) -> String {
        switch plan.upstream {
        case .tcp: "http://\(plan.upstreamAuthority ?? "")\(plan.publicURL.path)/"
        case .unix(let path): "unix:\(path)|http://127.0.0.1\(plan.publicURL.path)/"
        }
    }
}
