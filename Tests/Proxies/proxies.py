"""Real reverse proxies, each an ordinary foreground process in a folder of its own, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

from support.server import CHECKOUT, clean_environment, free_port

VENV = CHECKOUT / ".venv-proxies/bin"
PATIENCE = 15.0


class Proxy:
    """`start` takes the part of the configuration that is about the chat; the frame around it is in `files`."""

    #: Which of the texts of configurations.py it takes.
    kind: str
    program: str
    #: Whether open sockets end at a reload or soon after it.
    reload_ends_sockets = False

    def __init__(self, folder: Path, program: Path | None = None):
        self.folder = folder
        self.port = free_port()
        self.path = program or shutil.which(self.program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        self.log_path = folder / "proxy.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_installed(self) -> bool:
        return self.path is not None and Path(self.path).exists()

    def files(self, site: str) -> dict[str, str]:
        """What to write into the folder, by name."""
        raise NotImplementedError

    def command(self) -> list[object]:
        raise NotImplementedError

    def write(self, site: str) -> None:
        for name, text in self.files(site).items():
            # Renamed into place: a proxy that watches its files never sees half of one.
            new = self.folder / f"{name}.new"
            new.write_text(text, encoding="utf-8")
            new.rename(self.folder / name)

    def start(self, site: str) -> None:
        self.write(site)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command()], cwd=self.folder, env=clean_environment(HOME=str(self.folder)),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        self.wait_until_it_listens()

    def wait_until_it_listens(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process and self.process.poll() is None, f"{self.program} ended:\n{self.log()}"
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)  # There is no event to wait for: a port that opens tells nobody.
        raise AssertionError(f"{self.program} does not listen:\n{self.log()}")

    def reload(self, site: str | None = None) -> None:
        """Takes up what changed, certificates too. It may still go on with the old for a moment after this."""
        assert self.process
        if site is not None:
            self.write(site)
        self.ask_to_reload(self.process.pid)

    def ask_to_reload(self, process: int) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            pass
        try:
            # What is left of it: all that it started is in its group, and nothing else.
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def served_certificate(self) -> str:
        """The certificate that a new connection is shown, in PEM."""
        unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            with unverified.wrap_socket(connection, server_hostname="localhost") as secure:
                return ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True) or b"")

    def wait_until_it_serves(self, certificate: Path) -> None:
        """Waits until new connections are shown this certificate, which is when a reload has taken place."""
        wanted = ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(certificate.read_text(encoding="ascii")))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self.served_certificate() == wanted:
                    return
            except OSError:
                pass  # Between two processes, maybe.
            time.sleep(0.02)  # There is no event to wait for: a reload tells nobody that it is done.
        raise AssertionError(f"{self.program} still serves the old certificate:\n{self.log()}")


class Nginx(Proxy):
    kind = program = "nginx"
    reload_ends_sockets = True

    def files(self, site: str) -> dict[str, str]:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n    ".join(f"{kind}_temp_path {self.folder}/{kind}_temp;" for kind in kinds)
        # Workers of root's would not get into a test's folder. Old ones end soon after a reload, so that it is felt.
        user = "user root;" if os.geteuid() == 0 else ""
        return {"site.conf": site, "nginx.conf": f"""
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
    include {self.folder}/site.conf;
}}
"""}

    def command(self) -> list[object]:
        return [self.path, "-e", "stderr", "-c", self.folder / "nginx.conf", "-p", self.folder]

    def ask_to_reload(self, process: int) -> None:
        os.kill(process, signal.SIGHUP)


class Caddy(Proxy):
    kind = program = "caddy"
    reload_ends_sockets = True

    @property
    def admin(self) -> str:
        return f"unix/{self.folder}/admin.sock"

    def files(self, site: str) -> dict[str, str]:
        return {"Caddyfile": f"""
{{
    admin {self.admin}
    skip_install_trust
    auto_https disable_redirects
    storage file_system {self.folder}/storage
    servers {{
        protocols h1 h2
    }}
}}
{site}
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
    modules = ("mpm_event", "authz_core", "headers", "http2", "proxy", "proxy_http", "ssl")

    def files(self, site: str) -> dict[str, str]:
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in self.modules)
        return {"site.conf": site, "apache.conf": f"""
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
Include {self.folder}/site.conf
"""}

    def command(self) -> list[object]:
        return [self.path, "-DFOREGROUND", "-f", self.folder / "apache.conf"]

    def ask_to_reload(self, process: int) -> None:
        os.kill(process, signal.SIGUSR1)


class HAProxy(Proxy):
    kind = program = "haproxy"
    reload_ends_sockets = True

    def files(self, site: str) -> dict[str, str]:
        return {"haproxy.cfg": f"""
global
    log stderr format raw local0 notice
    hard-stop-after 1s
defaults
    log global
{site}
"""}

    def command(self) -> list[object]:
        return [self.path, "-W", "-db", "-f", self.folder / "haproxy.cfg"]

    def ask_to_reload(self, process: int) -> None:
        os.kill(process, signal.SIGUSR2)


class Traefik(Proxy):
    kind = program = "traefik"

    def files(self, site: str) -> dict[str, str]:
        return {"dynamic.yml": site, "traefik.yml": f"""
global:
  checkNewVersion: false
  sendAnonymousUsage: false
log:
  level: INFO
entryPoints:
  websecure:
    address: 127.0.0.1:{self.port}
providers:
  file:
    filename: {self.folder}/dynamic.yml
"""}

    def command(self) -> list[object]:
        return [self.path, f"--configFile={self.folder}/traefik.yml"]

    def ask_to_reload(self, process: int) -> None:
        # It watches its file: the same text once more makes it read the certificate's files too.
        self.write((self.folder / "dynamic.yml").read_text(encoding="utf-8"))


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
