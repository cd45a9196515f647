"""What people get wrong in Apache, Caddy, HAProxy and Traefik."""

from __future__ import annotations

from faults import Fault


def of(kind: str, old_of_all: str):
    """Makes faults of one kind; without a text to replace, the new one goes before `old_of_all`."""

    def make(row: str, new: str, checks: set[str], says: str, old: str = "", **more) -> Fault:
        edit = (old, new) if old else (old_of_all, new + old_of_all)
        return Fault(row, [edit], checks, says, kinds=more.pop("kinds", [kind]), **more)

    return make


apache = of("apache", '    ProxyPass "/"')
MODULES = "a2enmod proxy proxy_http headers ssl"
APACHE = {
    "no upgrade": apache("A1", "", {"socket"}, "upgrade=websocket", old=" upgrade=websocket timeout=3600"),
    "sockets after all else": apache(
        "A1", '"http://127.0.0.1:UPSTREAM/"\n    ProxyPass "/ws" "ws://127.0.0.1:UPSTREAM/ws"', {"socket"},
        "no ProxyPass or Location for /ws", old='"http://127.0.0.1:UPSTREAM/" upgrade=websocket timeout=3600'),
    "sockets apart, without upgrade": apache(
        "A2", '    ProxyPass "/ws" "http://127.0.0.1:UPSTREAM/ws"\n', {"socket"}, "upgrade=websocket"),
    "Host of the upstream": apache("A3", "ProxyPreserveHost Off", {"host"}, "ProxyPreserveHost On", old="ProxyPreserveHost On"),
    "wrong port": apache("A5", "127.0.0.1:9/", {"upstream"}, "setting listen", old="127.0.0.1:UPSTREAM/"),
    "no scheme": apache(
        "A6", "", {"scheme"}, "RequestHeader set X-Forwarded-Proto",
        old='    RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"\n'),
    "no address": apache("A9", "    ProxyAddHeaders Off\n", {"visitor"}, "ProxyAddHeaders On"),
    "a password before it": Fault(
        "B15", [(MODULES, MODULES + " auth_basic authn_core authn_file authz_user"),
                ('    ProxyPass "/"', '    <Location "/">\n        AuthType Basic\n        AuthName staff\n'
                 '        AuthUserFile /dev/null\n        Require valid-user\n    </Location>\n    ProxyPass "/"')],
        {"wall"}, "no AuthType", kinds=["apache"]),
    "a path of its own": apache("B25", "127.0.0.1:UPSTREAM/app/", {"path"}, "with a slash at both ends", old="127.0.0.1:UPSTREAM/"),
    "/ws redirected": Fault(
        "B26", [(MODULES, MODULES + " rewrite"),
                ('    ProxyPass "/"', '    RewriteEngine On\n    RewriteRule "^/ws$" "/ws/" [R=301,L]\n    ProxyPass "/"')],
        {"socket"}, "no RewriteRule for /ws", kinds=["apache"]),
    "microphone forbidden": apache(
        "B27", '    Header always set Permissions-Policy "microphone=()"\n', {"headers"}, "no Header set"),
    "https to the port for http": Fault(
        "B30", [('"http://127.0.0.1:UPSTREAM/"', '"https://127.0.0.1:UPSTREAM/"'),
                ("    SSLEngine on\n", "    SSLEngine on\n    SSLProxyEngine on\n")],
        {"upstream"}, "with http:// and not https://", kinds=["apache"]),
    "a change of protocol offered": apache("C18", '    Header always set Upgrade "h2,h2c"\n', {"upgrade"}, "Header unset Upgrade"),
    "short headers": apache("C7", "LimitRequestFieldSize 2000\n\n<VirtualHost *:PORT>", {"long-header"},
                            "LimitRequestFieldSize 16380", old="<VirtualHost *:PORT>"),
    "Authorization lost": apache(
        "C27", "    RequestHeader unset Authorization\n", {"authorization"}, "no RequestHeader unset Authorization"),
}

