"""What people get wrong in nginx."""

from __future__ import annotations

from faults import Fault

PASS = "        proxy_pass http://127.0.0.1:UPSTREAM;\n"
LOCATION = "    location / {\n        proxy_pass"
ADDRESS = "        proxy_set_header X-Forwarded-For $remote_addr;\n"
SCHEME = "X-Forwarded-Proto $scheme;"
UPGRADE = ("proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
           "proxy_set_header Connection $parley_connection; ")


def beside(row: str, lines: str, checks: set[str], says: str, **more) -> Fault:
    """Lines of the server, before its location."""
    return Fault(row, [(LOCATION, f"    {lines}\n" + LOCATION)], checks, says, **more)


def inside(row: str, lines: str, checks: set[str], says: str, **more) -> Fault:
    """Lines of the location."""
    return Fault(row, [(PASS, PASS + f"        {lines}\n")], checks, says, **more)


def line(row: str, old: str, new: str, checks: set[str], says: str, **more) -> Fault:
    return Fault(row, [(old, new)], checks, says, **more)


NGINX = {
    "no Upgrade": line("A1", "        proxy_set_header Upgrade $http_upgrade;\n", "", {"socket"}, "Upgrade $http_upgrade"),
    "no Connection": line(
        "A1", "        proxy_set_header Connection $parley_connection;\n", "", {"socket"}, "Connection $parley_connection"),
    "no upgrade below /ws": beside(
        "A2", "location /ws { proxy_pass http://127.0.0.1:UPSTREAM; }", {"socket"}, "one location that serves both"),
    "upgrade below /ws/ alone": Fault(
        "A2", [("        proxy_set_header Upgrade $http_upgrade;\n", ""),
               (LOCATION, "    location ~ ^/ws/ { proxy_pass http://127.0.0.1:UPSTREAM; " + UPGRADE + "}\n" + LOCATION)],
        {"socket"}, "elsewhere (/ws/) it does"),
    "Host without its port": line("A3", "Host $http_host;", "Host $host;", {"host"}, "proxy_set_header Host $http_host"),
    "Host of the upstream": line(
        "A3", "        proxy_set_header Host $http_host;\n", "", {"host"}, "proxy_set_header Host $http_host"),
    "wrong port": line("A5", "127.0.0.1:UPSTREAM;", "127.0.0.1:9;", {"upstream"}, "setting listen"),
    "no scheme": line("A6", "        proxy_set_header X-Forwarded-Proto $scheme;\n", "", {"scheme"}, SCHEME),
    "wrong scheme": line("A6", SCHEME, "X-Forwarded-Proto http;", {"scheme"}, SCHEME),
    "misspelt scheme": line("A6", SCHEME, "X-Forward-Proto $scheme;", {"scheme"}, SCHEME),
    "a scheme that the outer one knows better": line(
        "A7", "X-Forwarded-Proto $parley_scheme;", SCHEME, {"scheme"}, "default $scheme; https https;",
        kinds=["caddy", "nginx"]),
    "a loop": beside(
        "A8", "location /api/ { return 301 https://$http_host$request_uri; }", {"loop"}, "outermost proxy redirect"),
    "no address": line("A9", ADDRESS, "", {"visitor"}, "X-Forwarded-For $remote_addr"),
    "address that is none": line(
        "A9", "X-Forwarded-For $remote_addr;", "X-Forwarded-For nobody;", {"visitor"}, "X-Forwarded-For $remote_addr"),
    "another Origin": inside("A10", 'proxy_set_header Origin "http://127.0.0.1";', {"form"}, "no proxy_set_header Origin"),
    "no POST": beside(
        "A10", "location /accounts/ { limit_except GET { deny all; } proxy_pass http://127.0.0.1:UPSTREAM; }", {"form"},
        "let POST requests pass"),
    "small bodies": line(
        "A11", "client_max_body_size 2m;", "client_max_body_size 64k;", {"upload"}, "client_max_body_size 110m"),
    "bodies almost as large as the server takes": line(
        "A11", "client_max_body_size 2m;", "client_max_body_size 131071;", {"upload"}, "client_max_body_size 110m"),
    "cookies hidden": beside("A14", "proxy_hide_header Set-Cookie;", {"form"}, "Set-Cookie"),
    "cookies not Secure": beside("A14", "proxy_cookie_flags ~ nosecure;", {"form"}, "proxy_cookie_flags"),
    "everybody trusted": line(
        "B3", "", "", {"forgery"}, "trusted-proxies=127.0.0.1", settings={"trusted_proxies": "0.0.0.0/0"}),
    "proxy not trusted": line(
        "B5", "", "", {"visitor"}, "trusted-proxies=10.0.0.1,127.0.0.1", settings={"trusted_proxies": "10.0.0.1"}),
    "headers lost below /ws": beside(
        "B6", "location /ws { proxy_pass http://127.0.0.1:UPSTREAM; " + UPGRADE + "}", {"socket-headers"},
        "one location that serves both"),
    "Connection upgrade always": line(
        "B7", "Connection $parley_connection;", 'Connection "upgrade";', {"connection"}, "with a map of $http_upgrade"),
    "a password before it": beside("B15", "location /api/ { return 401; }", {"wall"}, "no auth_basic"),
    "a login before it": beside("B15", "location /api/ { return 302 https://login.example/; }", {"wall"}, "no auth_request"),
    "streams buffered": Fault(
        "B17", [("proxy_buffering off;", "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;")], {"stream"},
        "proxy_buffering off"),
    "streams compressed": beside("B17", "gzip on; gzip_types text/event-stream;", {"stream"}, "nor gzip"),
    "pages may be cached": beside(
        "B18", 'proxy_hide_header Cache-Control; add_header Cache-Control "public, max-age=60";', {"cache"}, "Cache-Control"),
    "answers cached": Fault(
        "B18", [("map $http_upgrade", "proxy_cache_path FOLDER/cache keys_zone=kept:1m;\nmap $http_upgrade"),
                ("proxy_buffering off;", "proxy_buffering on; proxy_cache kept; proxy_cache_valid 200 1m; "
                 "proxy_ignore_headers Cache-Control Set-Cookie Expires;")],
        {"cache"}, "proxy_cache off"),
    "no DELETE": beside(
        "B19", "if ($request_method = DELETE) { return 403; }", {"firewall"}, "DELETE: 403"),
    "one family alone": line(
        "B22", "    listen [::]:PORT ssl http2;\n", "", {"families"}, "listen [::]:443 ssl",
        options=["--addresses", "127.0.0.1,::1"]),
    "one address for all of IPv6": Fault(
        "B4", [("map $http_upgrade", "map $remote_addr $told { default $remote_addr; ::1 172.18.0.1; }\nmap $http_upgrade"),
               ("X-Forwarded-For $remote_addr;", "X-Forwarded-For $told;")],
        {"visitor-v6"}, "enable_ipv6", options=["--addresses", "127.0.0.1,::1"]),
    "another site": beside("B24", "location /api/ { return 200 hello; }", {"answer"}, "server_name"),
    "a page instead": beside("B24", "location /api/ { return 404; }", {"answer"}, "server_name"),
    "/ws of somebody else": beside("B24", "location /ws { return 200 hello; }", {"socket"}, "where the pages go"),
    "another public URL": line(
        "B24", "", "", {"public-url"}, "public-url=https://localhost",
        settings={"public_url": "https://elsewhere.example", "allowed_hosts": "localhost"}),
    "a path of its own": line("B25", "127.0.0.1:UPSTREAM;", "127.0.0.1:UPSTREAM/chat/;", {"path"}, "without a path"),
    "no slash, no chat": Fault(
        "B25", [("location = /chat {", "location = /other {"), ("location /chat/ {", "location ~ ^/chat/ {")], {"slash"},
        "without a path", path="/chat"),
    "/ws redirected": beside(
        "B26", "location = /ws { return 301 https://$http_host/ws/; }", {"socket"}, "without a redirect"),
    "microphone forbidden": beside(
        "B27", 'add_header Permissions-Policy "microphone=()" always;', {"headers"}, "add_header"),
    "second policy": beside(
        "B27", "add_header Content-Security-Policy \"connect-src 'self'\" always;", {"headers"}, "there twice"),
    "policy hidden": beside("B27", "proxy_hide_header Content-Security-Policy;", {"headers"}, "is missing"),
    "PROXY protocol expected": line(
        "B29", "listen PORT ssl http2;", "listen PORT ssl http2 proxy_protocol;", {"answer"}, "proxy_protocol at listen",
        options=["--proxy", "nginx"]),
    "http to the port for TLS": line(
        "B30", "", "", {"preamble"}, "proxy_pass https://", tls=True),
    "redirects of its own, behind another": Fault(
        "B31", [("absolute_redirect off;", "absolute_redirect on;"),
                (LOCATION, "    location /rooms/ { proxy_pass http://127.0.0.1:UPSTREAM; }\n" + LOCATION)],
        {"slash"}, "absolute_redirect off", kinds=["caddy", "nginx"]),
    "http redirected elsewhere": line(
        "B31", "return 308 https://localhost:PORT$request_uri;", "return 308 https://localhost:9$request_uri;", {"http"},
        "absolute_redirect off", options=["--http-port", "REDIRECT"]),
    "a login before certificates": line(
        "B21", "root /var/www/html;", "return 403;", {"acme"}, "acme-challenge/ { root", options=["--http-port", "REDIRECT"]),
    "subprotocol hidden": beside(
        "C3", "proxy_hide_header Sec-WebSocket-Protocol;", {"subprotocol"}, "Sec-WebSocket-Protocol"),
    "compression promised": beside(
        "C4", "add_header Sec-WebSocket-Extensions permessage-deflate always;", {"extensions"}, "Sec-WebSocket-Extensions"),
    "a script in every page": beside(
        "C5", "sub_filter '</head>' '<script src=\"/count.js\"></script></head>';", {"html"}, "no sub_filter"),
    "short headers": beside(
        "C7", "client_header_buffer_size 1k; large_client_header_buffers 2 2k;", {"long-header"}, "large_client_header_buffers"),
    "bodies dropped": inside(
        "C9", "proxy_pass_request_body off; proxy_set_header Content-Length 0;", {"chunks", "upload"}, "proxy_pass_request_body"),
    "links over http": beside(
        "C20", "sub_filter_once off; sub_filter '=\"/static/' '=\"http://localhost/static/';", {"links"}, "no sub_filter"),
    "query lost": Fault(
        "C22", [("location / {\n        proxy_pass http://127.0.0.1:UPSTREAM;",
                 "location ~ ^/(.*)$ {\n        proxy_pass http://127.0.0.1:UPSTREAM/$1;")], {"query"}, "without a variable"),
    "Authorization lost": inside(
        "C27", 'proxy_set_header Authorization "";', {"authorization"}, "no proxy_set_header Authorization"),
    "OPTIONS answered": beside(
        "C27", "if ($request_method = OPTIONS) { return 204; }", {"methods"}, "no return for OPTIONS"),
    "a clock that is behind": line(
        "C28", "", "", {"clock"}, "the server's is", around=("faketime", "-f", "+120")),
}
