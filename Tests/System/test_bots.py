"""Bots: accounts for programs, which somebody answers for."""

from __future__ import annotations

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE
from support.server import Server, run
from support.sockets import Socket
from test_admin import browser_session
from test_browser_pages import WCAG
from test_hooks import form, shown_once
from test_tokens import bearer

ALL = {"scope:account:read": "on", "scope:rooms:read": "on", "scope:rooms:write": "on", "scope:messages:read": "on",
       "scope:messages:write": "on", "scope:people:read": "on"}


def make_bot(server: Server, username: str, maker: str = "admin", **scopes: str) -> str:
    """A bot with a token."""
    session = browser_session(server.url, maker)
    made = form(session, server, "/admin/bots/" if maker == "admin" else "/profile/bots/", username=username, name="")
    assert made.url.endswith(f"/profile/bots/{username}/"), made.text
    return shown_once(form(
        session, server, f"/profile/bots/{username}/tokens/", name="t", days="7", password=api.DEMO_PASSWORD,
        **(scopes or ALL)))


def test_a_bot_writes_and_hears_by_its_token_and_is_shown_as_one(server: Server, titania: api.Person):
    token = make_bot(server, "quince")
    assert requests.post(server.url + "/api/rooms/lobby/join/", headers=bearer(token), timeout=30).status_code == 200
    with Socket(server.ws, token) as bot, Socket(server.ws, titania.access) as person:
        bot.say("lobby", "Is all our company here?")
        sender = person.expect_message("Is all our company here?")["message"]["sender"]
        assert sender == {"username": "quince", "name": "quince", "isBot": True}
        person.say("lobby", "You were best to call them.")
        assert "isBot" not in bot.expect_message("You were best to call them.")["message"]["sender"]
    found = titania.get("/api/users/", q="quince")["users"]
    assert found == [{"username": "quince", "name": "quince", "isBot": True}]


def test_a_bot_cannot_sign_in(server: Server):
    make_bot(server, "snug")
    for password in ("!", "", api.DEMO_PASSWORD):
        answer = requests.post(
            server.url + "/api/auth/login/", json={"username": "snug", "password": password}, timeout=30)
        assert answer.status_code == 401 and api.problem(answer)["code"] == "wrong_password"
    # Nor where the operator gives it a password.
    run("user", "set-password", "snug", "--data-dir", server.data, stdin="a good long password\n", check=False)
    answer = requests.post(
        server.url + "/api/auth/login/", json={"username": "snug", "password": "a good long password"}, timeout=30)
    assert answer.status_code == 401


def test_a_disabled_bot_is_out_at_once_and_a_deleted_one_for_good(server: Server):
    token = make_bot(server, "starveling")
    session = browser_session(server.url, "admin")
    requests.post(server.url + "/api/rooms/lobby/join/", headers=bearer(token), timeout=30)
    with Socket(server.ws, token) as socket:
        form(session, server, "/profile/bots/starveling/", do="disable")
        assert socket.close_code(1.0) == 4200
    form(session, server, "/profile/bots/starveling/", do="enable")
    assert requests.get(server.url + "/api/rooms/", headers=bearer(token), timeout=30).status_code == 401
    form(session, server, "/profile/bots/starveling/", do="delete")
    assert session.get(server.url + "/profile/bots/starveling/", timeout=30).status_code == 404
    again = form(session, server, "/admin/bots/", username="starveling", name="")
    assert again.status_code == 409 and "is taken" in again.text
    members = api.sign_in(server.url, "titania").get("/api/rooms/lobby/members/")["members"]
    assert "starveling" not in [member["username"] for member in members]


def test_members_make_bots_only_where_the_setting_says_so(server: Server, make_server):
    session = browser_session(server.url, "titania")
    assert form(session, server, "/profile/bots/", username="flute", name="").status_code == 403
    assert form(session, server, "/admin/bots/", username="flute", name="").status_code == 403
    free = make_server(members_make_bots="true")
    make_bot(free, "flute", maker="titania")
    # Another member's bot is none.
    other = browser_session(free.url, "oberon")
    for path in ("/profile/bots/flute/", "/profile/bots/nobody/"):
        assert other.get(free.url + path, timeout=30).status_code == 404
    assert form(other, free, "/profile/bots/flute/tokens/", name="t", days="7", password=api.DEMO_PASSWORD,
                **ALL).status_code == 404


def test_what_is_done_with_bots_is_in_the_audit_log(make_server):
    server = make_server()
    make_bot(server, "snout")
    session = browser_session(server.url, "admin")
    form(session, server, "/profile/bots/snout/", do="delete")
    log = session.get(server.url + "/admin/audit.jsonl", timeout=30).text
    assert [action for action in ("bot.delete", "bot.create_token", "bot.create") if f'"{action}"' in log] == [
        "bot.delete", "bot.create_token", "bot.create"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_administrator_makes_a_bot_on_the_page(make_server, open_window, size: dict, scheme: str):
    server = make_server()
    window = open_window("admin", server=server, viewport=size, color_scheme=scheme)
    page = window.page
    page.goto("/admin/bots/")
    page.get_by_label("Username").fill("x")
    page.get_by_role("button", name="Make a bot").click()
    expect(page.get_by_text("A username has 2 to 32 letters")).to_be_visible()
    page.get_by_label("Username").fill("quince")
    page.get_by_role("button", name="Make a bot").click()
    page.wait_for_url("**/profile/bots/quince/")
    page.get_by_label("What it is for").fill("The play")
    page.get_by_label("messages:write").check()
    page.get_by_label("Your password").fill(api.DEMO_PASSWORD)
    page.get_by_role("button", name="Make a token").click()
    assert page.get_by_role("status").inner_text().startswith("parley_pat_")
    window.complaints.clear()
    for path, what in (("", "bot"), ("/admin/bots/", "admin-bots"), ("/profile/bots/", "bots")):
        if path:
            page.goto(path)
        window.screenshot(f"{what}-{scheme}-{'phone' if size is PHONE else 'desktop'}")
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
