#!/usr/bin/env python3
"""run.py [--kills 10] [--clients 12] [--rooms 3] [--seed N] [--binary FILE]: kills, cuts, silences and starves a server
in the middle of conversations, then checks that every promise was kept. Exit status 1 where one was not."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/System"), str(ROOT / "Tests/Durability")]
from checker import History, Sent, violations  # noqa: E402
from client import Client, Statistics  # noqa: E402
from faults import Wire  # noqa: E402
from support import api  # noqa: E402
from support.server import ARTIFACTS, Server, run as parley  # noqa: E402


@contextmanager
def data_folder(limited: bool, kills: int) -> Iterator[Path]:
    """A folder for the data; where we may, a file system of its own, small enough to be filled and large enough for what
    is said between so many kills."""
    with tempfile.TemporaryDirectory(prefix="parley-durability-") as folder:
        path = Path(folder) / "disk"
        path.mkdir()
        mounted = limited and os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={48 + kills // 2}m", "tmpfs", path], capture_output=True, check=False
        ).returncode == 0
        if limited and not mounted:
            print("! no file system could be mounted (needs root): a full and a read-only disk are NOT tested")
        try:
            yield path
        finally:
            if mounted:
                subprocess.run(["umount", "-l", path], check=True)


class Trial:
    def __init__(self, options: argparse.Namespace, data: Path):
        self.options = options
        self.chance = random.Random(options.seed)
        self.statistics = Statistics()
        self.kills = self.cuts = 0
        self.notes: list[str] = []
        parley("demo", "--data-dir", data / "data")
        self.server = Server(
            data / "data", "durability", ping_seconds="2", silence_seconds="5", outbound_bytes_max="65536",
            access_token_seconds="86400", sockets_per_person_max="100", web_dir=str(ROOT / "web")).start()
        self.disk = data

    def people(self, wire: Wire) -> list[Client]:
        tokens = [api.sign_in(self.server.url, name).access for name in ("titania", "oberon", "puck")]
        owner = api.sign_in(self.server.url, "titania")
        rooms = [owner.create_room(kind="public")["slug"] for _ in range(self.options.rooms)]
        for name in ("oberon", "puck"):
            person = api.sign_in(self.server.url, name)
            for room in rooms:
                person.post(f"/api/rooms/{room}/join/")
        return [
            Client(f"c{i}", f"ws://127.0.0.1:{wire.port}/ws", tokens[i % len(tokens)], rooms[i % len(rooms)],
                   self.statistics, random.Random(self.options.seed + i), is_slow=i % 6 == 5)
            for i in range(self.options.clients)
        ]

    async def go(self) -> History:
        async with Wire(self.server.port) as wire:
            clients = self.people(wire)
            tasks = [asyncio.create_task(client.run()) for client in clients]
            began = time.monotonic()
            while self.kills < self.options.kills:
                await asyncio.sleep(self.chance.uniform(*self.options.pause))
                await self.harm(wire)
                if self.kills % 25 == 0 or sys.stdout.isatty():
                    print(f"  {self.kills} kills, {self.cuts} cuts, {self.statistics.acknowledged} acknowledged,"
                          f" {time.monotonic() - began:.0f} s", flush=True)
            if os.path.ismount(self.disk):
                await self.starve(clients)
            await self.settle(clients, tasks)
            return self.history(clients)

    async def harm(self, wire: Wire) -> None:
        if self.chance.random() < 0.4:
            self.cuts += wire.break_some(self.chance, 0.4)
            return
        self.kills += 1
        assert self.server.process
        if self.chance.random() < 0.1:
            self.server.terminate()
        else:
            self.server.process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.server.process.wait)
        if self.chance.random() < 0.1:
            # Killed once more while it starts.
            await asyncio.to_thread(self.begin)
            await asyncio.sleep(self.chance.uniform(0, 0.2))
            self.server.process.kill()
            await asyncio.to_thread(self.server.process.wait)
        await asyncio.to_thread(self.server.start)

    def begin(self) -> None:
        with self.server.log_path.open("ab") as log:
            self.server.process = subprocess.Popen(
                self.server.process.args, stdout=log, stderr=log, env=os.environ | self.server.settings)

    async def starve(self, clients: list[Client]) -> None:
        """Fills the disk, then makes it read-only; nothing is acknowledged until that is over, and then at once."""
        balloon = self.disk / "balloon"
        for name in ("full", "read-only"):
            if name == "full":
                with balloon.open("wb") as file:
                    try:
                        while file.write(bytes(65_536)):
                            file.flush()
                    except OSError:
                        pass
            else:
                # With files open for writing no file system can be made read-only: the server finds it so.
                self.server.kill()
                subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
                await asyncio.to_thread(self.refuses_to_start)
            refused = self.statistics.refused
            await asyncio.sleep(3)
            if name == "full":
                # A journal that has been written through once is written over, and needs no room for a while.
                journal = (self.server.data / "parley.db-wal").stat().st_size
                assert self.statistics.refused > refused or journal > 8 << 20, "a full disk refused nothing"
                self.notes.append(f"full disk: {self.statistics.refused - refused} refused, health answered "
                                  f"{await asyncio.to_thread(self.health)}")
                balloon.unlink()
            else:
                subprocess.run(["mount", "-o", "remount,rw", self.disk], check=True)
                await asyncio.to_thread(self.server.start)
            before = self.statistics.acknowledged
            for _ in range(200):
                await asyncio.sleep(0.1)
                if self.statistics.acknowledged > before:
                    break
            assert self.statistics.acknowledged > before, f"after the {name} disk nothing was taken any more"

    def refuses_to_start(self) -> None:
        done = parley("serve", "--listen", f"127.0.0.1:{self.server.port}", "--data-dir", self.server.data, check=False)
        assert done.returncode not in (0, -signal.SIGSEGV, -signal.SIGILL), "it started on a read-only disk, or crashed"
        self.notes.append(f"read-only disk: {done.stderr.strip().splitlines()[-1]}")

    def health(self) -> int:
        import requests

        return requests.get(self.server.url + "/api/health", timeout=10).status_code

    async def settle(self, clients: list[Client], tasks: list[asyncio.Task]) -> None:
        """Lets everybody send what they have left and see all there is."""
        for client in clients:
            client.is_writing = False
            client.is_slow = False
        for _ in range(600):
            await asyncio.sleep(0.1)
            last = {room: max((m[0] for c in clients if c.room == room for s in c.seen for m in s.messages), default=0)
                    for room in {c.room for c in clients}}
            if all(c.pending is None and c.settled.is_set() and c.position >= last[c.room] for c in clients):
                break
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def history(self, clients: list[Client]) -> History:
        reader = api.sign_in(self.server.url, "titania")
        stored = {
            room: [(message["seq"], message["clientId"] or "") for message in reader.history(room)]
            for room in {client.room for client in clients}
        }
        sent = [sent for client in clients for sent in client.sent]
        # What is still without an answer may be stored or not.
        sent += [client.pending for client in clients if client.pending]
        return History(sent, [seen for client in clients for seen in client.seen], stored)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--rooms", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--pause", type=float, nargs=2, default=(0.2, 1.0), help="seconds between two faults")
    parser.add_argument("--binary", help="what to run instead of the debug binary")
    parser.add_argument("--no-disk", action="store_true", help="leave out the full and the read-only disk")
    options = parser.parse_args()
    if options.binary:
        os.environ["TEST_BINARY"] = options.binary
    print(f"seed {options.seed}, {options.clients} clients in {options.rooms} rooms, {options.kills} kills", flush=True)
    with data_folder(limited=not options.no_disk, kills=options.kills) as data:
        trial = Trial(options, data)
        try:
            history = asyncio.run(trial.go())
        finally:
            trial.server.kill()
    broken = violations(history)
    messages = sum(len(stored) for stored in history.stored.values())
    print(f"{trial.kills} kills, {trial.cuts} connections cut or silenced, {messages} messages stored; "
          f"{json.dumps(asdict(trial.statistics))}")
    for note in trial.notes:
        print(note)
    for sentence in broken[:50]:
        print(sentence)
    print(f"{len(broken)} violations")
    if broken:
        ARTIFACTS.mkdir(exist_ok=True)
        (ARTIFACTS / "durability.json").write_text(json.dumps(asdict(history), default=str))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