caddy = of("caddy", "        flush_interval -1\n")
PROXY = "    reverse_proxy 127.0.0.1:UPSTREAM {"
CADDY = {
    "no upgrade": caddy("A1", "        header_up -Upgrade\n        header_up -Connection\n", {"socket"}, "without header_up"),
    "Host of the upstream": caddy("A3", "        header_up Host {upstream_hostport}\n", {"host"}, "no header_up Host"),
    "wrong port": caddy("A5", "reverse_proxy 127.0.0.1:9 {", {"upstream"}, "setting listen", old="reverse_proxy 127.0.0.1:UPSTREAM {"),
    "no scheme": caddy("A6", "        header_up -X-Forwarded-Proto\n", {"scheme"}, "no header_up X-Forwarded-Proto"),
    "no address": caddy("A9", "        header_up -X-Forwarded-For\n", {"visitor"}, "no header_up X-Forwarded-For"),
    "small bodies": caddy("A11", "    request_body {\n        max_size 64KB\n    }\n" + PROXY, {"upload"},
                          "max_size 110MB", old=PROXY),
    "a scheme that the outer one knows better": Fault(
        "A7", [("trusted_proxies 127.0.0.1", "trusted_proxies 10.0.0.1")], {"scheme"}, "trusted_proxies static",
        kinds=["nginx", "caddy"]),
    "cookies not Secure": caddy("A14", '        header_down Set-Cookie "; Secure" ""\n', {"form"}, "no header_down Set-Cookie"),
    "a password before it": caddy(
        "B15", "    basic_auth {\n        staff $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n    }\n" + PROXY,
        {"wall"}, "no basic_auth", old=PROXY),
    "a path of its own": caddy("B25", "    rewrite * /app{uri}\n" + PROXY, {"path"}, "without rewrite", old=PROXY),
    "microphone forbidden": caddy(
        "B27", '        header_down Permissions-Policy "microphone=()"\n', {"headers"}, "no header_down"),
    "PROXY protocol sent": caddy("B29", "        transport http {\n            proxy_protocol v2\n        }\n", {"preamble"},
                                 "no proxy_protocol in transport"),
    "http to the port for TLS": Fault("B30", [], {"preamble"}, "reverse_proxy https://", kinds=["caddy"], tls=True),
    "OPTIONS answered": caddy(
        "C27", "    @options method OPTIONS\n    respond @options 204\n" + PROXY, {"methods"}, "no respond for OPTIONS", old=PROXY),
}

