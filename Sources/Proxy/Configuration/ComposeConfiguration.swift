/// For Docker Compose: the server behind Caddy, in a network whose addresses do not change.
/// Source: <https://docs.docker.com/reference/compose-file/>
enum ComposeConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        guard plan.staticDirectory == nil else {
            throw PlanFault("The containers share no folder: leave the static directory out.")
        }
        var inside = plan
        inside.upstream = .tcp(host: "parley", port: port(plan))
        inside.proxyVersion = "2.11"
        if plan.endsTLS, case .files = plan.tls { inside.tls = .files(certificate: certificate, key: key) }
        let caddyfile = try CaddyConfiguration.files(inside)
        return [ConfigurationFile(name: "compose.yml") { compose(plan) }] + caddyfile
    }

    @ConfigurationLines
    private static func compose(_ plan: ProxyPlan) -> [String] {
        """
        # Parley and Caddy in Docker, with the Caddyfile beside this file: docker compose up -d
        services:
          parley:
            # An image that you built; none is published yet.
            image: parley
            restart: unless-stopped
            environment:
              PARLEY_PUBLIC_URL: "\(plan.publicURL)"
              PARLEY_LISTEN: "0.0.0.0:\(port(plan))"
              PARLEY_DATA_DIR: /data
              # Caddy's address below, and nobody else's.
              PARLEY_TRUSTED_PROXIES: "\(trusted(plan))"
            volumes:
              - data:/data
            networks:
              - chat
            read_only: true
            tmpfs:
              - /tmp
            cap_drop:
              - ALL
            security_opt:
              - no-new-privileges:true
            ulimits:
              # Each open chat is an open file.
              nofile: 65536
            stop_grace_period: 30s

          caddy:
            image: caddy:2.11
            restart: unless-stopped
            depends_on:
              - parley
            ports:
        """
        ConfigurationLines.indented(6) { ports(plan) }
        """
            volumes:
              - ./Caddyfile:/etc/caddy/Caddyfile:ro
        """
        if plan.endsTLS, case .files(let certificate, let key) = plan.tls {
            """
                  - \(certificate):\(self.certificate):ro
                  - \(key):\(self.key):ro
            """
        }
        """
              # The certificates, which have to outlive the container.
              - caddy-data:/data
              - caddy-config:/config
            networks:
              chat:
                ipv4_address: \(caddyV4)
                ipv6_address: \(caddyV6)

        networks:
          chat:
            # Without IPv6 in here, all its visitors would seem to be Docker itself.
            enable_ipv6: true
            ipam:
              config:
                # Fixed: a new network would else get other addresses, and Caddy's word would no longer count.
                - subnet: \(subnetV4)
                - subnet: \(subnetV6)

        volumes:
          data:
          caddy-data:
          caddy-config:
        """
    }

    @ConfigurationLines
    private static func ports(_ plan: ProxyPlan) -> [String] {
        if plan.redirectsToTLS { "- \"80:80\"" }
        "- \"\(plan.listenPort):\(plan.listenPort)\""
        if plan.endsTLS { "- \"\(plan.listenPort):\(plan.listenPort)/udp\"" }
    }

    private static func port(_ plan: ProxyPlan) -> Int {
        guard case .tcp(_, let port) = plan.upstream else { return 8080 }
        return port
    }

    private static func trusted(_ plan: ProxyPlan) -> String {
        var entries = [caddyV4, caddyV6]
        if case .inner(let outer) = plan.position { entries += outer }
        return entries.joined(separator: ",")
    }

    /// Private ranges (RFC 1918, RFC 4193) that Docker does not choose by itself.
    private static let subnetV4 = "10.213.77.0/24"
    private static let subnetV6 = "fd21:3a77:c4a7::/64"
    private static let caddyV4 = "10.213.77.2"
    private static let caddyV6 = "fd21:3a77:c4a7::2"
    private static let certificate = "/etc/caddy/tls/fullchain.pem"
    private static let key = "/etc/caddy/tls/privkey.pem"
}
