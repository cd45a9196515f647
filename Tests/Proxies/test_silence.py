"""What README promises: nobody is disconnected for being silent, whichever proxy is in front."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import SITES
from faults import Fault, broken
from site_under_test import Site
from support import api
from support.certificates import Authority
from websockets.frames import Opcode

#: The server pings after 25 s of quiet (`ping-seconds`): the fourth comes after 90 s have passed.
PINGS, SILENCE = 4, 90.0
#: As generated, behind each; and without the lines that give a proxy more patience than it has by itself.
HELD = {name: Fault("", [], set(), "", kinds=kinds) for name, kinds in SITES.items()} | {
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


@pytest.mark.timeout(240)
def test_a_silent_socket_lives_for_90_seconds_behind_each_proxy(demo_data: Path, authority: Authority):
    """All at the same time, since it is waiting that takes the time."""
    with ExitStack() as ends, ThreadPoolExecutor(len(HELD)) as pool:
        held = {}
        for name, fault in HELD.items():
            url, server, proxies = ends.enter_context(broken(fault, demo_data, authority))
            server.url = url
            held[name] = pool.submit(hold, Site(server, proxies, authority))
        lasted = {name: each.result() for name, each in held.items()}
    assert set(lasted) == set(HELD) and all(time >= SILENCE for time in lasted.values()), lasted
