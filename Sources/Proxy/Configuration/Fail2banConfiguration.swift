/// For fail2ban: a filter for the line that the server logs for each refused sign-in, and a jail. Nothing else is worth
/// a ban: refused pages and sockets are what ordinary people's broken connections look like.
/// Source: <https://fail2ban.readthedocs.io/en/latest/filters.html>
enum Fail2banConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        guard plan.isEdge else {
            throw PlanFault(
                "Behind another proxy a ban on this machine would meet that proxy: rely on the server's own limits.")
        }
        return [
            ConfigurationFile(name: "filter.d/parley.conf") {
                """
                # Refused sign-ins, as Parley logs them: /etc/fail2ban/filter.d/parley.conf. To try it:
                #     fail2ban-regex systemd-journal parley
                [Definition]
                # The time of a line is cut out before the comparison; journald puts the host and the program in
                # front, and leaves the time where it is.
                failregex = ^(?:\\S+ \\S+\\[\\d+\\]: time=\\S+)? level=notice message=auth-failure \
                address=<ADDR> reason=\\S+ version=1(?: |$)
                datepattern = ^time=%%Y-%%m-%%dT%%H:%%M:%%S\\.%%f%%z
                journalmatch = _SYSTEMD_UNIT=parley.service
                """
            },
            ConfigurationFile(name: "jail.d/parley.conf") {
                """
                # Who guesses passwords is kept out: /etc/fail2ban/jail.d/parley.conf
                [parley]
                enabled = true
                filter = parley
                # For a log in a file: backend = auto, and logpath with its path.
                backend = systemd
                port = \(ports(plan))
                # Never a proxy: all people behind it would be out.
                ignoreip = \(ignored(plan))
                maxretry = 10
                findtime = 10m
                bantime = 1h
                # Where the proxy runs in Docker, packets pass another chain:
                # chain = DOCKER-USER
                """
            },
        ]
    }

    private static func ports(_ plan: ProxyPlan) -> String {
        let port = plan.publicURL.port
        return [80, 443].contains(port) ? "http,https" : "http,https,\(port)"
    }

    private static func ignored(_ plan: ProxyPlan) -> String {
        let loopback = AddressRange.loopback
        let others = plan.trustedRanges.filter { !loopback.contains($0) }
        return (loopback + others).map(\.description).joined(separator: " ")
    }
}
