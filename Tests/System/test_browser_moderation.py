"""Looking after a room in the browser: by menus, by the keyboard, and without scripts."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from test_admin import browser_session
from test_browser_pages import WCAG

AT_ONCE = 2_000


@pytest.fixture
def room(titania: api.Person, oberon: api.Person) -> str:
    """A room of Titania's with Oberon and Puck in it."""
    slug = titania.create_room()["slug"]
    for username in ["oberon", "puck"]:
        titania.post(f"/api/rooms/{slug}/invite/", {"username": username})
    return slug


def settings_of(window: Window, slug: str) -> None:
    window.page.goto(f"/rooms/{slug}/settings/")


def act_on(window: Window, name: str, button: str) -> None:
    member = window.page.locator("#members-title + ul > li").filter(has_text=name)
    member.locator("summary").click()
    member.get_by_role("button", name=button).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_somebody_who_is_banned_leaves_the_room_and_reads_why(open_window, room: str, scripts: bool):
    puck = open_window("puck").open(room)
    puck.composer.fill("half a sentence")
    titania = open_window("titania", java_script_enabled=scripts)
    settings_of(titania, room)
    act_on(titania, "Puck", "Ban Puck")
    puck.page.wait_for_url("**/rooms/", timeout=AT_ONCE + 3_000)
    expect(puck.page.get_by_text(re.compile("You are banned from"))).to_be_visible()
    puck.page.goto(f"/chat/{room}/")
    expect(puck.page.get_by_role("heading", name="You are banned from this room")).to_be_visible()
    expect(titania.page.get_by_text("puck is banned.")).to_be_visible()
    titania.page.get_by_role("button", name="Lift the ban of Puck").click()
    puck.page.reload()
    puck.page.get_by_role("button", name="Join this room").click()
    puck.is_connected()
    expect(puck.composer).to_have_value("half a sentence")


def test_a_muted_persons_box_says_so_and_until_when_and_keeps_what_was_typed(open_window, room: str, titania):
    puck = open_window("puck").open(room)
    puck.composer.fill("not lost")
    api.answered(titania.request("PUT", f"/api/rooms/{room}/mutes/puck/", json={"seconds": 3600}), 204)
    hold = puck.page.locator("[data-hold]")
    expect(hold).to_contain_text("You are muted in this room until", timeout=AT_ONCE)
    puck.composer.press("Enter")
    expect(puck.composer).to_have_value("not lost")
    api.answered(titania.request("DELETE", f"/api/rooms/{room}/mutes/puck/"), 204)
    expect(hold).to_be_hidden(timeout=AT_ONCE)
    puck.composer.press("Enter")
    puck.sees("not lost")


def test_a_removed_message_disappears_from_another_open_page_and_stays_gone(open_window, room: str):
    puck, titania, oberon = (open_window(name).open(room) for name in ["puck", "titania", "oberon"])
    puck.say("something rude")
    row = titania.sees("something rude")
    oberon.sees("something rude")
    row.hover()
    summary = row.locator("summary")
    summary.focus()
    titania.page.keyboard.press("Enter")
    titania.page.keyboard.press("Tab")
    titania.page.keyboard.press("Enter")
    for window in [oberon, puck, titania]:
        expect(window.page.get_by_text("Removed by a moderator.")).to_be_visible(timeout=AT_ONCE)
        expect(window.page.get_by_text("something rude")).to_have_count(0)
    oberon.page.reload()
    oberon.is_connected()
    expect(oberon.page.get_by_text("Removed by a moderator.")).to_have_count(1)
    expect(oberon.page.get_by_text("something rude")).to_have_count(0)
    oberon.say("and on it goes")
    titania.sees("and on it goes")
    assert oberon.badge(room).count() == 0 or oberon.badge(room).is_hidden()


