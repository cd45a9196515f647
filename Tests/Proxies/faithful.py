"""A client as docs/protocol.md wants it: it reconnects, resumes by position, and sends again what got no answer."""

from __future__ import annotations

import time
import uuid
from typing import Callable

from support.sockets import PATIENCE, Socket
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

#: What a lost or refused connection looks like; a proxy between two processes refuses, or answers 502 or 503.
LOST = (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, EOFError)


class FaithfulClient:
    def __init__(self, connect: Callable[[], Socket], room: str, epoch: str):
        self.connect, self.room, self.epoch = connect, room, epoch
        #: What was said in the room, without a gap: the index of a message is its `seq` less one.
        self.texts: list[str] = []
        self.connections = 0
        self.is_resumed = False
        self.socket = self.open()

    def __enter__(self) -> "FaithfulClient":
        return self

    def __exit__(self, *_) -> None:
        self.socket.ws.close()

    def open(self) -> Socket:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.is_resumed = False
                self.socket = self.connect()
                self.connections += 1
                self.socket.send(type="resume", id="resume", room=self.room, epoch=self.epoch, seq=len(self.texts))
                return self.socket
            except LOST:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)  # The wait between two attempts: nothing tells when a proxy is back.

    def receive(self) -> dict:
        """The next frame; an empty one where the connection was lost and there is another now."""
        try:
            frame = self.socket.receive()
        except TimeoutError:
            raise AssertionError(f"nothing came within {PATIENCE} s after {self.texts[-1:]}") from None
        except LOST:
            self.open()
            return {}
        self.take(frame)
        return frame

    def take(self, frame: dict) -> None:
        """Messages come in order. Until the resume is answered, a later one may come before those that were missed."""
        if frame["type"] == "resumed":
            assert not frame["reload"], frame
            self.is_resumed = True
        if frame["type"] != "chat_message" or frame["seq"] <= len(self.texts):
            return
        if frame["seq"] == len(self.texts) + 1:
            self.texts.append(frame["message"]["text"])
        else:
            assert not self.is_resumed, f"a gap between {len(self.texts)} and {frame['seq']}"

    def say(self, text: str) -> None:
        """Returns when it is on disk, however many connections that takes."""
        name, sent_on = uuid.uuid4().hex, None
        while True:
            if sent_on is not self.socket:
                sent_on = self.socket
                try:
                    sent_on.send(type="chat_message", id=name, room=self.room, message=text, clientId=name)
                except LOST:
                    self.open()
                    continue
            frame = self.receive()
            if frame.get("re") == name:
                assert frame["type"] == "ok", frame
                return

    def hear(self, count: int) -> None:
        """Waits until it has so many messages of the room."""
        while len(self.texts) < count:
            self.receive()
