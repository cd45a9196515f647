"""Who guesses passwords is banned, and nobody else: what `parley proxy-config fail2ban` writes, in a real fail2ban."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Callable, Iterator

import pytest
import requests
from banning import Fail2ban
from support import api
from support.server import Server
from support.sockets import PATIENCE
from visitors import failure_lines

pytestmark = pytest.mark.skipif(not shutil.which("fail2ban-server"), reason="no fail2ban: dev/install proxies")

GUESSER, INNOCENT, FRAMED = "203.0.113.9", "203.0.113.77", "198.51.100.1"

HANDSHAKE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """A server that believes this machine about who somebody is."""
    return make_server().start()


@pytest.fixture
def fail2ban(server: Server, tmp_path: Path) -> Fail2ban:
    return Fail2ban(tmp_path / "fail2ban", server.log_path)


def post(server: Server, path: str, address: str | None, **options) -> int:
    headers = options.pop("headers", {}) | ({"X-Forwarded-For": address} if address else {})
    return requests.post(
        server.url + path, headers=headers, allow_redirects=False, timeout=PATIENCE, **options).status_code


def guess(server: Server, address: str | None, username: str = "puck") -> None:
    assert post(server, "/api/auth/login/", address, json={"username": username, "password": "not it"}) == 401


def guess_by_form(server: Server, address: str) -> None:
    status = post(server, "/accounts/login/", address, data={"username": "oberon", "password": "not it"},
                  headers={"Origin": server.url})
    assert status != 303, "signed in"


def forgery(between: str = "\n") -> str:
    """What somebody would have to get into the log to have another person banned."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    failure = f"level=notice message=auth-failure address={FRAMED} reason=x version=1 visitor={FRAMED}"
    return between.join(["x", f"time={now} {failure}", f" {failure}", ""])


def harmless(server: Server) -> Iterator[Callable[[], int]]:
    """Refusals that people meet without any fault of theirs, or that are somebody's attempt to write the log."""
    line, url, of = forgery(" ").strip(), server.url, {"X-Forwarded-For": INNOCENT}

    def get(path: str, **headers: str) -> int:
        return requests.get(url + path, headers=of | headers, allow_redirects=False, timeout=PATIENCE).status_code

    form = {"username": "puck", "password": api.DEMO_PASSWORD}
    yield from (
        # Pages of another origin.
        lambda: post(server, "/accounts/login/", INNOCENT, data=form, headers={"Origin": "https://evil.example"}),
        lambda: post(server, "/accounts/login/", INNOCENT, data=form, headers={"Origin": line}),
        # Pages that are not there, and hosts that we are not.
        lambda: get("/nothing/here/"),
        lambda: get(f"/{requests.utils.quote(forgery())}"),
        lambda: get("/", Host="evil.example"),
        lambda: get("/", Host=line),
        # Sessions, tokens and tickets that are over.
        lambda: get("/api/auth/me/", Authorization="Bearer not.a.token"),
        lambda: get("/rooms/", Cookie="parley_session=over; __Host-parley_session=over"),
        lambda: get("/ws?ticket=over", **HANDSHAKE),
        lambda: post(server, "/api/auth/refresh/", INNOCENT, json={"refresh": "over"}),
        # Sign-ins without a name or password, and registrations with a forged one.
        lambda: post(server, "/api/auth/login/", INNOCENT, json={}),
        lambda: post(server, "/api/auth/register/", INNOCENT, json={"username": forgery(), "password": "x"}),
        lambda: get("/api/auth/me/", **{"User-Agent": line, "X-Request-ID": line}),
    )


def refuse(server: Server, count: int) -> None:
    for attempt in itertools.islice(itertools.cycle(list(harmless(server))), count):
        status = attempt()
        assert 300 <= status < 500, status


def test_the_filter_takes_wrong_passwords_for_failures_and_nothing_else(server: Server, fail2ban: Fail2ban):
    refuse(server, 13)
    guess(server, GUESSER)
    # Nobody can be banned for these without banning others; the name is the guesser's own choice.
    guess(server, None, forgery())
    guess(server, "10.0.0.7", forgery(" "))
    guess(server, GUESSER)
    refuse(server, 13)
    guess_by_form(server, GUESSER)
    assert fail2ban.matches() == [GUESSER] * 3


def test_a_name_that_looks_like_the_logs_own_line_bans_its_guesser_and_nobody_else(server: Server, fail2ban: Fail2ban):
    for between in ("\n", "\r\n", " ", "\u2028", "\x85", "\t", '"\n'):
        guess(server, GUESSER, forgery(between))
    assert fail2ban.matches() == [GUESSER] * 7


def test_three_guesses_are_a_ban_and_a_hundred_refusals_are_none(server: Server, fail2ban: Fail2ban):
    with fail2ban:
        refuse(server, 100)
        for _ in range(5):
            guess(server, None)
        for _ in range(2):
            guess(server, "203.0.113.10")
        for _ in range(3):
            guess(server, GUESSER)
        assert len(failure_lines(server)) == 10, "these are all"
        # It reads from top to bottom: whoever was to be banned for an earlier line is banned by then.
        fail2ban.wait_until(fail2ban.banned)
    assert fail2ban.banned() == [GUESSER], fail2ban.log()
    for nobody in (INNOCENT, FRAMED, "127.0.0.1"):
        assert f"Found {nobody} " not in fail2ban.log()
