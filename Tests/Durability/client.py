"""A client that behaves as docs/protocol.md says, through whatever happens, and remembers what it saw."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field

import websockets
from checker import Seen, Sent
from websockets.asyncio.client import ClientConnection, connect


@dataclass
class Statistics:
    connects: int = 0
    resumes: int = 0
    reloads: int = 0
    acknowledged: int = 0
    refused: int = 0
    repeated: int = 0
    delivered: int = 0
    closes: dict[str, int] = field(default_factory=dict)


class Client:
    """Sends one message after another into its room, keeps what is not acknowledged and sends it again under the same
    clientId, and resumes from where it stood. A slow one stops reading now and then."""

    def __init__(self, name: str, url: str, token: str, room: str, statistics: Statistics, chance: random.Random,
                 is_slow: bool = False):
        self.name, self.url, self.token, self.room = name, url, token, room
        self.statistics, self.chance, self.is_slow = statistics, chance, is_slow
        self.sent: list[Sent] = []
        self.pending: Sent | None = None
        self.seen: list[Seen] = [Seen(name, room)]
        #: Up to where it has everything: of which epoch, and which seq.
        self.epoch, self.position = "", 0
        self.count = 0
        self.is_writing = True
        self.answered = asyncio.Event()
        self.settled = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                async with connect(
                    self.url, proxy=None, compression=None, open_timeout=5, close_timeout=0.2, ping_interval=2,
                    ping_timeout=3, additional_headers={"Authorization": f"Bearer {self.token}"},
                ) as socket:
                    self.statistics.connects += 1
                    await self.live(socket)
            except websockets.ConnectionClosed as closed:
                code = str(closed.rcvd.code) if closed.rcvd else "none"
                self.statistics.closes[code] = self.statistics.closes.get(code, 0) + 1
            except (OSError, TimeoutError, websockets.InvalidHandshake, EOFError):
                pass
            self.settled.clear()
            await asyncio.sleep(self.chance.uniform(0.02, 0.15))

    async def live(self, socket: ClientConnection) -> None:
        self.is_resuming = True
        await socket.send(json.dumps({
            "type": "resume", "id": "resume", "room": self.room, "epoch": self.epoch, "seq": self.position}))
        self.statistics.resumes += 1
        writer = asyncio.create_task(self.write(socket))
        try:
            async for text in socket:
                self.hear(json.loads(text))
                if self.is_slow and self.chance.random() < 0.002:
                    await asyncio.sleep(1)
        finally:
            writer.cancel()

    async def write(self, socket: ClientConnection) -> None:
        while True:
            if self.pending is None and self.is_writing:
                self.count += 1
                self.pending = Sent(self.name, self.room, f"{self.name}-{self.count}")
            elif self.pending is not None:
                self.statistics.repeated += 1
            if self.pending is None:
                await asyncio.sleep(0.05)
                continue
            self.answered.clear()
            await socket.send(json.dumps({
                "type": "chat_message", "id": self.pending.client_id, "room": self.room,
                "message": f"text of {self.pending.client_id}", "clientId": self.pending.client_id}))
            await self.answered.wait()
            await asyncio.sleep(self.chance.uniform(0, 0.01))

    def hear(self, frame: dict) -> None:
        match frame["type"]:
            case "chat_message" if frame["room"] == self.room:
                self.take(frame["seq"], frame["message"]["clientId"] or "")
            case "resumed":
                self.resumed(frame)
            case "ok" if self.pending and frame["re"] == self.pending.client_id:
                self.finish(Sent(self.name, self.room, self.pending.client_id, seq=frame["seq"]))
                self.statistics.acknowledged += 1
            case "error" if self.pending and frame["re"] == self.pending.client_id:
                self.statistics.refused += 1
                if not frame["temporary"]:
                    self.finish(Sent(self.name, self.room, self.pending.client_id, refused=True))
                self.answered.set()

    def finish(self, outcome: Sent) -> None:
        self.sent.append(outcome)
        self.pending = None
        self.answered.set()

    def take(self, seq: int, client_id: str) -> None:
        # Before the answer to resume, what is new counts only where it follows on what is there.
        if seq <= self.position or (self.is_resuming and seq != self.position + 1):
            return
        self.position = seq
        self.seen[-1].messages.append((seq, client_id))
        self.statistics.delivered += 1

    def resumed(self, frame: dict) -> None:
        self.is_resuming = False
        if frame["reload"]:
            self.statistics.reloads += 1
            self.seen.append(Seen(self.name, self.room))
            self.position = frame["seq"]
        elif self.position < frame["seq"]:
            # Not everything that was missed came: written down as what cannot be, so that the checker finds it.
            self.seen[-1].messages.append((frame["seq"], "never sent"))
            self.position = frame["seq"]
        self.epoch = frame["epoch"]
        self.settled.set()