haproxy = of("haproxy", "    option forwardfor\n")
HAPROXY = {
    "no upgrade": haproxy("A1", "    http-request del-header Upgrade\n", {"socket"}, "no del-header of Upgrade"),
    "Host of the upstream": haproxy("A3", "    http-request set-header Host 127.0.0.1\n", {"host"}, "no http-request set-header Host"),
    "wrong port": haproxy("A5", "server parley 127.0.0.1:9", {"upstream"}, "setting listen", old="server parley 127.0.0.1:UPSTREAM"),
    "a scheme that the outer one knows better": Fault(
        "A7", [("if !{ ssl_fc } !has_scheme", "if !{ ssl_fc }")], {"scheme"},
        "-m found", kinds=["nginx", "haproxy"]),
    "no scheme": haproxy("A6", "", {"scheme"}, "X-Forwarded-Proto https if { ssl_fc }",
                         old="    http-request set-header X-Forwarded-Proto https if { ssl_fc }\n"),
    "no address": haproxy("A9", "", {"visitor"}, "option forwardfor", old="    option forwardfor\n"),
    "small bodies": haproxy(
        "A11", "    http-request deny deny_status 413 if { req.hdr_val(content-length) gt 65536 }\n", {"upload"}, "Content-Length"),
    "a password before it": haproxy(
        "B15", "    http-request auth realm staff if { ssl_fc }\n", {"wall"}, "no http-request auth"),
    "a path of its own": haproxy("B25", "    http-request set-path /app%[path]\n", {"path"}, "no http-request set-path"),
    "a firewall, simulated by one rule": haproxy(
        "B19", "    option http-buffer-request\n    http-request deny deny_status 403 if { req.body -m sub having }\n",
        {"firewall"}, "having friends over is nice"),
    "/ws redirected": haproxy("B26", "    http-request redirect location /ws/ code 301 if { path /ws }\n", {"socket"},
                              "no http-request redirect"),
    "microphone forbidden": haproxy(
        "B27", "    http-response set-header Permissions-Policy microphone=()\n", {"headers"}, "no http-response set-header"),
    "PROXY protocol sent": haproxy("B29", "server parley 127.0.0.1:UPSTREAM send-proxy-v2", {"preamble"}, "without send-proxy",
                                   old="server parley 127.0.0.1:UPSTREAM"),
    "PROXY protocol not sent": haproxy(
        "B29", "server parley 127.0.0.1:UPSTREAM source 127.0.0.2", {"preamble"}, "unless the server has proxy-protocol",
        old="server parley 127.0.0.1:UPSTREAM", settings={"proxy_protocol": "true", "trusted_proxies": "127.0.0.2"}),
    "http to the port for TLS": Fault("B30", [], {"preamble"}, "with ssl where", kinds=["haproxy"], tls=True),
    "HTTP/2 to the server": haproxy(
        "C1", "server parley 127.0.0.1:UPSTREAM ssl verify none alpn h2 ws h2", {"socket"}, "without proto h2",
        old="server parley 127.0.0.1:UPSTREAM", tls=True),
    "no chunks": haproxy("C9", "    http-request deny deny_status 405 if { req.fhdr(transfer-encoding) -m found }\n",
                         {"chunks"}, "no http-request deny for Transfer-Encoding"),
}

traefik = of("traefik", "      service: parley\n")
NOTE = "  services:\n    parley:\n"


def middleware(row: str, text: str, checks: set[str], says: str, **more) -> Fault:
    """A middleware of the router, as it stands in YAML on one line."""
    return Fault(
        row, [("      service: parley\n", "      service: parley\n      middlewares:\n        - wrong\n"),
              (NOTE, f"  middlewares:\n    wrong: {text}\n" + NOTE)],
        checks, says, kinds=["traefik"], **more)


TRAEFIK = {
    "no upgrade": middleware("A1", '{headers: {customRequestHeaders: {Upgrade: ""}}}', {"socket"}, "customRequestHeaders of Upgrade"),
    "Host of the upstream": Fault(
        "A3", [("      loadBalancer:\n", "      loadBalancer:\n        passHostHeader: false\n")], {"host"}, "passHostHeader",
        kinds=["traefik"]),
    "wrong port": traefik("A5", "127.0.0.1:9", {"upstream"}, "setting listen", old="127.0.0.1:UPSTREAM"),
    "a scheme that the outer one knows better": Fault(
        "A7", [('- "127.0.0.1"', '- "10.0.0.1"')], {"scheme"}, "forwardedHeaders.trustedIPs", kinds=["nginx", "traefik"],
        file="traefik.yml"),
    "a password before it": middleware(
        "B15", '{basicAuth: {users: ["staff:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"]}}', {"wall"}, "no basicAuth"),
    "streams buffered": middleware("B17", "{buffering: {memResponseBodyBytes: 100000}}", {"stream"}, "no buffering"),
    "another name": traefik("B24", "Host(`other.example`)", {"answer"}, "Host(`", old="Host(`localhost`)"),
    "a path of its own": middleware("B25", "{addPrefix: {prefix: /app}}", {"path"}, "no addPrefix"),
    "microphone forbidden": middleware(
        "B27", '{headers: {customResponseHeaders: {Permissions-Policy: "microphone=()"}}}', {"headers"}, "no headers in the router"),
    "http to the port for TLS": Fault("B30", [], {"preamble"}, "https://", kinds=["traefik"], tls=True),
    "Authorization lost": middleware(
        "C27", '{headers: {customRequestHeaders: {Authorization: ""}}}', {"authorization"}, "customRequestHeaders of Authorization"),
}
