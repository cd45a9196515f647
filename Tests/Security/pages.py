"""Every page that the router has, as each role gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from support.server import Server

if TYPE_CHECKING:
    from world import World

#: What is no page: asked by programs, or another test's.
NOT_PAGES = re.compile(r"^/(api/|hooks/|static/|ws\b|favicon)")
#: What stands for a name in braces where no link leads to such a page. Say it here where a test asks for it.
EXAMPLES = {"slug": "lobby", "username": "titania", "id": "1", "provider": "club"}


@dataclass(frozen=True)
class Page:
    """Where a role is led to, and what it gets there."""

    role: str
    url: str
    html: str
    status: int
    #: Of an answer to a form: which one. Its address alone does not lead to it.
    answers: str = ""

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def name(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", f"{self.role}-{self.path}-{self.answers}".lower()).strip("-")


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.found.append(target)


def shape(path: str) -> str:
    """An address with its numbers and names left out, so that one of a hundred alike is enough."""
    bare = urlsplit(path)
    return re.sub(
        r"/(chat|rooms|people|sessions|invitations|users|messages|bots|outgoing)/[^/]+(?=/)", r"/\1/*", bare.path)


def pages_of(world: World, routes: list[tuple[str, str]], role: str) -> list[Page]:
    """All pages that a role is shown: those of the router, whatever links lead to from there, and answers to forms."""
    server, session = world.server, world.session(role)
    asked = world.addresses[role] + [
        re.sub(r"{(\w+)}", lambda name: EXAMPLES.get(name[1], "1"), path).rstrip("/") + "/"
        for method, path in routes if method == "GET" and not NOT_PAGES.match(path)
    ] + ["/no-such-page/"]
    found: dict[str, Page] = {}
    seen: set[str] = set()
    while asked:
        path = asked.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        answer = session.get(server.url + path, timeout=30)
        assert answer.status_code < 500, f"{role}: {path}: {answer.status_code}"
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = Page(role, answer.url, answer.text, answer.status_code)
        if shape(page.path) in found:
            continue
        found[shape(page.path)] = page
        asked += [link for link in local_links(page, server) if not NOT_PAGES.match(link)]
    return list(found.values()) + world.answers[role]


def local_links(page: Page, server: Server) -> list[str]:
    parser = Links()
    parser.feed(page.html)
    urls = (urldefrag(urljoin(page.url, target)).url for target in parser.found)
    return [url.removeprefix(server.url) for url in urls if url.startswith(server.url + "/")]


def cookies_for_browser(session: requests.Session, server: Server) -> list[dict]:
    return [{"name": cookie.name, "value": cookie.value, "url": server.url} for cookie in session.cookies]
