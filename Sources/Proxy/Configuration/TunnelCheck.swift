/// What tunnels and hosted edges have in common: they end TLS at their own address, on the usual port.
extension ProxyPlan {
    func requireHostedEdge(for proxy: String) throws(PlanFault) {
        guard publicURL.isSecure, publicURL.port == 443 else {
            throw PlanFault(
                "\(proxy) serves https on its usual port only: the public URL has to be https:// and no port.")
        }
        guard !isHostAnAddress, publicURL.host.contains(".") else {
            throw PlanFault("\(proxy) serves names only: the public URL's host has to be one.")
        }
        try refuseStaticDirectory(for: proxy)
    }
}
