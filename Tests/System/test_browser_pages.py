"""The pages themselves: safe with hostile text, usable without JavaScript, accessible, and good to look at."""

from __future__ import annotations

from typing import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from support.server import Server
from support.sockets import Socket

Open = Callable[..., Window]

HOSTILE = [
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 1">',
    '"><svg onload=window.hacked=1>',
    "{{constructor.constructor('window.hacked = 1')()}}",
    "javascript:window.hacked=1",
    "https://example.org/\"onmouseover=\"window.hacked=1",
    "\u202eright to left\u202c and back",
    "zero\u200bwidth \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = {"login": "/accounts/login/", "register": "/accounts/register/", "rooms": "/rooms/", "chat": "/chat/lobby/"}


def test_hostile_text_is_shown_as_text_live_and_after_a_reload(open_window: Open, server: Server, titania: api.Person):
    room = titania.create_room(name="<b onclick=alert(1)>Bold</b>", topic="<script>window.hacked = 1</script>")["slug"]
    window = open_window("titania").open(room)
    with Socket(server.ws, titania.access) as socket:
        for text in HOSTILE:
            socket.say(room, text)
    for _ in ("live", "from the server"):
        expect(window.settled).to_have_count(len(HOSTILE))
        assert window.texts() == HOSTILE
        expect(window.page.locator("#room-name")).to_have_text("<b onclick=alert(1)>Bold</b>")
        assert window.page.evaluate("window.hacked") is None
        assert window.page.locator("[data-messages] :is(script, img, svg)").count() == 0
        window.page.reload()
        window.is_connected()


def test_without_javascript_one_signs_in_reads_and_sends(open_window: Open, titania: api.Person):
    room = titania.create_room()["slug"]
    with Socket(titania.url.replace("http", "ws"), titania.access) as socket:
        socket.say(room, "said before")
    window = open_window("titania", java_script_enabled=False)
    window.page.goto(f"/chat/{room}/")
    expect(window.messages).to_have_count(1)
    window.composer.fill("sent without a script\n<b>twice</b>")
    window.page.get_by_role("button", name="Send").click()
    window.page.wait_for_url(f"**/chat/{room}/**")
    assert [text.replace("\r\n", "\n") for text in window.texts()] == [
        "said before", "sent without a script\n<b>twice</b>"]
    window.page.get_by_role("button", name="Sign out").click()
    window.page.wait_for_url("**/accounts/login/")


def test_a_wrong_password_is_told_and_the_name_is_kept(open_window: Open):
    window = open_window(complains=True)
    window.page.goto("/accounts/login/")
    window.page.get_by_label("Username", exact=True).fill("titania")
    window.page.get_by_label("Password", exact=True).fill("not the password")
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.page.get_by_role("alert")).to_be_visible()
    expect(window.page.get_by_label("Username", exact=True)).to_have_value("titania")
    expect(window.page.get_by_label("Password", exact=True)).to_have_value("")


def test_after_signing_in_one_is_where_one_wanted_to_go(open_window: Open):
    window = open_window()
    window.page.goto("/chat/lobby/")
    window.page.wait_for_url("**/accounts/login/?next=**")
    window.page.get_by_label("Username", exact=True).fill("titania")
    window.page.get_by_label("Password", exact=True).fill(api.DEMO_PASSWORD)
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    window.page.wait_for_url("**/chat/lobby/")


def visit(open_window: Open, page: str, **options) -> Window:
    window = open_window("titania" if page in ("rooms", "chat") else None, **options)
    window.page.goto(PAGES[page])
    if page in ("rooms", "chat"):
        window.is_connected()
    return window


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_wcag_2_2_aa(open_window: Open, page: str, size: dict, scheme: str):
    window = visit(open_window, page, viewport=size, color_scheme=scheme)
    window.screenshot(f"{page}-{scheme}-{'phone' if size is PHONE else 'desktop'}")
    found = Axe().run(window.page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(open_window: Open, page: str, width: int):
    window = visit(open_window, page, viewport={"width": width, "height": 700})
    assert window.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_is_pictured(open_window: Open, titania: api.Person, oberon: api.Person, size: dict, scheme: str):
    room = titania.create_room(name="Moonlit clearing", topic="Where the wild thyme blows")["slug"]
    oberon.post(f"/api/rooms/{room}/join/")
    url = titania.url.replace("http", "ws")
    with Socket(url, titania.access) as queen, Socket(url, oberon.access) as king:
        queen.say(room, "These are the forgeries of jealousy.")
        queen.say(room, "And never, since the middle summer's spring, met we on hill, in dale, forest or mead, "
                        "by paved fountain or by rushy brook, but with thy brawls thou hast disturb'd our sport.")
        king.say(room, "Do you amend it then; it lies in you:\nwhy should Titania cross her Oberon?")
        king.say(room, "\U0001f319")
    window = open_window("titania", viewport=size, color_scheme=scheme).open(room)
    expect(window.settled).to_have_count(4)
    window.screenshot(f"conversation-{scheme}-{'phone' if size is PHONE else 'desktop'}")
