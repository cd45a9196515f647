"""A reverse proxy that stands in the way of real-time: it blocks WebSockets, and may hold event streams back."""

from __future__ import annotations

import socket
import threading

from .server import Server, free_port


class Proxy:
    """One request for each connection, threads for all. What it does may be changed meanwhile.

    `handshakes` are "refused", "hollow" (they succeed, and nothing that the server says afterwards comes through) or
    "passed".
    """

    def __init__(self, server: Server | None = None, port: int | None = None):
        self.server = server
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.handshakes = "refused"
        self.holds_streams = False
        self.upgrades = 0
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=100)
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        try:
            with client:
                received = b""
                while b"\r\n\r\n" not in received:
                    more = client.recv(65_536)
                    if not more:
                        return
                    received += more
                head, _, body = received.partition(b"\r\n\r\n")
                lines = head.split(b"\r\n")
                names = {line.split(b":", 1)[0].strip().lower(): line.split(b":", 1)[1].strip() for line in lines[1:]}
                is_upgrade = b"upgrade" in names
                if is_upgrade:
                    self.upgrades += 1
                    if self.handshakes == "refused":
                        client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        return
                else:
                    lines = [line for line in lines if not line.lower().startswith(b"connection:")]
                    lines.append(b"Connection: close")
                holds = self.holds_streams and names.get(b"accept") == b"text/event-stream"
                assert self.server
                with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as upstream:
                    upstream.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
                    threading.Thread(target=pipe, args=[client, upstream], daemon=True).start()
                    if is_upgrade and self.handshakes == "hollow":
                        client.sendall(upstream.recv(65_536))
                        while upstream.recv(65_536):
                            pass
                        return
                    pipe(upstream, client, holds)
        except OSError:
            pass


def pipe(source: socket.socket, target: socket.socket, holds: bool = False) -> None:
    held = b""
    try:
        while data := source.recv(65_536):
            if holds:
                held += data
            else:
                target.sendall(data)
        target.sendall(held)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
