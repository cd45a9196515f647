"""Silent sockets behind each proxy, held while other tests run, since it is waiting that takes the time."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Iterator

from faults import Fault, broken
from site_under_test import Site, are_installed
from support import api
from support.certificates import Authority
from websockets.frames import Opcode

#: The server pings after 25 s of quiet (`ping-seconds`): the fourth comes after 90 s have passed.
PINGS, SILENCE = 4, 90.0
#: Without the lines that give a proxy more patience than it has by itself.
IMPATIENT = {
    "nginx with its own 60 s": Fault(
        "", [("        proxy_read_timeout 3600s;\n", ""), ("        proxy_send_timeout 3600s;\n", "")], set(), ""),
    "Apache with its own 60 s": Fault("", [(" timeout=3600", "")], set(), "", kinds=["apache"]),
    "HAProxy with 60 s for clients and servers": Fault(
        "", [("    timeout tunnel 3600s\n", "")], set(), "", kinds=["haproxy"]),
}


def hold(site: Site) -> float:
    """How long a socket was there when the last ping came. It answers pings, and neither says nor asks anything."""
    token = api.sign_in(site.url, "titania").access
    count = 0
    with site.socket(token, ping_interval=None) as socket:
        receive = socket.ws.protocol.recv_frame

        def counted(frame) -> None:
            nonlocal count
            count += frame.opcode is Opcode.PING
            receive(frame)

        socket.ws.protocol.recv_frame = counted
        begun = time.monotonic()
        while count < PINGS:
            assert time.monotonic() - begun < SILENCE + 40, f"{count} pings"
            try:
                socket.ws.recv(timeout=1)  # The reader of this connection is what answers pings.
            except TimeoutError:
                pass
        lasted = time.monotonic() - begun
        assert socket.is_open()
        return lasted


@contextmanager
def silent_sockets(
    sites: dict[str, list[str]], demo_data: Path, authority: Authority
) -> Iterator[dict[str, "Future[float]"]]:
    """By name, how long a socket lived behind these proxies, as their configuration is generated, and impatient."""
    wanted = {name: Fault("", [], set(), "", kinds=kinds) for name, kinds in sites.items()} | IMPATIENT
    there = {name: fault for name, fault in wanted.items() if are_installed(fault.kinds)}
    with ExitStack() as ends, ThreadPoolExecutor(len(wanted)) as pool:
        held = {}
        for name, fault in there.items():
            url, server, proxies = ends.enter_context(broken(fault, demo_data, authority))
            server.url = url
            held[name] = pool.submit(hold, Site(server, proxies, authority))
        yield held
