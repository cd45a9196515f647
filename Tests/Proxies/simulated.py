"""SIMULATIONS of edges that cannot be had here: ngrok's, Cloudflare's, and an AWS load balancer's. Each is a small reverse
proxy that ends TLS, really passes requests and sockets on, and misbehaves as the real one is known to."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from typing import Callable

from proxies import PATIENCE
from support.certificates import Certificate
from support.server import free_port


@dataclass
class Request:
    method: str
    target: str
    headers: list[tuple[str, str]]

    def value(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_socket(self) -> bool:
        return self.value("upgrade").lower() == "websocket"


@dataclass
class Edge:
    """What it adds to every request and answer, what it answers itself, and what it does to sockets."""

    request_headers: dict[str, str] = field(default_factory=dict)
    answer_headers: dict[str, str] = field(default_factory=dict)
    #: A whole answer instead of the server's, for some requests.
    answers: Callable[[Request], bytes | None] = lambda request: None
    #: Seconds after which a connection on which nothing moved is cut.
    idle: float = 3600
    passes_upgrades: bool = True


def page(status: str, text: str, **headers: str) -> bytes:
    body = f"<!DOCTYPE html><title>{status}</title>{text}".encode()
    named = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items()),
             f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


class SimulatedEdge:
    """Runs on a thread of its own between `with` and its end."""

    def __init__(self, edge: Edge, certificate: Certificate, upstream_port: int):
        self.edge, self.upstream_port, self.port = edge, upstream_port, free_port()
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(certificate.chain, certificate.key)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "SimulatedEdge":
        self.thread.start()
        starting = asyncio.start_server(self.serve, "127.0.0.1", self.port, ssl=self.tls)
        self.server = asyncio.run_coroutine_threadsafe(starting, self.loop).result(PATIENCE)
        return self

    def __exit__(self, *_) -> None:
        async def end() -> None:
            self.server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request: each answer ends it, but a socket's."""
        try:
            request = parsed(await reader.readuntil(b"\r\n\r\n"))
            if answer := self.edge.answers(request):
                writer.write(answer)
                await writer.drain()
            else:
                await self.pass_on(request, reader, writer)
        except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            writer.close()

    async def pass_on(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        moved = asyncio.Event()

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65_536):
                moved.set()
                target.write(data)
                await target.drain()

        async def answer() -> None:
            head = await server_reader.readuntil(b"\r\n\r\n")
            moved.set()
            writer.write(self.changed(head))
            await copy(server_reader, writer)

        server_writer.write(self.rewritten(request, writer.get_extra_info("peername")[0]))
        ways = [asyncio.ensure_future(copy(reader, server_writer)), asyncio.ensure_future(answer())]
        try:
            while not any(way.done() for way in ways):
                moved.clear()
                moving = asyncio.ensure_future(moved.wait())
                done, _ = await asyncio.wait([*ways, moving], timeout=self.edge.idle, return_when="FIRST_COMPLETED")
                moving.cancel()
                if not done:
                    return
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            server_writer.close()

    def changed(self, head: bytes) -> bytes:
        """The head of an answer: one of a connection's last, unless it is a socket's."""
        status, *lines = head.split(b"\r\n")[:-2]
        own = {name.lower().encode() for name in self.edge.answer_headers}
        if b" 101 " not in status:
            own.add(b"connection")
        ending = [] if b" 101 " in status else [b"Connection: close"]
        kept = [line for line in lines if line.partition(b":")[0].lower() not in own]
        added = [f"{name}: {value}".encode() for name, value in self.edge.answer_headers.items()]
        return b"\r\n".join([status, *kept, *added, *ending, b"", b""])

    def rewritten(self, request: Request, peer: str) -> bytes:
        gone = {"x-forwarded-for", "x-forwarded-proto"}
        if not request.is_socket or not self.edge.passes_upgrades:
            gone |= {"connection", "upgrade"}
        headers = [(name, value) for name, value in request.headers if name.lower() not in gone]
        headers += [("X-Forwarded-For", peer), ("X-Forwarded-Proto", "https"), *self.edge.request_headers.items()]
        if "connection" in gone:
            headers.append(("Connection", "close"))
        lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode()


def parsed(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    return Request(method, target, [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)])


def ngrok_free(request: Request) -> bytes | None:
    """Browsers get a page of ngrok's own first."""
    if "Mozilla" not in request.value("user-agent") or request.value("ngrok-skip-browser-warning"):
        return None
    return page("200 OK", "You are about to visit a site", ngrok_error_code="ERR_NGROK_6024")


def ngrok_without_server(request: Request) -> bytes | None:
    return page("502 Bad Gateway", "ERR_NGROK_8012", ngrok_error_code="ERR_NGROK_8012")


def cloudflare_timeout(request: Request) -> bytes | None:
    return page("524 <none>", "A timeout occurred", Server="cloudflare", CF_RAY="8f0-TXL")


def cloudflare_challenge(request: Request) -> bytes | None:
    """Whoever is no browser is to prove that it is one."""
    if "Mozilla" in request.value("user-agent"):
        return None
    return page("403 Forbidden", "Just a moment", Server="cloudflare", CF_RAY="8f0-TXL", cf_mitigated="challenge")


def balancer_without_target(request: Request) -> bytes | None:
    return page("503 Service Temporarily Unavailable", "", Server="awselb/2.0")


CLOUDFLARE = {"Server": "cloudflare", "CF-RAY": "8f0-TXL"}
