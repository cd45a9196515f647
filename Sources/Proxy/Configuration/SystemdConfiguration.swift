/// For systemd: a unit that lets the server do what it needs, and no more.
/// Source: <https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html>
enum SystemdConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        if case .unix(let path) = plan.upstream, path.wholeMatch(of: /\/run\/parley\/[^\/]+/) == nil {
            throw PlanFault("The unit lets the server write a socket into /run/parley only: choose a path there.")
        }
        return [
            ConfigurationFile(name: "parley.service") {
                head(plan)
                service(plan)
                restrictions(plan)
                """

                [Install]
                WantedBy=multi-user.target
                """
            }
        ]
    }

    @ConfigurationLines
    private static func head(_ plan: ProxyPlan) -> [String] {
        """
        # Parley under systemd: save as /etc/systemd/system/parley.service, the program as /usr/local/bin/parley. Then:
        #     useradd --system --home-dir /var/lib/parley --shell /usr/sbin/nologin parley
        """
        if isUnix(plan) { "#     usermod --append --groups parley www-data   # the proxy's user, to reach the socket" }
        """
        #     systemctl daemon-reload && systemctl enable --now parley

        [Unit]
        Description=Parley chat server
        Wants=network-online.target
        After=network-online.target

        """
    }

    @ConfigurationLines
    private static func service(_ plan: ProxyPlan) -> [String] {
        """
        [Service]
        Type=exec
        ExecStart=/usr/local/bin/parley serve
        Environment=PARLEY_PUBLIC_URL=\(plan.publicURL)
        Environment=PARLEY_LISTEN=\(listen(plan))
        Environment=PARLEY_DATA_DIR=/var/lib/parley
        Environment=PARLEY_TRUSTED_PROXIES=\(trusted(plan))
        # Further settings, one NAME=value a line; need not exist.
        EnvironmentFile=-/etc/parley/parley.env
        User=parley
        Group=parley
        StateDirectory=parley
        StateDirectoryMode=0700
        """
        if isUnix(plan) {
            """
            RuntimeDirectory=parley
            RuntimeDirectoryMode=0750
            # The proxy's user may connect, as one of the group.
            UMask=0007
            """
        } else {
            "UMask=0077"
        }
        """
        Restart=on-failure
        RestartSec=2
        TimeoutStopSec=30
        # Each open chat is an open file.
        LimitNOFILE=65536

        """
    }

    @ConfigurationLines
    private static func restrictions(_ plan: ProxyPlan) -> [String] {
        """
        # Nothing is writable but the directories above.
        ProtectSystem=strict
        ProtectHome=yes
        PrivateTmp=yes
        PrivateDevices=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        ProtectProc=invisible
        NoNewPrivileges=yes
        """
        if needsBindCapability(plan) {
            """
            # For a port below 1024.
            CapabilityBoundingSet=CAP_NET_BIND_SERVICE
            AmbientCapabilities=CAP_NET_BIND_SERVICE
            """
        } else {
            "CapabilityBoundingSet="
        }
        """
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        RemoveIPC=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallFilter=~@privileged
        SystemCallErrorNumber=EPERM
        """
    }

    private static func isUnix(_ plan: ProxyPlan) -> Bool { plan.upstreamAuthority == nil }

    private static func listen(_ plan: ProxyPlan) -> String {
        switch plan.upstream {
        case .tcp: plan.upstreamAuthority ?? ""
        case .unix(let path): "unix:\(path)"
        }
    }

    private static func trusted(_ plan: ProxyPlan) -> String {
        plan.trustedEntries(nearest: isUnix(plan) ? "unix" : "loopback").joined(separator: ",")
    }

    private static func needsBindCapability(_ plan: ProxyPlan) -> Bool {
        guard case .tcp(_, let port) = plan.upstream else { return false }
        return port < 1024
    }
}
