package import Proxy

/// Whoever ends TLS for others, far from the server's own machine.
package enum Edge: String, Hashable, Sendable {
    case cloudflare = "Cloudflare"
    case ngrok = "ngrok"
    case loadBalancer = "an AWS load balancer"

    /// What a configuration can be written for.
    package var kind: ProxyKind? {
        switch self {
        case .cloudflare: .cloudflared
        case .ngrok: .ngrok
        case .loadBalancer: nil
        }
    }
}
