"""The small Markdown of messages: the same live and from the server, and nothing of it runs."""

from __future__ import annotations

from typing import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from support.sockets import Socket
from test_browser_pages import WCAG

Open = Callable[..., Window]

RICH = """Some **bold**, *italic* and `code <b>`.

> To be, or not to be
> *that* is the question

- milk
- [the docs](https://docs.example/a_b)
  1. first
  2. second

```
let a = *not italic*
  <script>window.hacked = 1</script>
```
See https://a.example/x_y_z."""
HOSTILE = [
    "[a](javascript:window.hacked=1) [b](data:text/html,<script>parent.hacked=1</script>) [c](vbscript:x)",
    "[x](https://a.example/\"onmouseover=window.hacked=1) **<img src=x onerror=window.hacked=1>**",
    "`</code><script>window.hacked = 1</script>` > <svg onload=window.hacked=1>",
    "[https://bank.example](https://evil.example/)",
    "*_" * 1500,
]


def look(window: Window) -> str:
    """The first message's text as the page has it, without what only one of client and server writes."""
    return window.settled.first.locator(".message-text").evaluate(
        """element => {
            const read = (node) => node.nodeType === 3 ? node.data
              : [node.localName, ...["href", "rel", "target", "title", "start"].map((name) => node.getAttribute(name)),
                [...node.childNodes].map(read)]
            return JSON.stringify([...element.childNodes].map(read))
        }""")


def test_markdown_is_the_same_live_and_from_the_server(open_window: Open, titania: api.Person):
    room = titania.create_room()["slug"]
    live = open_window("titania").open(room)
    with Socket(titania.url.replace("http", "ws"), titania.access) as socket:
        socket.say(room, RICH)
    expect(live.settled).to_have_count(1)
    text = live.settled.first.locator(".message-text")
    for name, inside in {"strong": "bold", "em": "italic", "code": "code <b>", "pre": "let a = *not italic*"}.items():
        expect(text.locator(name).first).to_contain_text(inside)
    expect(text.locator("li li").first).to_have_text("first")
    expect(text.locator("blockquote em")).to_have_text("that")
    link = text.get_by_role("link", name="the docs")
    assert link.get_attribute("href") == "https://docs.example/a_b"
    assert link.get_attribute("rel") == "noopener nofollow ugc"
    plain = open_window("titania", java_script_enabled=False)
    plain.page.goto(f"/chat/{room}/")
    assert plain.settled.first.locator(".message-text strong").inner_text() == "bold"
    live_look = look(live)
    live.page.reload()
    live.is_connected()
    from_the_server = live.page.context.new_page()
    from_the_server.route("**/*.js", lambda route: route.abort())
    from_the_server.goto(f"/chat/{room}/")
    window = Window.__new__(Window)
    window.page = from_the_server
    assert look(window) == live_look == look(live)
    # What was typed is what is stored.
    assert [message["text"] for message in titania.history(room)] == [RICH]


def test_nothing_in_a_message_runs_or_leads_elsewhere_than_it_says(open_window: Open, titania: api.Person):
    room = titania.create_room()["slug"]
    with Socket(titania.url.replace("http", "ws"), titania.access) as socket:
        for text in HOSTILE:
            socket.say(room, text)
    for options in ({}, {"java_script_enabled": False}):
        window = open_window("titania", **options)
        window.page.goto(f"/chat/{room}/")
        expect(window.settled).to_have_count(len(HOSTILE))
        assert window.page.locator("[data-messages] :is(script, img, svg)").count() == 0
        hrefs = [link.get_attribute("href") for link in window.page.locator(".message-text a").all()]
        assert all(href.startswith("https://a.example/") for href in hrefs), hrefs
        if not options:
            assert window.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_rich_messages_are_accessible_and_fit(open_window: Open, titania: api.Person, size: dict, scheme: str):
    room = titania.create_room(name="Markdown")["slug"]
    with Socket(titania.url.replace("http", "ws"), titania.access) as socket:
        socket.say(room, RICH)
        socket.say(room, "```\n" + "x" * 300 + "\n```\n> " + "y" * 300)
    window = open_window("titania", viewport=size, color_scheme=scheme).open(room)
    expect(window.settled).to_have_count(2)
    window.composer.focus()
    window.screenshot(f"markup-{scheme}-{'phone' if size is PHONE else 'desktop'}")
    assert Axe().run(window.page, options=WCAG).violations_count == 0
    assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
