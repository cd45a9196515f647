"""SIMULATIONS: what the doctor says of edges that only their owners run. simulated.py plays them before a real nginx."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest
from configurations import Wanted, configuration
from faults import Fault, assert_it_names, by_check, examine, wrong
from simulated import (
    CLOUDFLARE, Edge, SimulatedEdge, balancer_without_target, cloudflare_challenge, cloudflare_timeout, ngrok_free,
    ngrok_without_server)
from site_under_test import installed, site_behind
from support import api
from support.certificates import Authority
from support.server import Server


@contextmanager
def behind_an_edge(edge: Edge, demo_data: Path, authority: Authority, inner: str = "nginx") -> Iterator[tuple[str, Server]]:
    """The edge, then a proxy with what `parley proxy-config … --inner` writes, then the server."""
    with ExitStack() as ends:
        [proxy] = ends.enter_context(installed(inner))
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="parley-edge-")))
        played = ends.enter_context(SimulatedEdge(edge, authority.issue(folder), proxy.port))
        server = Server(shutil.copytree(demo_data, folder / "data"), "edge")
        url = server.url = server.public_url = f"https://localhost:{played.port}"
        wanted = Wanted(url, proxy.port, proxy.redirect_port, f"127.0.0.1:{server.port}", proxy.folder, None, proxy.version)
        files = configuration(inner, wanted)
        ends.callback(proxy.stop)
        proxy.start(files)
        ends.callback(server.stop)
        server.url = f"http://127.0.0.1:{server.port}"
        yield url, server.start()


@dataclass
class Case:
    edge: Edge
    fault: Fault


def case(edge: Edge, row: str, checks: set[str], says: str, *options: str) -> Case:
    return Case(edge, Fault(row, [], checks, says, options=list(options)))


EDGES = {
    "simulated ngrok: a page of its own for browsers": case(Edge(answers=ngrok_free), "B16", {"browser"}, "Visit Site"),
    "simulated ngrok: no server behind it": case(
        Edge(answers=ngrok_without_server), "A5", {"upstream"}, "ngrok http 127.0.0.1:8080"),
    "simulated Cloudflare: 524": case(Edge(answers=cloudflare_timeout), "B13", {"edge-timeout"}, "how long it takes"),
    "simulated Cloudflare: a challenge for apps": case(
        Edge(answers=cloudflare_challenge), "B14", {"challenge"}, "Bot Fight Mode off"),
    "simulated Cloudflare: WebSockets off": case(
        Edge(answer_headers=CLOUDFLARE, passes_upgrades=False), "A1", {"socket"}, "Network, WebSockets: on"),
    "simulated AWS load balancer: no healthy target": case(
        Edge(answers=balancer_without_target), "C25", {"balancer"}, "/api/health/"),
    "simulated AWS load balancer: a short idle time": case(
        Edge(request_headers={"X-Amzn-Trace-Id": "Root=1-2-3"}, idle=3), "A4", {"idle"}, "idle_timeout.timeout_seconds",
        "--silence", "8"),
    "simulated IIS: the upgrade is dropped": case(
        Edge(answer_headers={"Server": "Microsoft-IIS/10.0"}, passes_upgrades=False), "C23", {"socket"}, "WebSocket Protocol"),
}


@pytest.mark.parametrize("name", EDGES)
def test_the_doctor_names_what_a_simulated_edge_does(name: str, demo_data: Path, authority: Authority):
    with behind_an_edge(EDGES[name].edge, demo_data, authority) as (url, server):
        findings = examine(url, server, authority, *EDGES[name].fault.options)
    assert_it_names(EDGES[name].fault, findings)


def test_the_doctor_is_content_behind_a_simulated_edge_that_does_nothing_wrong(demo_data: Path, authority: Authority):
    with behind_an_edge(Edge(answer_headers=CLOUDFLARE), demo_data, authority) as (url, server):
        findings = examine(url, server, authority)
        assert not wrong(findings) and by_check(findings)["socket"]["severity"] == "ok", findings
        assert api.sign_in(url, "titania").get("/api/auth/me/")["username"] == "titania"


def test_a_server_that_is_reached_around_its_simulated_edge_is_named(demo_data: Path, authority: Authority):
    """Asked for at the proxy's own address, which nobody but the edge should get to."""
    with ExitStack() as ends:
        site = ends.enter_context(site_behind(["nginx"], demo_data, authority))
        findings = examine(site.url, site.server, authority, "--origin", f"127.0.0.1:{site.edge.port}")
        assert_it_names(Fault("C12", [], {"origin"}, "let only the edge's addresses in"), findings)
        findings = examine(site.url, site.server, authority, "--origin", "127.0.0.1:9")
        assert by_check(findings)["origin"]["severity"] == "ok"
