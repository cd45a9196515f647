/// For Traefik 3: its own file, the site's, and the site again as labels for whoever runs it with Docker.
/// Source: <https://doc.traefik.io/traefik/reference/install-configuration/entrypoints/>
enum TraefikConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try plan.refuseStaticDirectory(for: "Traefik")
        guard !plan.isHostAnAddress else {
            throw PlanFault("Traefik tells sites apart by their names: the public URL has to have one.")
        }
        let server = try plan.upstreamAuthority(for: "Traefik")
        if plan.endsTLS, plan.tls == .automatic { try plan.requireCertifiableHost(for: "Traefik") }
        return [
            ConfigurationFile(name: "traefik.yml") { installation(plan) },
            ConfigurationFile(name: "parley.yml") { site(plan, server: server) },
            ConfigurationFile(name: "compose.labels.yml") { labels(plan) },
        ]
    }

    @ConfigurationLines
    private static func installation(_ plan: ProxyPlan) -> [String] {
        """
        # Traefik before Parley: save as /etc/traefik/traefik.yml, and parley.yml beside it.
        entryPoints:
        """
        if plan.redirectsToTLS {
            """
              web:
                address: ":80"
                http:
                  # The answers for the certificate's authority are exempt by themselves.
                  redirections:
                    entryPoint:
                      to: ":\(plan.listenPort)"
                      scheme: https
            """
        }
        """
          \(entryPoint(plan)):
            address: ":\(plan.listenPort)"
            transport:
              respondingTimeouts:
                # The default of 60 s cuts off large uploads over slow lines.
                readTimeout: 30m
        """
        if !plan.isEdge {
            """
                # Without this, what the outer proxy says about the visitor is replaced.
                forwardedHeaders:
                  trustedIPs:
            """
            for range in plan.outerRanges { "        - \"\(range)\"" }
        }
        """

        providers:
          file:
            filename: /etc/traefik/parley.yml
          # For compose.labels.yml instead of parley.yml:
          # docker:
          #   exposedByDefault: false
        """
        if isCertified(plan) {
            """

            certificatesResolvers:
              letsencrypt:
                acme:
                  # Has to exist, with mode 0600, where it outlives the container.
                  storage: /etc/traefik/acme.json
                  httpChallenge:
                    entryPoint: \(plan.redirectsToTLS ? "web" : entryPoint(plan))
            """
        }
    }

    @ConfigurationLines
    private static func site(_ plan: ProxyPlan, server: String) -> [String] {
        """
        # Parley behind Traefik. WebSockets, the Host and the forwarded headers need nothing further.
        http:
          routers:
            parley:
              # The path is matched, and not stripped.
              rule: '\(rule(plan))'
              entryPoints:
                - \(entryPoint(plan))
              service: parley
        """
        if isCertified(plan) {
            """
                  tls:
                    certResolver: letsencrypt
            """
        } else if plan.endsTLS {
            "      tls: {}"
        }
        """
          services:
            parley:
              loadBalancer:
                servers:
                  - url: "http://\(server)"
        """
        if plan.endsTLS, case .files(let certificate, let key) = plan.tls {
            """

            tls:
              certificates:
                # With the whole chain: phones do not fetch what is missing.
                - certFile: \(certificate)
                  keyFile: \(key)
            """
        }
    }

    @ConfigurationLines
    private static func labels(_ plan: ProxyPlan) -> [String] {
        """
        # The same for Traefik in Docker, as labels: docker compose -f compose.yml -f compose.labels.yml up -d
        # traefik.yml holds for both; there the docker provider has to be turned on.
        services:
          parley:
            labels:
              - 'traefik.enable=true'
              - 'traefik.http.routers.parley.rule=\(rule(plan))'
              - 'traefik.http.routers.parley.entrypoints=\(entryPoint(plan))'
        """
        if isCertified(plan) {
            "      - 'traefik.http.routers.parley.tls.certresolver=letsencrypt'"
        } else if plan.endsTLS {
            """
                  # The certificate stays in parley.yml, below tls.
                  - 'traefik.http.routers.parley.tls=true'
            """
        }
        if case .tcp(_, let port) = plan.upstream {
            "      - 'traefik.http.services.parley.loadbalancer.server.port=\(port)'"
        }
    }

    private static func isCertified(_ plan: ProxyPlan) -> Bool { plan.endsTLS && plan.tls == .automatic }

    private static func entryPoint(_ plan: ProxyPlan) -> String { plan.endsTLS ? "websecure" : "web" }

    private static func rule(_ plan: ProxyPlan) -> String {
        let path = plan.publicURL.path
        let host = "Host(`\(plan.publicURL.host)`)"
        // A prefix without its slash would take /chatter along.
        return path.isEmpty ? host : "\(host) && (Path(`\(path)`) || PathPrefix(`\(path)/`))"
    }
}
