"""Who people are to others: profile, status, picture, page; and how it reaches pages that are open."""

from __future__ import annotations

from typing import Callable

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from support.server import Server
from support.sockets import Socket
from test_admin import browser_session
from test_browser_pages import WCAG

Open = Callable[..., Window]


def edit(person: api.Person, **fields) -> requests.Response:
    return person.request("PATCH", "/api/profile/details/", json=fields)


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_a_profile_is_written_and_seen_by_others(open_window: Open, make_server, scripts: bool):
    server = make_server()
    window = open_window("puck", server=server, java_script_enabled=scripts)
    window.page.goto("/profile/")
    window.page.get_by_label("Shown beside what you write").fill("Robin Goodfellow")
    window.page.get_by_label("A few words about yourself").fill("I go, I go; <b>look</b>\nhow I go.")
    window.page.get_by_label("Time zone").select_option("Asia/Tokyo")
    window.page.get_by_role("button", name="Save").click()
    expect(window.page.get_by_role("status")).to_have_text("Your profile has changed.")
    assert window.page.locator("html").get_attribute("data-time-zone") == "Asia/Tokyo"
    assert window.page.locator("html").get_attribute("lang") == "en"
    window.page.get_by_label("An emoji, if you like").fill("🌳")
    window.page.get_by_label("What you are up to").fill("In the wood")
    window.page.get_by_label("How long").select_option("3600")
    window.page.get_by_role("button", name="Show it").click()
    expect(window.page.get_by_role("status")).to_have_text("Everybody sees your status now.")
    other = open_window("titania", server=server, java_script_enabled=scripts)
    other.page.goto("/people/puck/")
    expect(other.page.get_by_role("heading", name="Robin Goodfellow")).to_be_visible()
    expect(other.page.locator(".person-bio")).to_have_text("I go, I go; <b>look</b>\nhow I go.")
    expect(other.page.locator(".person-status")).to_contain_text("In the wood")
    expect(other.page.get_by_text("Asia/Tokyo")).to_be_visible()
    expect(other.page.get_by_role("link", name="Lobby")).to_be_visible()
    other.page.get_by_role("button", name="Write to Robin Goodfellow").click()
    other.page.wait_for_url("**/chat/direct-**")
    expect(other.page.locator("[data-status]")).to_contain_text("In the wood")
    window.page.get_by_role("button", name="Take it away").click()
    expect(window.page.get_by_role("status")).to_have_text("Your status is gone.")


def test_what_does_not_fit_is_told_in_its_field_and_kept(open_window: Open, make_server):
    window = open_window("puck", server=make_server(), complains=True)
    window.page.goto("/profile/")
    bio = window.page.get_by_label("A few words about yourself")
    bio.fill("x" * 501)
    window.page.get_by_role("button", name="Save").click()
    expect(window.page.get_by_text("At most 500 characters fit here; these are 501.")).to_be_visible()
    expect(bio).to_have_value("x" * 501)
    expect(bio).to_have_attribute("aria-invalid", "true")
    window.page.get_by_label("An emoji, if you like").fill("abc")
    window.page.get_by_label("What you are up to").fill("In the wood")
    window.page.get_by_role("button", name="Show it").click()
    expect(window.page.get_by_text("One emoji fits here, or nothing.")).to_be_visible()
    expect(window.page.get_by_label("What you are up to")).to_have_value("In the wood")


def test_bad_input_has_a_code_and_a_field_and_changes_nothing(server: Server):
    puck = api.sign_in(server.url, "puck")
    before = puck.get("/api/profile/details/")
    for field, body in [
        ("name", {"name": ""}), ("name", {"name": "a\0b"}), ("name", {"name": 5}), ("name", {"name": "x" * 65}),
        ("name", {"name": "Тitania"}), ("name", {"name": "a\u202eb"}), ("name", {"name": "Adm1n Fae"}),
        ("bio", {"bio": ["x"]}), ("bio", {"bio": "\0"}), ("timeZone", {"timeZone": "Nowhere"}),
        ("status", {"status": "x"}), ("status", {"status": {"text": "a\nb"}}),
        ("emoji", {"status": {"emoji": "xy", "text": "x"}}), ("seconds", {"status": {"text": "x", "seconds": 1}}),
    ]:
        answer = edit(puck, **body)
        problem = api.problem(answer)
        assert answer.status_code == 422 and problem["field"] == field, (body, problem)
    assert puck.get("/api/profile/details/") == before


