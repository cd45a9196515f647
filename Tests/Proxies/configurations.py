"""What stands in each proxy's configuration for one chat: correct and minimal, for a proxy that faces the Internet.

`configuration` is the one function that the tests call. It will ask `parley proxy-config NAME` for these texts.
"""

from __future__ import annotations

from dataclasses import dataclass

from support.certificates import Certificate


@dataclass
class Wanted:
    """The public port, the server or inner proxy behind it as HOST:PORT, and the certificate, if there is TLS."""

    port: int
    upstream: str
    certificate: Certificate | None
    #: Whether another proxy of ours is in front, which has said already who the client is.
    inner: bool = False


def configuration(name: str, wanted: Wanted) -> str:
    return {"nginx": nginx, "caddy": caddy, "apache": apache, "haproxy": haproxy, "traefik": traefik}[name](wanted)


def nginx(wanted: Wanted) -> str:
    tls = wanted.certificate
    listen = f"""listen 127.0.0.1:{wanted.port} ssl http2;
    ssl_certificate {tls.chain};
    ssl_certificate_key {tls.key};""" if tls else f"listen 127.0.0.1:{wanted.port};"
    client = "$proxy_add_x_forwarded_for" if wanted.inner else "$remote_addr"
    scheme = "$http_x_forwarded_proto" if wanted.inner else "$scheme"
    return f"""
map $http_upgrade $connection_upgrade {{
    default upgrade;
    '' '';
}}
server {{
    {listen}
    server_name chat.test localhost;
    absolute_redirect off;
    location / {{
        proxy_pass http://{wanted.upstream};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For {client};
        proxy_set_header X-Forwarded-Proto {scheme};
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_read_timeout 3600s;
        proxy_send_timeout 3600s;
    }}
}}
"""


def caddy(wanted: Wanted) -> str:
    tls = wanted.certificate
    assert tls
    return f"""
https://chat.test:{wanted.port}, https://localhost:{wanted.port} {{
    bind 127.0.0.1
    tls {tls.chain} {tls.key}
    reverse_proxy {wanted.upstream}
}}
"""


def apache(wanted: Wanted) -> str:
    tls = wanted.certificate
    assert tls
    return f"""
Listen 127.0.0.1:{wanted.port} https
<VirtualHost 127.0.0.1:{wanted.port}>
    ServerName chat.test
    ServerAlias localhost
    Protocols h2 http/1.1
    SSLEngine on
    SSLCertificateFile {tls.chain}
    SSLCertificateKeyFile {tls.key}
    ProxyPreserveHost On
    RequestHeader unset X-Forwarded-For early
    RequestHeader set X-Forwarded-Proto https
    ProxyPass / http://{wanted.upstream}/ upgrade=websocket timeout=3600
</VirtualHost>
"""


def haproxy(wanted: Wanted) -> str:
    tls = wanted.certificate
    assert tls
    return f"""
frontend chat
    mode http
    bind 127.0.0.1:{wanted.port} ssl crt {tls.chain} alpn h2,http/1.1
    timeout client 60s
    timeout client-fin 30s
    http-request del-header X-Forwarded-For
    option forwardfor
    http-request set-header X-Forwarded-Proto https
    default_backend chat

backend chat
    mode http
    timeout connect 5s
    timeout server 60s
    timeout tunnel 1h
    server parley {wanted.upstream}
"""


def traefik(wanted: Wanted) -> str:
    """The dynamic configuration. Its entry point, `websecure`, is in the static one."""
    tls = wanted.certificate
    assert tls
    return f"""
http:
  routers:
    chat:
      rule: Host(`chat.test`) || Host(`localhost`)
      entryPoints: [websecure]
      service: chat
      tls: {{}}
  services:
    chat:
      loadBalancer:
        servers:
          - url: http://{wanted.upstream}
tls:
  certificates:
    - certFile: {tls.chain}
      keyFile: {tls.key}
"""
