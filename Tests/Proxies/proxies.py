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
    """`start` takes the files that are about the chat; `framed` adds what stands around them on a machine."""

    #: The name that `parley proxy-config` has for it.
    kind: str
    program: str
    #: Whether open sockets end at a reload or soon after it.
    reload_ends_sockets = False

    def __init__(self, folder: Path, program: Path | None = None):
        self.folder = folder
        self.port, self.redirect_port = free_port(), free_port()
        self.path = program or shutil.which(self.program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        self.log_path = folder / "proxy.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_installed(self) -> bool:
        return self.path is not None and Path(self.path).exists()

    @property
    def version(self) -> str | None:
        """Where `parley proxy-config` would not find it by itself."""
        return None

    def framed(self, site: dict[str, str]) -> dict[str, str]:
        """What to write into the folder, by name."""
        raise NotImplementedError

    def command(self) -> list[object]:
        raise NotImplementedError

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            # Renamed into place: a proxy that watches its files never sees half of one.
            new = self.folder / f"{name}.new"
            new.write_text(text, encoding="utf-8")
            new.rename(self.folder / name)

    def prepare(self) -> None:
        """What an operator does by hand for each new certificate, before the proxy reads it."""

    def start(self, site: dict[str, str]) -> None:
        self.write(self.framed(site))
        self.prepare()
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

    def reload(self) -> None:
        """Takes up what changed, certificates too. It may still go on with the old for a moment after this."""
        assert self.process
        self.prepare()
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
