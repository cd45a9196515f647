/// For a tunnel of Cloudflare.
/// Source: <https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/>,
/// <https://developers.cloudflare.com/fundamentals/reference/connection-limits/>
enum CloudflaredConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try plan.requireHostedEdge(for: "Cloudflare")
        let host = plan.publicURL.host
        return [
            ConfigurationFile(name: "config.yml") {
                """
                # Parley through a Cloudflare tunnel: save as ~/.cloudflared/config.yml. Once:
                #     cloudflared tunnel login && cloudflared tunnel create parley
                #     cloudflared tunnel route dns parley \(host)
                # In the dashboard, for this host: Network > WebSockets on; caching bypassed; Rocket Loader, e-mail
                # obfuscation and Bot Fight Mode off, which break pages and apps. Calls need another way than a tunnel.
                """
                if plan.bodyBytesMax > freeBodyBytesMax {
                    "# Cloudflare's free plan refuses bodies of more than 100 MB: larger uploads fail there."
                }
                """
                # The server has to trust the machine itself alone: PARLEY_TRUSTED_PROXIES=loopback
                tunnel: parley
                ingress:
                  - hostname: \(host)
                """
                if !plan.publicURL.path.isEmpty {
                    """
                        # Matched, and not stripped.
                        path: '^\(plan.publicURL.path.replacing(".", with: "\\."))(/|$)'
                    """
                }
                """
                    # The Host stays as people typed it: the server compares it with the Origin of requests.
                    service: \(service(plan))
                  # A last rule for all else has to be there.
                  - service: http_status:404
                """
            }
        ]
    }

    private static func service(_ plan: ProxyPlan) -> String {
        switch plan.upstream {
        case .tcp: "http://\(plan.upstreamAuthority ?? "")"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Per body, by <https://developers.cloudflare.com/workers/platform/limits/#request-limits>.
    private static let freeBodyBytesMax = 100_000_000
}
