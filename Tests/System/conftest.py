"""Servers for the tests: one shared by a module, or as many of one's own as a test needs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator

import pytest
from support import api
from support.fixtures import browser, demo_data  # noqa: F401: fixtures
from support.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from support.browser import Window


@pytest.fixture(scope="module")
def make_server(
    demo_data: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Server]]:
    """Starts a server with demo data; keyword arguments are settings. All of a module's are ended with it."""
    servers: list[Server] = []

    def make(**settings: str) -> Server:
        data = tmp_path_factory.mktemp("server") / "data"
        shutil.copytree(demo_data, data)
        name = f"{request.module.__name__.removeprefix('test_')}-{len(servers)}"
        servers.append(Server(data, name, **settings))
        return servers[-1].start()

    yield make
    failures = []
    for server in servers:
        try:
            server.stop()
        except AssertionError as failure:
            failures.append(str(failure))
    assert not failures, "\n".join(failures)


@pytest.fixture(scope="module")
def server(make_server: Callable[..., Server]) -> Server:
    return make_server()


@pytest.fixture(scope="module")
def titania(server: Server) -> api.Person:
    return api.sign_in(server.url, "titania")


@pytest.fixture(scope="module")
def oberon(server: Server) -> api.Person:
    return api.sign_in(server.url, "oberon")


@pytest.fixture
def stranger(server: Server) -> api.Person:
    """Somebody who registered a moment ago and is in no room of anybody's."""
    return api.register(server.url)


@pytest.fixture
def open_window(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Window]]:
    """Opens a browser of somebody's own, signed in where a username is given. The console must stay empty,
    unless `complains` says that this one has reason to complain (a lost connection is an error there)."""
    from support.browser import Window
    from support.server import ARTIFACTS

    windows: list[tuple[Window, bool]] = []

    def open_one(username: str | None = None, complains: bool = False, server: Server = server, **options) -> Window:
        window = Window(browser, server, **options)
        windows.append((window, complains))
        return window.sign_in(username) if username else window

    failed_before = request.session.testsfailed
    yield open_one
    complaints = [line for window, complains in windows if not complains for line in window.complaints]
    for number, (window, _) in enumerate(windows):
        if request.session.testsfailed > failed_before:
            folder = ARTIFACTS / "failed"
            folder.mkdir(parents=True, exist_ok=True)
            window.page.screenshot(path=folder / f"{request.node.name[:80].replace('/', '-')}-{number}.png")
        window.context.close()
    assert not complaints, "\n".join(complaints)
