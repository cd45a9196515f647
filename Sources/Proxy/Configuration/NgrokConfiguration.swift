/// For ngrok's agent, from 3.16.
/// Source: <https://ngrok.com/docs/agent/config/v3/>
enum NgrokConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try plan.requireHostedEdge(for: "ngrok")
        let server = try plan.upstreamAuthority(for: "ngrok")
        return [
            ConfigurationFile(name: "ngrok.yml") {
                """
                # Parley through ngrok. Once: ngrok config add-authtoken, with the token of your account. Then:
                #     ngrok start parley --config "$HOME/.config/ngrok/ngrok.yml" --config ngrok.yml
                # or without this file:
                #     ngrok http \(server) --url \(plan.publicURL.origin)
                # The free plan shows browsers a page of its own before the first visit.
                # The server has to trust the machine itself alone: PARLEY_TRUSTED_PROXIES=loopback
                version: 3
                endpoints:
                  - name: parley
                    url: \(plan.publicURL.origin)
                    upstream:
                      # The Host stays as people typed it: the server compares it with the Origin of requests.
                      url: http://\(server)
                """
            }
        ]
    }
}
