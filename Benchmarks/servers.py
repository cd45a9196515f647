"""The servers that are measured: each on a free port, ended with what it started."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "Benchmarks/peers"
PYTHON = ROOT / ".venv-bench/bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, f"{process.args[0]} ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}")


class Peer:
    """A server that stores, authenticates and encrypts nothing."""

    arguments: list[str] = []
    environment: dict[str, str] = {}

    def __init__(self, rooms: int, people: int):
        self.processes: list[subprocess.Popen] = []
        self.port = free_port()
        self.begin(rooms, people)

    def begin(self, rooms: int, people: int) -> None:
        raise NotImplementedError

    def spawn(self, *command: object, **options) -> subprocess.Popen:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def cpu_seconds(self) -> float:
        total = 0
        for process in self.processes:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.processes[-1].pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024


class UWebSockets(Peer):
    name = "uWebSockets"

    def begin(self, rooms: int, people: int) -> None:
        process = self.spawn(PYTHON / "python", PEERS / "uws.py", self.port)
        wait_for_port(self.port, process)


class NodeWs(Peer):
    name = "ws (Node)"

    def begin(self, rooms: int, people: int) -> None:
        process = self.spawn(
            "node", PEERS / "ws.js", self.port, env=os.environ | {"NODE_PATH": "/usr/share/nodejs"})
        wait_for_port(self.port, process)


class Channels(Peer):
    name = "Channels, Daphne, Redis"

    def begin(self, rooms: int, people: int) -> None:
        redis = free_port()
        wait_for_port(redis, self.spawn(
            "redis-server", "--port", redis, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxclients", "18000"))
        process = self.spawn(
            PYTHON / "daphne", "-b", "127.0.0.1", "-p", self.port, "--websocket_timeout", "-1",
            "--verbosity", "0", "channels_app:application", cwd=PEERS,
            env=os.environ | {"REDIS_PORT": str(redis)}, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, process)


class Parley(Peer):
    """The real binary with all it does: everybody is a person of their own with a sign-in and memberships."""

    name = "Parley"
    binary: Path = ROOT / ".build/release/parley"
    #: How many rooms each person is in.
    rooms_each = 1

    def begin(self, rooms: int, people: int) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="parley-bench-", dir=os.environ.get("BENCH_DIR")))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")} | {
            "PARLEY_DATA_DIR": str(self.data), "PARLEY_SETTINGS_FILE": "", "PARLEY_LOG_LEVEL": "warning",
            "PARLEY_PUBLIC_URL": f"http://localhost:{self.port}", "PARLEY_WEB_DIR": str(ROOT / "web"),
            "PARLEY_LISTEN": f"127.0.0.1:{self.port}",
            # Nobody types as fast as this generator.
            "PARLEY_FRAMES_PER_SECOND_MAX": "1000000", "PARLEY_MESSAGE_RATE": "1000000/1",
        }
        subprocess.run([self.binary, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        self.tokens = self.data / "tokens"
        self.fill(rooms, people)
        process = self.spawn(self.binary, "serve", env=environment)
        wait_for_port(self.port, process)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("not healthy")

    def __exit__(self, *arguments) -> None:
        super().__exit__(*arguments)
        shutil.rmtree(self.data)

    def fill(self, rooms: int, people: int) -> None:
        """People, sign-ins, rooms and memberships straight into the tables, since hashing 15,000 passwords would take
        longer than all measurements; and an access token for each, signed with the server's key as it would."""
        now, count, room_count = int(time.time()), rooms * people, max(rooms, self.rooms_each)
        with sqlite3.connect(self.data / "parley.db") as db:
            db.executemany(
                "INSERT INTO user (id, username, name, role, passwordHash, createdAt) VALUES (?, ?, ?, 'user', '', ?)",
                ((i + 1, f"u{i}", f"User {i}", now * 1000) for i in range(count)))
            db.executemany(
                "INSERT INTO session (id, userId, kind, createdAt, expiresAt) VALUES (?, ?, 'api', ?, ?)",
                ((i + 1, i + 1, now * 1000, (now + 86_400) * 1000) for i in range(count)))
            db.executemany(
                "INSERT INTO room (id, slug, name, kind, createdAt) VALUES (?, ?, ?, 'public', ?)",
                ((r + 1, f"room-{r}", f"Room {r}", now * 1000) for r in range(room_count)))
            db.executemany(
                "INSERT INTO membership (roomId, userId, joinedAt) VALUES (?, ?, ?)",
                ((((i // people) + extra) % room_count + 1, i + 1, now * 1000)
                 for i in range(count) for extra in range(self.rooms_each)))
        db.close()
        secret = os.urandom(32)
        key_file = self.data / "token-key"
        key_file.write_text(base64.b64encode(secret).decode() + "\n")
        key_file.chmod(0o600)
        # HKDF (RFC 5869) with an empty salt, as Sources/Auth/ServerSecret.swift.
        extracted = hmac.digest(bytes(32), secret, "sha256")
        key = hmac.digest(extracted, b"parley access tokens\x01", "sha256")

        def segment(data: bytes) -> bytes:
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        head = segment(b'{"alg":"HS256","typ":"JWT"}')
        with self.tokens.open("wb") as tokens:
            for i in range(count):
                claims = {"sub": str(i + 1), "sid": i + 1, "iat": now, "exp": now + 86_000}
                signed = head + b"." + segment(json.dumps(claims).encode())
                tokens.write(signed + b"." + segment(hmac.new(key, signed, hashlib.sha256).digest()) + b"\n")
