extension Examination {
    /// Whether the server can be reached past whatever protects it.
    mutating func checkOrigin() async {
        guard let origin else { return }
        let colon = origin.lastIndex(of: ":") ?? origin.endIndex
        let (host, port) = (String(origin[..<colon]), Int(origin[colon...].dropFirst()))
        guard let answer = try? await probe.at(host, port: port).ask("GET", "/api/doctor/"), answer.isProven else {
            return add(.init("origin", .ok, "There is no way around the edge", saw: "nothing of ours at \(origin)"))
        }
        add(
            .init(
                "origin", .warning, .originExposed, "The server can be reached around the edge",
                saw: "\(answer.summary) at \(origin)",
                why: "Bans and firewalls of the edge can be walked around.", hop: "the firewall at \(origin)",
                cure: "let only the edge's addresses in (parley proxy-config cloudflared needs no open port at all)"))
    }
}
