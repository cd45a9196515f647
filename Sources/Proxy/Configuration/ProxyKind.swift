/// What a configuration can be made for: proxies, tunnels, and what runs the server beside them.
package enum ProxyKind: String, CaseIterable, Sendable {
    case nginx
    case caddy
    case apache
    case traefik
    case haproxy
    case ngrok
    case cloudflared
    case pangolin
    case kubernetes
    case systemd
    case fail2ban
    case compose

    /// The configuration for a plan.
    /// - Throws: where this proxy cannot do what the plan says.
    package func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try PlanCheck.check(plan, for: self)
        return switch self {
        case .nginx: try NginxConfiguration.files(plan)
        case .caddy: try CaddyConfiguration.files(plan)
        case .apache: try ApacheConfiguration.files(plan)
        case .traefik: try TraefikConfiguration.files(plan)
        case .haproxy: try HAProxyConfiguration.files(plan)
        case .ngrok: try NgrokConfiguration.files(plan)
        case .cloudflared: try CloudflaredConfiguration.files(plan)
        case .pangolin: try PangolinConfiguration.files(plan)
        case .kubernetes: try KubernetesConfiguration.files(plan)
        case .systemd: try SystemdConfiguration.files(plan)
        case .fail2ban: try Fail2banConfiguration.files(plan)
        case .compose: try ComposeConfiguration.files(plan)
        }
    }

    /// Whether it listens on a port of its own that others connect to.
    var listens: Bool {
        switch self {
        case .nginx, .caddy, .apache, .traefik, .haproxy, .compose: true
        case .ngrok, .cloudflared, .pangolin, .kubernetes, .systemd, .fail2ban: false
        }
    }
}
