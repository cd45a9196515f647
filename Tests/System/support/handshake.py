"""The opening handshake byte by byte, where a client library would hide or mend something."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    head: bytes = b""

    @property
    def code(self) -> str | None:
        kind = self.headers.get("content-type", "").split(";")[0]
        assert kind == "application/problem+json", f"{self.status} without a problem: {self.head!r} {self.body!r}"
        return json.loads(self.body)["code"]


class Connection:
    """One TCP connection that requests are made on, one after the other."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        self.file = self.socket.makefile("rb")
        self.port = port

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self.file.close()
        self.socket.close()

    def request(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.read_answer()

    def upgrade(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        opening = {
            "Connection": "Upgrade", "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY,
        }
        return self.request(path, opening | (headers or {}))

    def read_answer(self) -> Answer:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.file.readline()
            assert line, f"the connection ended in the head: {head!r}"
            head += line
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in filter(None, rest):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        answer = Answer(int(first.split()[1]), headers, head=head)
        if answer.status == 101:
            assert headers["sec-websocket-accept"] == ACCEPT
        elif headers.get("transfer-encoding") == "chunked":
            answer.body = self.read_chunks()
        else:
            answer.body = self.file.read(int(headers.get("content-length", "0")))
        return answer

    def read_chunks(self) -> bytes:
        body = b""
        while size := int(self.file.readline(), 16):
            body += self.file.read(size)
            self.file.readline()
        self.file.readline()
        return body

    def send_text(self, text: str) -> None:
        """A masked text frame of at most 65,535 bytes; the mask is zero, which is allowed."""
        data = text.encode()
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + length + b"\0\0\0\0" + data)

    def receive_frame(self) -> tuple[int, bytes]:
        """The opcode and the payload of the server's next frame."""
        opcode, length = self.file.read(2)
        if length == 126:
            length = int.from_bytes(self.file.read(2), "big")
        elif length == 127:
            length = int.from_bytes(self.file.read(8), "big")
        return opcode & 0x0F, self.file.read(length)


def upgrade(port: int, path: str, headers: dict[str, str] | None = None) -> Answer:
    with Connection(port) as connection:
        return connection.upgrade(path, headers)
