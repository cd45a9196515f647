"""A real Parley behind each real proxy, with https on a free loopback port: one pair for all tests of a proxy."""

from __future__ import annotations

import shutil
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator

import pytest
from silence import silent_sockets
from site_under_test import Site, site_behind
from support import api
from support.certificates import Authority
from support.fixtures import browser, demo_data  # noqa: F401: fixtures
from support.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from support.browser import Window

#: By its name, the proxies that a request goes through, the outermost first.
SITES = {
    "nginx": ["nginx"],
    "caddy-debian": ["caddy-debian"],
    "caddy": ["caddy"],
    "apache": ["apache"],
    "haproxy": ["haproxy"],
    "traefik": ["traefik"],
    "caddy-then-nginx": ["caddy", "nginx"],
}


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The root is what Python's clients trust while the tests run, as an operator's own authority would be."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(authority.root))
        yield authority


@pytest.fixture(scope="session", params=SITES.values(), ids=SITES.keys())
def site(request: pytest.FixtureRequest, authority: Authority, demo_data: Path) -> Iterator[Site]:
    with site_behind(request.param, demo_data, authority, resume_messages_max="10000") as site:
        yield site


@pytest.fixture(scope="session", autouse=True)
def silence(request: pytest.FixtureRequest, demo_data: Path, authority: Authority) -> Iterator[dict[str, Future[float]]]:
    """Begins with the first test, and goes on beside all others; nothing where nobody asks for it."""
    if not any(item.path.name == "test_silence.py" for item in request.session.items):
        yield {}
        return
    with silent_sockets(SITES, demo_data, authority) as held:
        yield held


@pytest.fixture(scope="module")
def make_server(
    demo_data: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Server]]:
    """A server with the demo data, not started yet; keyword arguments are settings. All are ended with the module."""
    servers: list[Server] = []

    def make(**settings: str) -> Server:
        data = shutil.copytree(demo_data, tmp_path_factory.mktemp("server") / "data")
        name = f"{request.module.__name__.removeprefix('test_')}-{len(servers)}"
        servers.append(Server(data, name, **settings))
        return servers[-1]

    with ExitStack() as ends:
        yield make
        for server in servers:
            ends.callback(server.stop)


@pytest.fixture(scope="session")
def titania(site: Site) -> api.Person:
    return api.sign_in(site.url, "titania")


@pytest.fixture(scope="session")
def oberon(site: Site) -> api.Person:
    return api.sign_in(site.url, "oberon")


@pytest.fixture
def room(titania: api.Person, oberon: api.Person) -> str:
    slug = titania.create_room()["slug"]
    oberon.post(f"/api/rooms/{slug}/join/")
    return slug


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[Callable[[str], Window]]:
    """Opens a browser of somebody's own, signed in. The console must stay empty."""
    from support.browser import Window

    windows: list[Window] = []

    def open_one(username: str) -> Window:
        windows.append(Window(browser, site.server, ignore_https_errors=True))
        return windows[-1].sign_in(username)

    yield open_one
    complaints = [line for window in windows for line in window.complaints]
    for window in windows:
        window.context.close()
    assert not complaints, "\n".join(complaints)
