"""What breaks other servers behind proxies, and this one not: the doctor has nothing to say, or as good as nothing."""

from __future__ import annotations

from faults import Fault
from nginx_faults import line

HARMLESS = {
    "nginx: HTTP/1.0 to the server": line("A1", "proxy_http_version 1.1;", "proxy_http_version 1.0;", set(), ""),
    "nginx: streams buffered, as X-Accel-Buffering forbids": line(
        "B17", "proxy_buffering off;", "proxy_buffering on;", set(), ""),
    "nginx: the scheme twice": line(
        "B2", "X-Forwarded-Proto $scheme;", 'X-Forwarded-Proto "https, $scheme";', set(), ""),
    "nginx: what the visitor says of themselves, and then the truth": line(
        "B3", "X-Forwarded-For $remote_addr;", "X-Forwarded-For $proxy_add_x_forwarded_for;", set(), ""),
    "nginx: an address with a port": line(
        "C10", "X-Forwarded-For $remote_addr;", 'X-Forwarded-For "$remote_addr:$remote_port";', set(), ""),
    "nginx: names with underscores": Fault(
        "C11", [("    absolute_redirect off;", "    underscores_in_headers on;\n    absolute_redirect off;")], set(), ""),
    "nginx: another port in X-Forwarded-Host": line(
        "C21", "X-Forwarded-Host $http_host;", 'X-Forwarded-Host "localhost:1";', set(), ""),
    "nginx: the path stripped": Fault(
        "B25", [("proxy_pass http://127.0.0.1:UPSTREAM;", "proxy_pass http://127.0.0.1:UPSTREAM/;")], set(), "", path="/chat"),
    "nginx: 60 s of patience": Fault(
        "A4", [("        proxy_read_timeout 3600s;\n", ""), ("        proxy_send_timeout 3600s;\n", "")], set(), ""),
    "Traefik: wss for https": Fault("B1", [], set(), "", kinds=["traefik"]),
    "Apache: a limit that it does not hold proxied bodies to": Fault(
        "A11", [("LimitRequestBody 2097152", "LimitRequestBody 65536")], set(), "", kinds=["apache"]),
    "HAProxy: two lines of addresses": Fault(
        "B3", [("    http-request del-header X-Forwarded-For\n", "")], set(), "", kinds=["haproxy"]),
}
