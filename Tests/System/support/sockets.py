"""A real-time socket that is talked to in frames, and waited on by what it says."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from typing import Callable

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

PATIENCE = 15.0


class Socket:
    def __init__(self, url: str, token: str | None = None, path: str = "/ws", **options):
        if token is not None:
            options.setdefault("subprotocols", ["Bearer", token])
        options.setdefault("compression", None)
        # Entered by hand: a socket of a thread lives longer than any `with` here.
        self.ws = connect(url + path, proxy=None, open_timeout=PATIENCE, close_timeout=2, **options).__enter__()
        self.ids = itertools.count(1)
        self.seen: list[dict] = []

    def __enter__(self) -> "Socket":
        return self

    def __exit__(self, *_) -> None:
        self.ws.close()

    def send(self, **frame) -> None:
        self.ws.send(json.dumps(frame))

    def send_raw(self, data: str | bytes, **options) -> None:
        self.ws.send(data, **options)

    def receive(self, patience: float = PATIENCE) -> dict:
        return json.loads(self.ws.recv(timeout=patience))

    def expect(self, matches: Callable[[dict], bool], patience: float = PATIENCE) -> dict:
        """The next frame that matches, whether it came already or not. Others stay for later."""
        for index, frame in enumerate(self.seen):
            if matches(frame):
                return self.seen.pop(index)
        until = time.monotonic() + patience
        while True:
            left = until - time.monotonic()
            assert left > 0, f"it never came; there was: {self.seen}"
            try:
                frame = self.receive(left)
            except TimeoutError:
                continue
            if matches(frame):
                return frame
            self.seen.append(frame)

    def command(self, **frame) -> dict:
        """Sends a frame with an id and waits for its reply."""
        frame.setdefault("id", next(self.ids))
        self.send(**frame)
        return self.expect(lambda reply: reply["type"] in ("ok", "error") and reply.get("re") == frame["id"])

    def say(self, room: str, text: str) -> int:
        """Sends a message and returns its sequence number once it is on disk."""
        reply = self.command(type="chat_message", room=room, message=text, clientId=uuid.uuid4().hex)
        assert reply["type"] == "ok", reply
        return reply["seq"]

    def expect_message(self, text: str) -> dict:
        return self.expect(lambda frame: frame["type"] == "chat_message" and frame["message"]["text"] == text)

    def error(self) -> dict:
        """The next error, of whatever frame."""
        return self.expect(lambda frame: frame["type"] == "error")

    def close_code(self, patience: float = PATIENCE) -> int:
        """Waits until the server closes, and says with which code it did."""
        until = time.monotonic() + patience
        try:
            while True:
                self.seen.append(self.receive(max(until - time.monotonic(), 0.01)))
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection ended without a close frame (1006)"
            return closed.rcvd.code
        except TimeoutError:
            raise AssertionError(f"not closed within {patience} s; there was: {self.seen}") from None

    def is_open(self) -> bool:
        return self.command(type="ping")["type"] == "ok"
