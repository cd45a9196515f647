"""Starts, ends and kills the binary under test, each server with its own data directory and port."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

import requests

CHECKOUT = Path(__file__).resolve().parents[3]
ARTIFACTS = CHECKOUT / "artifacts"


def binary() -> Path:
    path = Path(os.environ.get("TEST_BINARY") or CHECKOUT / ".build/debug/parley")
    assert path.exists(), f"There is no {path}: run `swift build`, or set TEST_BINARY."
    return path


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment without settings that a developer may have in theirs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return kept | extra


def run(*arguments: object, check: bool = True, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the binary once to its end, in a folder without a settings file."""
    done = subprocess.run(
        [binary(), *map(str, arguments)], env=clean_environment(**environment), input=stdin,
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert not check or done.returncode == 0, f"parley {arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


given_ports: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on, below those that the kernel gives to clients: one of theirs may be taken again
    between this look and the server's start. None is given twice in one run; each of the runners side by side has
    ports of its own."""
    runner = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = random.SystemRandom().randrange(10_100 + runner % 8, 32_000, 8)
        if port in given_ports:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
        given_ports.add(port)
        return port


class Server:
    """One running `parley serve`. `settings` are given as environment variables: allow_query_token="true".

    It listens on `port` or a free one, and on `also_listen`; its public URL is the port's, or `public_url`. With an
    `authority`, a file of certificates to trust, it is asked over TLS."""

    def __init__(
        self, data: Path, name: str, port: int = 0, also_listen: str = "", public_url: str = "", authority: str = "",
        **settings: str,
    ):
        self.data = data
        self.port = port or free_port()
        self.authority = authority
        self.url = f"https://localhost:{self.port}" if authority else f"http://127.0.0.1:{self.port}"
        self.public_url = public_url or self.url
        self.listen = f"127.0.0.1:{self.port}" + (f",{also_listen}" if also_listen else "")
        # Tests send as fast as they can, and do not wait long for nothing.
        settings = {
            "frames_per_second_max": "100000", "message_rate": "1000000/1", "room_rate": "1000000/1", "poll_seconds": "1",
        } | settings
        self.settings = {f"PARLEY_{key.upper()}": value for key, value in settings.items()}
        ARTIFACTS.mkdir(exist_ok=True)
        self.log_path = ARTIFACTS / f"server-{name}.log"
        self.log_path.write_bytes(b"")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1)

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def start(self) -> "Server":
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", "--listen", self.listen, "--data-dir", str(self.data),
                 "--public-url", self.public_url],
                env=clean_environment(**self.settings), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        self.wait_until_healthy()
        return self

    def wait_until_healthy(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process and self.process.poll() is None, f"the server ended:\n{self.log}"
            try:
                answer = requests.get(self.url + "/api/health", timeout=5, verify=self.authority or None)
                if answer.status_code == 200:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.05)  # There is no event to wait for: a port that opens tells nobody.
        raise AssertionError(f"not healthy within {seconds} s:\n{self.log}")

    def terminate(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 10) -> int:
        assert self.process
        code = self.process.wait(timeout=seconds)
        self.process = None
        return code

    def stop(self) -> None:
        """Ends it as a service manager would, and holds it to how it must end."""
        if self.process is None:
            return
        self.terminate()
        try:
            code = self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there 10 s after SIGTERM:\n{self.log[-4000:]}") from None
        assert code == 0, f"ended with {code} after SIGTERM:\n{self.log[-4000:]}"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.wait()