def test_a_new_name_and_status_reach_open_pages(open_window: Open, make_server):
    server = make_server()
    puck, titania = api.sign_in(server.url, "puck"), api.sign_in(server.url, "titania")
    room = titania.create_room()["slug"]
    puck.post(f"/api/rooms/{room}/join/")
    direct = puck.post("/api/direct/", {"usernames": ["titania"]})["slug"]
    with Socket(server.ws, puck.access) as socket:
        socket.say(room, "The king doth keep his revels here")
        socket.say(direct, "a word")
    inside, beside = open_window("titania", server=server).open(room), open_window("titania", server=server).open(direct)
    sender = inside.settled.first.locator(".message-sender")
    expect(sender).to_have_text("Puck Trickfoot")
    assert sender.get_attribute("href").endswith("/people/puck/")
    answer = edit(puck, name="Robin Goodfellow", status={"emoji": "🌙", "text": "Up late"})
    assert answer.status_code == 200 and answer.json()["status"]["text"] == "Up late"
    for window in (inside, beside):
        expect(window.settled.first.locator(".message-sender")).to_have_text("Robin Goodfellow")
        expect(window.settled.first.locator(".avatar")).to_have_text("RG")
        expect(window.page.locator(f'[data-room="{direct}"] .room-link-name')).to_have_text("Robin Goodfellow")
    expect(beside.page.locator("#room-name")).to_have_text("Robin Goodfellow")
    expect(beside.page.locator("[data-status]")).to_have_text("🌙 Up late")
    edit(puck, status=None)
    expect(beside.page.locator("[data-status]")).to_have_text("")


def test_the_picture_is_safe_and_cached(server: Server):
    session = browser_session(server.url, "titania")
    url = server.url + "/people/puck/avatar.svg"
    answer = session.get(url, timeout=15)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "sandbox" in policy
    assert ">PT</text>" in answer.text and session.get(url, timeout=15).content == answer.content
    again = session.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=15)
    assert again.status_code == 304 and not again.content and again.headers["Content-Security-Policy"] == policy
    assert requests.get(url, timeout=15, allow_redirects=False).status_code == 303


def test_nobody_and_somebody_who_is_not_to_be_seen_answer_alike(make_server):
    server = make_server()
    guest = api.register(server.url)
    run_as_admin = browser_session(server.url, "admin")
    answer = run_as_admin.post(
        f"{server.url}/admin/people/{guest.get('/api/profile/')['username']}/",
        data={"do": "role", "role": "guest"}, headers={"Origin": server.url}, timeout=15)
    assert answer.status_code == 200
    seen = [guest.request("GET", f"/api/users/{name}/") for name in ("titania", "nobody")]
    assert [one.status_code for one in seen] == [404, 404]
    bodies = [one.json() | {"detail": one.json()["detail"].replace(name, "?")} for one, name in zip(seen, ("titania", "nobody"))]
    assert bodies[0] == bodies[1]


PAGES = ["/profile/", "/people/titania/", "/people/admin/", "/profile/export/", "/profile/delete/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(open_window: Open, server: Server, size: dict, scheme: str):
    edit(api.sign_in(server.url, "titania"), bio="Queen of the fairies.\nAwake since ever.", timeZone="Europe/Athens",
         status={"emoji": "🌙", "text": "Counting the mortals", "seconds": 3600})
    window = open_window("admin", viewport=size, color_scheme=scheme)
    for path in PAGES:
        window.page.goto(path)
        name = path.strip("/").replace("/", "-")
        window.screenshot(f"{name}-{scheme}-{'phone' if size is PHONE else 'desktop'}")
        found = Axe().run(window.page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
