"""People who come to a site, from an address of one's choice, and what the server's log says of them."""

from __future__ import annotations

import uuid

import requests
from requests.adapters import HTTPAdapter
from site_under_test import Site
from support import api
from support.server import Server
from support.sockets import PATIENCE

FORGED = "203.0.113.9"
#: Another address of this machine, to tell a client from the proxies, which are at 127.0.0.1.
CLIENT = "127.0.0.2"


class From(HTTPAdapter):
    """Connects from an address of one's choice."""

    def __init__(self, address: str):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options) -> None:
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **options)


def session_from(address: str) -> requests.Session:
    session = requests.Session()
    session.mount("http://", From(address))
    session.mount("https://", From(address))
    return session


def sign_in_by_form(site: Site, username: str = "puck") -> requests.Session:
    """As a browser without Fetch Metadata does it: what the server knows of the page's origin is `Origin`."""
    session = requests.Session()
    session.headers["Origin"] = site.url
    form = {"username": username, "password": api.DEMO_PASSWORD}
    answer = session.post(site.url + "/accounts/login/", data=form, allow_redirects=False, timeout=30)
    assert answer.status_code == 303, answer.text
    return session


def cookies(session: requests.Session) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def sign_in_line(site: Site, address: str | None = None, url: str = "", **headers: str) -> str:
    """Somebody new signs in with a forged header, maybe from an address; the line of the log about that.

    `url` is another way in than the public one."""
    person = api.register(site.url)
    with session_from(address) if address else requests.Session() as session:
        body = {"username": person.username, "password": person.password}
        answer = session.post(
            (url or site.url) + "/api/auth/login/", json=body, headers={"X-Forwarded-For": FORGED} | headers,
            timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
    lines = [line for line in site.server.log.splitlines() if "signed in" in line and person.username in line]
    assert lines, "no line about the sign-in"
    return lines[-1]


def refusal_line(site: Site, address: str | None = None, url: str = "", **headers: str) -> str:
    """A form of some other page is refused; the line of the log about that, which has the scheme as we take it to be."""
    origin = f"https://{uuid.uuid4().hex}.example"
    with session_from(address) if address else requests.Session() as session:
        form = {"username": "puck", "password": api.DEMO_PASSWORD}
        answer = session.post(
            (url or site.url) + "/accounts/login/", data=form, headers={"Origin": origin} | headers,
            allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code == 403, answer.text
    [line] = [line for line in site.server.log.splitlines() if f"origin={origin}" in line]
    return line


def failure_lines(server: Server) -> list[str]:
    """The lines about refused sign-ins; others may quote what somebody made up to look like one."""
    return [line for line in server.log.split("\n") if line.split(" ")[2:3] == ["message=auth-failure"]]
