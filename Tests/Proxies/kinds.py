"""Each proxy: what stands around the chat's part of its configuration, how it starts and how it reloads."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

from proxies import VENV, Proxy
from support.server import clean_environment


class Nginx(Proxy):
    kind = program = "nginx"
    reload_ends_sockets = True

    def framed(self, site: dict[str, str]) -> dict[str, str]:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n    ".join(f"{kind}_temp_path {self.folder}/{kind}_temp;" for kind in kinds)
        # Workers of root's would not get into a test's folder. Old ones end soon after a reload, so that it is felt.
        user = "user root;" if os.geteuid() == 0 else ""
        return site | {"nginx.conf": f"""
{user}
daemon off;
worker_processes 1;
worker_shutdown_timeout 1s;
pid {self.folder}/nginx.pid;
error_log stderr notice;
events {{}}
http {{
    {temporary}
    access_log off;
    include {self.folder}/parley.conf;
}}
"""}

    def command(self) -> list[object]:
        return [self.path, "-e", "stderr", "-c", self.folder / "nginx.conf", "-p", self.folder]

    def ask_to_reload(self, process: int) -> None:
        os.kill(process, signal.SIGHUP)


class Caddy(Proxy):
    kind = program = "caddy"

    @property
    def version(self) -> str | None:
        done = subprocess.run([str(self.path), "version"], capture_output=True, text=True, timeout=30, check=True)
        found = re.search(r"\d+\.\d+\.\d+", done.stdout)
        assert found, done.stdout
        return found.group()

    @property
    def admin(self) -> str:
        return f"unix/{self.folder}/admin.sock"

    def framed(self, site: dict[str, str]) -> dict[str, str]:
        # Before `stream_close_delay`, which the command writes for newer ones alone, a reload cuts all sockets.
        self.reload_ends_sockets = "stream_close_delay" not in site["Caddyfile"]
        return {"Caddyfile": f"""
{{
    admin {self.admin}
    skip_install_trust
    http_port {self.redirect_port}
    storage file_system {self.folder}/storage
    servers {{
        protocols h1 h2
    }}
}}
{site["Caddyfile"]}
"""}

    def command(self) -> list[object]:
        return [self.path, "run", "--config", self.folder / "Caddyfile", "--adapter", "caddyfile"]

    def ask_to_reload(self, process: int) -> None:
        # Forced, since the text is the same where only the certificate's files changed.
        done = subprocess.run(
            [str(self.path), "reload", "--force", "--address", self.admin, "--adapter", "caddyfile",
             "--config", str(self.folder / "Caddyfile")],
            env=clean_environment(HOME=str(self.folder)), capture_output=True, text=True, timeout=30, check=False,
        )
        assert done.returncode == 0, done.stderr


class Apache(Proxy):
    kind, program = "apache", "apache2"
    #: Of those that Debian turns on by itself, and HTTP/2. The others are what the file's head says to turn on.
    modules = ("mpm_event", "authz_core", "alias", "http2")

    def framed(self, site: dict[str, str]) -> dict[str, str]:
        wanted = re.search(r"^# +a2enmod (.+)$", site["parley.conf"], re.MULTILINE)
        assert wanted, site["parley.conf"]
        modules = "\n".join(
            f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
            for name in (*self.modules, *wanted.group(1).split()))
        # Debian's own ports.conf has the usual ports: they are in the frame, any other one is in the file.
        ports = {port for port in (self.port, self.redirect_port) if f"<VirtualHost *:{port}>" in site["parley.conf"]}
        listen = "\n".join(f"Listen {port}" for port in ports if f"\nListen {port}\n" not in site["parley.conf"])
        return site | {"apache.conf": f"""
ServerRoot {self.folder}
ServerName localhost
PidFile {self.folder}/apache.pid
ErrorLog /dev/stderr
LogLevel notice
{modules}
Mutex pthread default
User www-data
Group www-data
StartServers 1
{listen}
Include {self.folder}/parley.conf
"""}

    def command(self) -> list[object]:
        return [self.path, "-DFOREGROUND", "-f", self.folder / "apache.conf"]

    def ask_to_reload(self, process: int) -> None:
        os.kill(process, signal.SIGUSR1)


class HAProxy(Proxy):
    kind = program = "haproxy"
    reload_ends_sockets = True

    def framed(self, site: dict[str, str]) -> dict[str, str]:
        return site

    def prepare(self) -> None:
        """Makes the one file that it reads the certificate from, by the command in the head of the configuration."""
        text = (self.folder / "haproxy.cfg").read_text(encoding="utf-8")
        if combine := re.search(r"^# +(cat \S+ \S+ > \S+\.pem)$", text, re.MULTILINE):
            subprocess.run(["sh", "-c", combine.group(1)], timeout=30, check=True)
        else:
            assert " ssl " not in text, text

    def command(self) -> list[object]:
        return [self.path, "-W", "-db", "-f", self.folder / "haproxy.cfg"]

    def ask_to_reload(self, process: int) -> None:
        os.kill(process, signal.SIGUSR2)


class Traefik(Proxy):
    kind = program = "traefik"

    def framed(self, site: dict[str, str]) -> dict[str, str]:
        return site | {"traefik.yml": f"""{site["traefik.yml"]}
global:
  checkNewVersion: false
  sendAnonymousUsage: false
log:
  level: INFO
"""}

    def command(self) -> list[object]:
        return [self.path, f"--configFile={self.folder}/traefik.yml"]

    def ask_to_reload(self, process: int) -> None:
        # It watches its file: the same text once more makes it read the certificate's files too.
        self.write({"parley.yml": (self.folder / "parley.yml").read_text(encoding="utf-8")})


def make(name: str, folder: Path) -> Proxy:
    """The proxy of this name; Debian's Caddy and the newest differ."""
    match name:
        case "nginx":
            return Nginx(folder)
        case "caddy-debian":
            return Caddy(folder, Path("/usr/bin/caddy"))
        case "caddy":
            return Caddy(folder, VENV / "caddy")
        case "apache":
            return Apache(folder)
        case "haproxy":
            return HAProxy(folder)
        case "traefik":
            return Traefik(folder, VENV / "traefik")
    raise ValueError(name)
