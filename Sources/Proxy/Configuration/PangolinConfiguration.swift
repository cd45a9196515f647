/// For Pangolin: a blueprint.
/// Source: <https://docs.pangolin.net/manage/blueprints>
enum PangolinConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try plan.requireHostedEdge(for: "Pangolin")
        guard case .tcp(let host, let port) = plan.upstream else {
            throw PlanFault("Pangolin reaches the server over TCP only: let the server listen on 127.0.0.1.")
        }
        let path = plan.publicURL.path
        return [
            ConfigurationFile(name: "pangolin.yml") {
                """
                # Parley through Pangolin: newt --blueprint-file pangolin.yml, with your site's other arguments.
                # The server has to trust the address that Newt connects from: PARLEY_TRUSTED_PROXIES=loopback
                # where Newt runs on the same machine.
                \(plan.pangolinSchema == .new ? "public-resources" : "proxy-resources"):
                  parley:
                    name: Parley
                    \(plan.pangolinSchema == .new ? "mode" : "protocol"): http
                    full-domain: \(plan.publicURL.host)
                    auth:
                      # Parley has its own sign-in; Pangolin's would stop apps and sockets.
                      sso-enabled: false
                    targets:
                      - hostname: \(host.contains(":") ? "\"\(host)\"" : host)
                        port: \(port)
                        method: http
                """
                if !path.isEmpty {
                    """
                            # Matched, and not stripped.
                            path: \(path)
                            path-match: prefix
                    """
                }
            }
        ]
    }
}
