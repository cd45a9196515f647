"""Configurations as people have published them for other chats: the same directives, in our words, with names and ports
adapted. Faerie Chat (000), RelayDesk (001), Decentra (002), Chatalot (003)."""

from __future__ import annotations

from dataclasses import dataclass

#: What all three nginx files pass on of the visitor; `$host` has no port.
NGINX_HEADERS = """
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
"""
NGINX_SCHEME = "        proxy_set_header X-Forwarded-Proto $scheme;\n"
NGINX_UPGRADE = """
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
"""
NGINX_TLS = """
    listen PORT ssl http2;
    server_name localhost;
    ssl_certificate FOLDER/chain.pem;
    ssl_certificate_key FOLDER/chain.pem.key;
"""


@dataclass
class Found:
    kind: str
    text: str
    #: The rows that the doctor names; without any it has to be content.
    rows: set[str]
    #: Where sockets open.
    path: str = "/ws"
    #: Whether it stands behind an edge that ends TLS.
    is_inner: bool = False


FOUND = {
    "000: nginx on port 80 behind ngrok (the edge is simulated) overwrites the scheme": Found("nginx", """
map $http_upgrade $connection_upgrade {
    default upgrade;
    "" close;
}
server {
    listen PORT;
    location / {
        proxy_pass http://127.0.0.1:UPSTREAM;
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_read_timeout 86400s;
    }
}
""", {"A7"}, is_inner=True),
    "001: nginx redirects /ws to /ws/, where alone it upgrades, and drops the port": Found("nginx", f"""
upstream application {{
    server 127.0.0.1:UPSTREAM;
}}
server {{{NGINX_TLS}
    location /ws/ {{
        proxy_pass http://application;{NGINX_UPGRADE}{NGINX_HEADERS}{NGINX_SCHEME}
        proxy_connect_timeout 7d;
        proxy_send_timeout 7d;
        proxy_read_timeout 7d;
    }}
    location / {{
        proxy_pass http://application;{NGINX_HEADERS}{NGINX_SCHEME}
    }}
}}
""", {"A3", "B26"}, path="/ws/"),
    "002: nginx says upgrade always, and drops the port": Found("nginx", f"""
upstream application {{
    server localhost:UPSTREAM;
}}
server {{{NGINX_TLS}
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers HIGH:!aNULL:!MD5;
    location / {{
        proxy_pass http://application;{NGINX_UPGRADE}{NGINX_HEADERS}{NGINX_SCHEME}
        proxy_connect_timeout 60s;
        proxy_send_timeout 3600s;
        proxy_read_timeout 3600s;
    }}
}}
""", {"A3", "B7"}),
    "002: Caddy sends once more what it sends anyhow, and drops the port": Found("caddy", """
https://localhost:PORT {
    tls FOLDER/chain.pem FOLDER/chain.pem.key
    reverse_proxy localhost:UPSTREAM {
        header_up Host {host}
        header_up X-Real-IP {remote_host}
        header_up X-Forwarded-For {remote_host}
        header_up X-Forwarded-Proto {scheme}
    }
}
""", {"A3"}),
    "002: Apache upgrades by a rewrite": Found("apache", """
# a2enmod proxy proxy_http proxy_wstunnel rewrite headers ssl
Listen PORT
<VirtualHost *:PORT>
    ServerName localhost
    SSLEngine on
    SSLCertificateFile FOLDER/chain.pem
    SSLCertificateKeyFile FOLDER/chain.pem.key
    ProxyPreserveHost On
    ProxyPass / http://localhost:UPSTREAM/
    ProxyPassReverse / http://localhost:UPSTREAM/
    RewriteEngine On
    RewriteCond %{HTTP:Upgrade} =websocket [NC]
    RewriteRule /(.*) ws://localhost:UPSTREAM/$1 [P,L]
    RequestHeader set X-Forwarded-Proto "https"
    RequestHeader set X-Real-IP %{REMOTE_ADDR}s
</VirtualHost>
""", set()),
    "003: nginx tells sockets less than pages, and drops the port": Found("nginx", f"""
server {{{NGINX_TLS}
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers HIGH:!aNULL:!MD5;
    ssl_prefer_server_ciphers on;
    client_max_body_size 110M;
    location / {{
        proxy_pass http://127.0.0.1:UPSTREAM;{NGINX_HEADERS}{NGINX_SCHEME}
    }}
    location /ws {{
        proxy_pass http://127.0.0.1:UPSTREAM/ws;{NGINX_UPGRADE}{NGINX_HEADERS}
        proxy_read_timeout 86400s;
        proxy_send_timeout 86400s;
    }}
}}
""", {"A3", "B6"}),
    "003: Caddy with a limit on bodies": Found("caddy", """
https://localhost:PORT {
    tls FOLDER/chain.pem FOLDER/chain.pem.key
    reverse_proxy localhost:UPSTREAM
    request_body {
        max_size 110MB
    }
}
""", set()),
}
