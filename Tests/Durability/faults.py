"""What goes wrong between clients and server: a wire that is cut, goes silent or is slow."""

from __future__ import annotations

import asyncio
import random
import socket
import struct


class Wire:
    """A TCP proxy whose connections can be ended in every way that a network has."""

    def __init__(self, port: int):
        self.target = port
        self.port = 0
        self.links: set[Link] = set()

    async def __aenter__(self) -> "Wire":
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_) -> None:
        self.server.close()
        for link in list(self.links):
            link.cut()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, upstream[1])
        self.links.add(link)
        try:
            await asyncio.gather(link.copy(reader, upstream[1]), link.copy(upstream[0], writer))
        except asyncio.CancelledError:
            pass  # The trial is over.
        finally:
            link.cut()
            self.links.discard(link)

    def break_some(self, chance: random.Random, share: float) -> int:
        """Cuts or silences a share of all connections."""
        links = [link for link in self.links if chance.random() < share]
        for link in links:
            chance.choice([link.cut, link.reset, link.silence])()
        return len(links)


class Link:
    def __init__(self, *writers: asyncio.StreamWriter):
        self.writers = writers
        self.speaks = asyncio.Event()
        self.speaks.set()

    async def copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                await self.speaks.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    def cut(self) -> None:
        for writer in self.writers:
            writer.close()

    def reset(self) -> None:
        for writer in self.writers:
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def silence(self) -> None:
        """Half-open: nothing passes any more, and nobody is told."""
        self.speaks.clear()
