"""A server with demo data for the tools of others and for the walker, and the people who use it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Callable, Iterator

import pytest
import requests
from support import api
from support.fixtures import browser, demo_data  # noqa: F401: fixtures
from support.server import ARTIFACTS, Server, run

#: The long version has more examples, and more of what sqlmap and testssl.sh know.
IS_LONG = os.environ.get("SECURITY") == "long"
REPORTS = ARTIFACTS / "security"
TOOLS = Path(__file__).resolve().parents[2] / ".venv-security"
#: Whom a page is looked at as; nobody is signed out.
ROLES = {
    "signed out": None, "member": "titania", "admin": "admin", "moderator": "oberon", "guest": "mustardseed",
    # With all that there is to be safe; and the same person between the password and the code.
    "careful": "thistle", "half way": "thistle",
}
#: Nothing here is about how often, so that nothing is refused for that.
PATIENT = {
    "sign_in_rate": "1000000/1", "registration_rate": "1000000/1", "search_rate": "1000000/1",
    "account_tries_max": "1000", "account_lock_seconds": "1", "password_memory_kib": "1024",
}


@pytest.fixture(scope="module")
def make_server(
    demo_data: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def make(**settings: str) -> Server:
        data = tmp_path_factory.mktemp("server") / "data"
        shutil.copytree(demo_data, data)
        name = f"security-{request.module.__name__.removeprefix('test_')}-{len(servers)}"
        servers.append(Server(data, name, **(PATIENT | settings)))
        return servers[-1].start()

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server(make_server: Callable[..., Server]) -> Server:
    return make_server()


@pytest.fixture(scope="module")
def world(make_server: Callable[..., Server], browser, tmp_path_factory, request):  # noqa: F811
    """The server that has it all: see `World`."""
    from world import World

    empty = Server(tmp_path_factory.mktemp("empty") / "data", f"security-empty-{request.module.__name__}", **PATIENT)
    world = None
    try:
        world = World(make_server, empty.start, browser)
        yield world
    finally:
        if world:
            world.stop()
        empty.stop()


@pytest.fixture(scope="session")
def routes(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Every method and path of the router: what is new is tested by itself."""
    data = tmp_path_factory.mktemp("routes") / "data"
    shutil.copytree(demo_data, data)
    printed = run("routes", "--data-dir", data).stdout
    return [tuple(line.split(" ", 1)) for line in printed.splitlines()]


@pytest.fixture(scope="session", autouse=True)
def reports() -> Path:
    REPORTS.mkdir(parents=True, exist_ok=True)
    return REPORTS


def session_of(server: Server, username: str | None) -> requests.Session:
    """A browser's session, without a browser."""
    session = requests.Session()
    session.headers["Origin"] = server.url
    session.headers["Accept"] = "text/html"
    if username:
        form = {"username": username, "password": api.DEMO_PASSWORD}
        answer = session.post(server.url + "/accounts/login/", data=form, timeout=30)
        assert answer.url.endswith("/rooms/"), answer.text
    return session


def pytest_terminal_summary(terminalreporter) -> None:
    """What each tool said, at the end of CI's output."""
    for report in sorted(REPORTS.glob("*.summary")) if REPORTS.exists() else []:
        terminalreporter.write_line(f"{report.stem}: {report.read_text(encoding='utf-8').strip()}")


def summarize(name: str, text: str) -> None:
    (REPORTS / f"{name}.summary").write_text(text + "\n", encoding="utf-8")
