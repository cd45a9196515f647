import Testing

@testable import Proxy

private let certificate = ProxyPlan.TLS.files(certificate: "/etc/tls/fullchain.pem", key: "/etc/tls/key.pem")
private let outer = ["192.0.2.0/24", "2001:db8::/32"]

private func plan(
    _ url: String = "https://chat.example.org", _ change: (inout ProxyPlan) -> Void = { _ in }
) throws -> ProxyPlan {
    var plan = ProxyPlan(publicURL: try #require(PublicURL(url)))
    change(&plan)
    return plan
}

/// All files of one kind, one after the other.
private func text(_ kind: ProxyKind, _ plan: ProxyPlan) throws -> String {
    try kind.files(plan).map(\.text).joined()
}

@Suite("A proxy's configuration")
struct ConfigurationTests {
    @Test("is there for a plain https address", arguments: ProxyKind.allCases)
    func plain(kind: ProxyKind) throws {
        let files = try kind.files(plan())
        #expect(!files.isEmpty)
        #expect(Set(files.map(\.name)).count == files.count)
        for file in files {
            #expect(file.text.hasSuffix("\n"))
            #expect(!file.text.hasSuffix("\n\n"))
        }
    }

    @Test("has no tabs, no spaces at the ends of lines, and nothing left to fill in", arguments: ProxyKind.allCases)
    func clean(kind: ProxyKind) throws {
        for plan in try Self.variants() {
            for file in (try? kind.files(plan)) ?? [] {
                #expect(!file.text.contains("\t"))
                #expect(!file.text.split(separator: "\n").contains { $0.hasSuffix(" ") })
                let unfilled = /<(?!ADDR>)[A-Z_]+>|TODO|FIXME|CHANGE_?ME|YOUR_|\{\{|Optional\(|nil/
                #expect(file.text.firstMatch(of: unfilled) == nil)
                #expect(!file.text.contains("https:///"))
            }
        }
    }

    @Test("names the public host", arguments: ProxyKind.allCases.filter { $0 != .fail2ban && $0 != .haproxy })
    func host(kind: ProxyKind) throws {
        #expect(try text(kind, plan()).contains("chat.example.org"))
    }

    @Test("is fitting for each of the plans that it can do at all", arguments: ProxyKind.allCases)
    func faults(kind: ProxyKind) throws {
        for plan in try Self.variants() {
            do {
                #expect(try !kind.files(plan).isEmpty)
            } catch {
                #expect(error.description.hasSuffix("."))
            }
        }
    }

    static func variants() throws -> [ProxyPlan] {
        [
            try plan(),
            try plan("https://chat.example.org/team") { $0.staticDirectory = "/srv/parley/static" },
            try plan { $0.upstream = .unix(path: "/run/parley/parley.sock") },
            try plan { $0.tls = certificate },
            try plan {
                $0.tls = .none
                $0.position = .inner(outer: outer)
            },
            try plan("https://chat.example.org:8443") { $0.tls = certificate },
            try plan("http://192.168.1.5:8081"),
            try plan("https://[2001:db8::1]") { $0.tls = certificate },
            try plan {
                $0.proxyVersion = "1.0"
                $0.pangolinSchema = .old
            },
        ]
    }
}

@Suite("nginx's configuration")
struct NginxConfigurationTests {
    @Test("has one full set of headers, in one location")
    func headers() throws {
        let text = try text(.nginx, plan())
        for name in ["Host", "Upgrade", "Connection", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"]
        {
            #expect(text.ranges(of: "proxy_set_header \(name) ").count == 1, "\(name)")
        }
        #expect(text.contains("proxy_set_header Host $http_host;"))
        #expect(text.ranges(of: "proxy_pass ").count == 1)
    }

    @Test("asks for an upgrade only where the visitor does")
    func upgrade() throws {
        let text = try text(.nginx, plan())
        #expect(text.contains("map $http_upgrade $parley_connection {"))
        #expect(text.contains("proxy_set_header Connection $parley_connection;"))
        #expect(!text.contains("Connection \"upgrade\""))
    }

    @Test("overwrites the visitor's address at the edge, and adds to it further in")
    func forwardedFor() throws {
        let edge = try text(.nginx, plan())
        #expect(edge.contains("X-Forwarded-For $remote_addr;"))
        #expect(edge.contains("X-Forwarded-Proto $scheme;"))
        #expect(!edge.contains("real_ip"))
        let inner = try text(
            .nginx,
            plan {
                $0.tls = .none
                $0.position = .inner(outer: outer)
            })
        #expect(inner.contains("X-Forwarded-For $proxy_add_x_forwarded_for;"))
        #expect(inner.contains("X-Forwarded-Proto $parley_scheme;"))
        for range in outer { #expect(inner.contains("set_real_ip_from \(range);")) }
        #expect(inner.contains("real_ip_recursive on;"))
    }

    @Test("keeps time-outs, buffers and body limits out of the chat's way")
    func limits() throws {
        let text = try text(.nginx, plan { $0.silenceSeconds = 600 })
        for line in [
            "proxy_read_timeout 600s;", "proxy_send_timeout 600s;", "client_max_body_size 101m;",
            "proxy_buffering off;",
            "proxy_request_buffering off;", "absolute_redirect off;", "proxy_http_version 1.1;",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test(
        "turns HTTP/2 on in the way that its version knows",
        arguments: [(nil, false), ("1.22.1", false), ("1.25.0", false), ("1.25.1", true), ("1.27", true)])
    func http2(version: String?, hasDirective: Bool) throws {
        let text = try text(.nginx, plan { $0.proxyVersion = version })
        #expect(text.contains("http2 on;") == hasDirective)
        #expect(text.contains("listen 443 ssl http2;") != hasDirective)
    }

    @Test("listens on IPv4 and IPv6, and sends http to https except for the authority's challenge")
    func listening() throws {
        let text = try text(.nginx, plan())
        for line in ["listen 80;", "listen [::]:80;", "listen 443 ssl", "listen [::]:443 ssl"] {
            #expect(text.contains(line), "\(line)")
        }
        #expect(text.contains("location ^~ /.well-known/acme-challenge/ {"))
        #expect(text.contains("return 308 https://chat.example.org$request_uri;"))
    }

    @Test("does not redirect behind an outer proxy, which may speak http with it")
    func noLoop() throws {
        let text = try text(
            .nginx,
            plan {
                $0.tls = certificate
                $0.position = .inner(outer: outer)
            })
        #expect(!text.contains("return 308"))
    }

    @Test("passes a path on whole")
    func path() throws {
        let text = try text(.nginx, plan("https://chat.example.org/team"))
        #expect(text.contains("location /team/ {"))
        #expect(text.contains("proxy_pass http://127.0.0.1:8080;"))
        #expect(text.contains("location = /team {"))
    }

    @Test("reaches the server over TCP, IPv6 or a Unix socket")
    func upstreams() throws {
        let v6 = try text(.nginx, plan { $0.upstream = .tcp(host: "::1", port: 9000) })
        #expect(v6.contains("proxy_pass http://[::1]:9000;"))
        let unix = try text(.nginx, plan { $0.upstream = .unix(path: "/run/parley/p.sock") })
        #expect(unix.contains("proxy_pass http://unix:/run/parley/p.sock;"))
    }

    @Test("serves the assets itself where it is told to")
    func assets() throws {
        let text = try text(.nginx, plan { $0.staticDirectory = "/srv/parley" })
        #expect(text.contains("location /static/ {"))
        #expect(text.contains("alias /srv/parley/;"))
        #expect(text.contains("immutable"))
    }
}

@Suite("Apache's configuration")
struct ApacheConfigurationTests {
    @Test("upgrades with one line from 2.4.47, and with a rewrite before", arguments: [nil, "2.4.47", "2.4.46"])
    func upgrade(version: String?) throws {
        let text = try text(.apache, plan { $0.proxyVersion = version })
        #expect(text.contains("upgrade=websocket timeout=3600") == (version != "2.4.46"))
        #expect(text.contains("ws://127.0.0.1:8080/$1") == (version == "2.4.46"))
        if let rule = text.firstRange(of: "RewriteRule"), let pass = text.firstRange(of: "ProxyPass ") {
            #expect(rule.lowerBound < pass.lowerBound)
        }
    }

    @Test("keeps the Host, and drops what a visitor says of their own address")
    func headers() throws {
        let text = try text(.apache, plan())
        #expect(text.contains("ProxyPreserveHost On"))
        #expect(text.contains("RequestHeader unset X-Forwarded-For early"))
        #expect(text.contains("RequestHeader set X-Forwarded-Proto"))
    }

    @Test("keeps the outer scheme further in, and believes nobody but the outer proxy")
    func inner() throws {
        let text = try text(
            .apache,
            plan {
                $0.tls = .none
                $0.position = .inner(outer: outer)
            })
        #expect(text.contains("RequestHeader setifempty X-Forwarded-Proto"))
        #expect(!text.contains("unset X-Forwarded-For"))
        for range in outer { #expect(text.contains("RemoteIPInternalProxy \(range)")) }
    }

    @Test("passes a path on whole, and the challenge by")
    func path() throws {
        let text = try text(.apache, plan("https://chat.example.org/team"))
        #expect(text.contains("ProxyPass \"/team/\" \"http://127.0.0.1:8080/team/\""))
        #expect(text.contains("(?!\\.well-known/acme-challenge/)"))
    }
}

@Suite("Caddy's configuration")
struct CaddyConfigurationTests {
    @Test("leaves to Caddy what it does by itself")
    func minimal() throws {
        let text = try text(.caddy, plan())
        #expect(text.contains("https://chat.example.org {"))
        #expect(text.contains("reverse_proxy 127.0.0.1:8080 {"))
        #expect(!text.contains("header_up"))
        #expect(!text.contains("trusted_proxies"))
    }

    @Test("speaks http further in, and believes the outer proxy")
    func inner() throws {
        let text = try text(
            .caddy,
            plan {
                $0.tls = .none
                $0.position = .inner(outer: outer)
            })
        #expect(text.contains("http://chat.example.org {"))
        #expect(text.contains("trusted_proxies 192.0.2.0/24 2001:db8::/32"))
    }

    @Test("names the certificate, the socket and the path")
    func parts() throws {
        let text = try text(
            .caddy,
            plan("https://chat.example.org/team") {
                $0.tls = certificate
                $0.upstream = .unix(path: "/run/parley/p.sock")
            })
        #expect(text.contains("tls /etc/tls/fullchain.pem /etc/tls/key.pem"))
        #expect(text.contains("reverse_proxy unix//run/parley/p.sock {"))
        #expect(text.contains("handle /team/* {"))
        #expect(!text.contains("handle_path /team/*"))
    }

    @Test(
        "spares sockets at a reload from the version that can",
        arguments: [(nil, false), ("2.6.2", false), ("2.7.0", true)])
    func reload(version: String?, has: Bool) throws {
        #expect(try text(.caddy, plan { $0.proxyVersion = version }).contains("stream_close_delay") == has)
    }
}

@Suite("Configurations of other proxies")
struct OtherConfigurationTests {
    @Test("HAProxy gives sockets their own time-out, and takes the visitor's own headers away")
    func haproxy() throws {
        let text = try text(.haproxy, plan())
        #expect(text.contains("timeout tunnel 3600s"))
        for line in ["bind :443 ssl crt", "bind :::443 v6only ssl crt", "bind :80\n", "bind :::80 v6only\n"] {
            #expect(text.contains(line), "\(line)")
        }
        #expect(text.contains("use_backend certbot if is_challenge !{ ssl_fc }"))
        let delete = try #require(text.firstRange(of: "http-request del-header X-Forwarded-For\n"))
        let add = try #require(text.firstRange(of: "option forwardfor"))
        #expect(delete.lowerBound < add.lowerBound)
        #expect(!text.contains("proto h2"))
    }

    @Test("HAProxy keeps the outer proxy's headers further in")
    func haproxyInner() throws {
        let text = try text(
            .haproxy,
            plan {
                $0.tls = .none
                $0.position = .inner(outer: outer)
            })
        #expect(text.contains("acl is_outer src 192.0.2.0/24 2001:db8::/32"))
        #expect(text.contains("http-request del-header X-Forwarded-For unless is_outer"))
    }

    @Test("Traefik gets its own file, the site's, and labels")
    func traefik() throws {
        let files = try ProxyKind.traefik.files(plan("https://chat.example.org/team"))
        #expect(files.map(\.name) == ["traefik.yml", "parley.yml", "compose.labels.yml"])
        #expect(files[0].text.contains("readTimeout: 30m"))
        #expect(!files[0].text.contains("trustedIPs"))
        for file in files.dropFirst() {
            #expect(file.text.contains("Host(`chat.example.org`) && (Path(`/team`) || PathPrefix(`/team/`))"))
        }
    }

    @Test("Traefik believes the outer proxy, and nobody else")
    func traefikInner() throws {
        let text = try text(
            .traefik,
            plan {
                $0.tls = .none
                $0.position = .inner(outer: outer)
            })
        #expect(text.contains("trustedIPs:"))
        for range in outer { #expect(text.contains("- \"\(range)\"")) }
        #expect(!text.contains("insecure"))
    }

    @Test("tunnels keep the Host", arguments: [ProxyKind.ngrok, .cloudflared, .pangolin])
    func tunnels(kind: ProxyKind) throws {
        let text = try text(kind, plan())
        #expect(!text.lowercased().contains("host_header"))
        #expect(!text.contains("httpHostHeader"))
        #expect(text.contains("8080"))
    }

    @Test("Pangolin's blueprint is of the schema asked for, without a sign-in before ours")
    func pangolin() throws {
        let new = try text(.pangolin, plan())
        #expect(new.contains("public-resources:\n"))
        #expect(new.contains("mode: http\n"))
        let old = try text(.pangolin, plan { $0.pangolinSchema = .old })
        #expect(old.contains("proxy-resources:\n"))
        #expect(old.contains("protocol: http\n"))
        #expect(new.contains("sso-enabled: false") && old.contains("sso-enabled: false"))
    }

    @Test("Kubernetes gets the Gateway API first, with upgrades and without a limit on requests")
    func kubernetes() throws {
        let files = try ProxyKind.kubernetes.files(plan())
        #expect(files.map(\.name) == ["gateway.yml", "ingress-nginx.yml"])
        #expect(files[0].text.contains("appProtocol: kubernetes.io/ws"))
        #expect(files[0].text.contains("request: 0s"))
        #expect(files[1].text.contains("proxy-read-timeout: \"3600\""))
        #expect(files[1].text.contains("proxy-body-size: \"101m\""))
    }

    @Test("systemd's unit lets the server write its own directories only")
    func systemd() throws {
        let text = try text(.systemd, plan { $0.trustedProxies = ["private"] })
        for line in [
            "ProtectSystem=strict", "NoNewPrivileges=yes", "StateDirectory=parley", "CapabilityBoundingSet=",
            "Environment=PARLEY_PUBLIC_URL=https://chat.example.org", "Environment=PARLEY_TRUSTED_PROXIES=private",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        let unix = try self.unix()
        #expect(unix.contains("RuntimeDirectory=parley\n"))
        #expect(unix.contains("Environment=PARLEY_TRUSTED_PROXIES=unix\n"))
        #expect(throws: PlanFault.self) { try ProxyKind.systemd.files(plan { $0.upstream = .unix(path: "/tmp/p") }) }
    }

    private func unix() throws -> String {
        try text(.systemd, plan { $0.upstream = .unix(path: "/run/parley/parley.sock") })
    }

    @Test("fail2ban bans for refused sign-ins alone, and never a proxy")
    func fail2ban() throws {
        let text = try text(.fail2ban, plan { $0.trustedProxies = ["203.0.113.0/24", "loopback", "unix"] })
        #expect(text.contains("ignoreip = 127.0.0.0/8 ::1 203.0.113.0/24\n"))
        #expect(text.contains("message=auth-failure address=<ADDR> reason=\\S+ version=1(?: |$)\n"))
        #expect(text.contains("failregex = ^"))
        #expect(text.contains("datepattern = ^time="))
        #expect(throws: PlanFault.self) {
            try ProxyKind.fail2ban.files(plan { $0.position = .inner(outer: outer) })
        }
    }

    @Test("Compose gives Caddy an address that stays, and the server trusts it alone")
    func compose() throws {
        let files = try ProxyKind.compose.files(plan())
        #expect(files.map(\.name) == ["compose.yml", "Caddyfile"])
        #expect(files[0].text.contains("subnet: 10.213.77.0/24"))
        #expect(files[0].text.contains("ipv4_address: 10.213.77.2"))
        #expect(files[0].text.contains("PARLEY_TRUSTED_PROXIES: \"10.213.77.2,fd21:3a77:c4a7::2\""))
        #expect(files[1].text.contains("reverse_proxy parley:8080 {"))
    }
}
