"""Configurations that others published: the chat works behind each, and the doctor names their faults, and no others."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Iterator

import pytest
from faults import examine, is_wrong
from found_configurations import FOUND, Found
from simulated import Edge, SimulatedEdge
from site_under_test import Site, installed
from support import api
from support.certificates import Authority
from support.secure_pipe import connect_securely
from support.server import Server
from support.sockets import Socket
from visitors import cookies, sign_in_by_form


@contextmanager
def behind(found: Found, demo_data: Path, authority: Authority) -> Iterator[tuple[Site, int]]:
    """The site, and the port that people come to."""
    with ExitStack() as ends:
        [proxy] = ends.enter_context(installed(found.kind))
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="parley-found-")))
        certificate = authority.issue(proxy.folder)
        server = Server(shutil.copytree(demo_data, folder / "data"), "found")
        port = proxy.port
        if found.is_inner:
            edge = Edge(request_headers={"ngrok-skip-browser-warning": "1"})
            port = ends.enter_context(SimulatedEdge(edge, certificate, proxy.port)).port
        text = found.text
        for name, value in (("UPSTREAM", server.port), ("PORT", proxy.port), ("FOLDER", proxy.folder)):
            text = text.replace(name, str(value))
        ends.callback(proxy.stop)
        proxy.start({"Caddyfile" if found.kind == "caddy" else "parley.conf": text})
        server.public_url = f"https://localhost:{port}"
        ends.callback(server.stop)
        server.start()
        server.url = server.public_url
        yield Site(server, [proxy], authority), port


@pytest.mark.parametrize("name", FOUND)
def test_the_chat_works_and_the_doctor_names_these_faults_and_no_others(
    name: str, demo_data: Path, authority: Authority
):
    found = FOUND[name]
    with behind(found, demo_data, authority) as (site, port):
        findings = [finding for finding in examine(site.url, site.server, authority) if is_wrong(finding)]
        assert {finding.get("fault") for finding in findings} == found.rows, findings

        titania = api.sign_in(site.url, "titania")
        room = titania.create_room()["slug"]
        cookie = {"Cookie": cookies(sign_in_by_form(site, "titania"))}

        def socket(token: str | None = None, **options) -> Socket:
            secure = connect_securely(port, site.trust)
            return Socket(site.url.replace("https:", "ws:"), token, found.path, sock=secure, **options)

        with socket(titania.access) as first, socket(additional_headers=cookie, origin=site.url) as second:
            assert first.say(room, "Ill met by moonlight") == 1
            second.expect_message("Ill met by moonlight")
        assert [message["text"] for message in titania.history(room)] == ["Ill met by moonlight"]