def test_members_have_no_button_to_remove_what_others_wrote_and_moderators_get_it_live(open_window, room: str, titania):
    oberon = open_window("oberon").open(room)
    titania.post(f"/api/rooms/{room}/messages/", {"text": "by the owner"})
    puck_says = api.sign_in(titania.url, "puck").post(f"/api/rooms/{room}/messages/", {"text": "by puck"})
    row = oberon.sees("by puck")
    expect(row.locator("[data-action=remove]")).to_be_hidden()
    api.answered(titania.request("PUT", f"/api/rooms/{room}/members/oberon/role/", json={"role": "moderator"}), 204)
    row.locator("summary").click()
    expect(row.locator("[data-action=remove]")).to_be_visible(timeout=AT_ONCE)
    oberon.page.keyboard.press("Escape")
    expect(row.locator("[data-action=remove]")).to_be_hidden()
    expect(row.locator("summary")).to_be_focused()
    assert puck_says["seq"] == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_a_message_is_reported_and_handled(open_window, room: str, titania, scripts: bool):
    api.sign_in(titania.url, "puck").post(f"/api/rooms/{room}/messages/", {"text": "a rude word"})
    oberon = open_window("oberon", java_script_enabled=scripts)
    oberon.page.goto(f"/chat/{room}/")
    if scripts:
        row = oberon.sees("a rude word")
        row.hover()
        row.locator("summary").click()
        row.get_by_role("link", name="Report").click()
    else:
        oberon.page.get_by_role("link", name="Remove or report this message of").click()
    oberon.page.get_by_label("What is wrong with it").fill("rudeness")
    oberon.page.get_by_role("button", name="Report").click()
    expect(oberon.page.get_by_text("Those who look after this room will see it.")).to_be_visible()
    admin = open_window("admin", java_script_enabled=scripts)
    admin.page.goto("/admin/reports/")
    report = admin.page.locator(".report").filter(has_text="a rude word").first
    expect(report).to_contain_text("reported by oberon")
    report.get_by_role("button", name="Remove the message").click()
    expect(admin.page.get_by_text("The message was removed.")).to_be_visible()
    oberon.page.goto(f"/chat/{room}/")
    expect(oberon.page.get_by_text("Removed by a moderator.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_a_moderator_suspends_somebody_on_their_page_and_lets_them_in_again(open_window, make_server, scripts: bool):
    server = make_server()
    admin = browser_session(server.url, "admin")
    admin.post(server.url + "/admin/people/titania/", data={"do": "role", "role": "moderator"},
               headers={"Origin": server.url}, timeout=15)
    puck = open_window("puck", server=server, complains=True).open("lobby")
    titania = open_window("titania", server=server, java_script_enabled=scripts, complains=True)
    titania.page.goto("/people/admin/")
    expect(titania.page.get_by_role("heading", name="Suspension")).to_have_count(0)
    titania.page.goto("/people/puck/")
    why = titania.page.get_by_label("Why, for the audit log")
    why.fill("x" * 257)
    titania.page.get_by_role("button", name="Suspend").click()
    expect(titania.page.locator("#reason-error")).to_contain_text("At most 256 characters")
    expect(why).to_have_value("x" * 257)
    why.fill("Pulled chairs away")
    titania.page.get_by_label("How long").select_option("604800")
    titania.page.get_by_role("button", name="Suspend").click()
    expect(puck.page.locator("[data-connection-text]")).to_have_text("This account is disabled.", timeout=AT_ONCE)
    expect(titania.page.get_by_text(re.compile("is kept out of this server until"))).to_be_visible()
    audit = admin.get(server.url + "/admin/audit/", timeout=15).text
    assert "Pulled chairs away" in audit
    titania.page.get_by_role("button", name="Let in again").click()
    expect(titania.page.get_by_role("button", name="Suspend")).to_be_visible()
    api.sign_in(server.url, "puck")


def test_settings_that_cannot_be_say_why_beside_the_field_and_keep_what_was_typed(open_window, room: str):
    titania = open_window("titania", complains=True, java_script_enabled=False)
    settings_of(titania, room)
    titania.page.get_by_label("Name").fill("x" * 65)
    titania.page.get_by_role("button", name="Save").click()
    expect(titania.page.locator("#name-error")).to_have_text("At most 64 characters fit here.")
    expect(titania.page.get_by_label("Name")).to_have_value("x" * 65)
    puck = titania.page.locator("#members-title + ul > li").filter(has_text="Puck")
    puck.locator("summary").click()
    puck.get_by_label("Why").fill("y" * 257)
    puck.get_by_role("button", name="Mute Puck").click()
    expect(puck.locator(".field-error")).to_have_text("At most 256 characters fit here.")
    expect(puck.get_by_label("Why")).to_have_value("y" * 257)
    titania.page.get_by_label("Name").fill("Hall")
    titania.page.get_by_label(re.compile("Locked")).check()
    titania.page.get_by_role("button", name="Save").click()
    expect(titania.page.get_by_role("heading", name="Hall")).to_be_visible()
    expect(titania.page.get_by_label(re.compile("Locked"))).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_pages_of_those_who_look_after_rooms(
    open_window, room: str, titania, oberon, size: dict, scheme: str
):
    seq = oberon.post(f"/api/rooms/{room}/messages/", {"text": "a message to look at"})["seq"]
    titania.post(f"/api/rooms/{room}/messages/{seq}/report/", {"reason": "to look at it"})
    api.answered(titania.request("PUT", f"/api/rooms/{room}/bans/puck/", json={"reason": "noise"}), 204)
    shown = f"{scheme}-{'phone' if size == PHONE else 'desktop'}"
    window = open_window("titania", viewport=size, color_scheme=scheme)
    admin = open_window("admin", viewport=size, color_scheme=scheme)
    pages = [
        (window, f"/rooms/{room}/settings/", "room-settings"), (window, f"/rooms/{room}/messages/{seq}/", "message"),
        (window, f"/chat/{room}/", "moderated-chat"), (admin, "/admin/reports/", "reports"),
        (admin, "/admin/rooms/", "rooms"), (admin, "/admin/people/", "people"),
        (admin, "/people/puck/", "suspension"),
    ]
    for shower, path, name in pages:
        shower.page.goto(path)
        for summary in shower.page.locator(".member-actions summary, .message-menu summary").all()[:1]:
            summary.click(force=True)
        results = Axe().run(shower.page, options=WCAG)
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"
        width = shower.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{path} is {width} wide"
        shower.screenshot(f"{name}-{shown}")
