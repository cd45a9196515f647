"""What the operator sees of how the server runs: who is signed in, the settings in force, and its health."""

from __future__ import annotations

import json
import sqlite3

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE
from support.sockets import Socket
from test_admin import browser_session
from test_browser_pages import WCAG

PAGES = ("sessions", "settings", "health")


@pytest.mark.parametrize("path", PAGES)
def test_these_pages_are_for_administrators_alone(server, path: str):
    assert browser_session(server.url, "titania").get(server.url + f"/admin/{path}/", timeout=15).status_code == 403
    assert browser_session(server.url, "admin").get(server.url + f"/admin/{path}/", timeout=15).status_code == 200


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_an_administrator_ends_somebodys_sign_in_and_its_socket(open_window, make_server, scripts: bool):
    server = make_server()
    mustardseed = api.sign_in(server.url, "mustardseed")
    window = open_window("admin", server=server, java_script_enabled=scripts)
    with Socket(server.ws, mustardseed.access) as socket:
        window.page.goto("/admin/sessions/")
        entry = window.page.locator(".admin-item").filter(has_text="mustardseed")
        expect(entry).to_have_count(1)
        expect(entry).to_contain_text("python-requests")
        expect(entry).to_contain_text("127.0.0.1")
        entry.get_by_role("button").click()
        expect(window.page.get_by_role("status")).to_contain_text("That sign-in has ended.")
        expect(entry).to_have_count(0)
        assert socket.close_code() == 4103
    assert mustardseed.request("GET", "/api/rooms/").status_code == 401
    window.page.goto("/admin/audit/")
    expect(window.page.locator(".admin-item").first).to_contain_text("session.end mustardseed")
    expect(window.page.locator(".admin-item").first).to_contain_text("by admin")


def test_a_sign_in_that_is_not_there_or_is_ended_by_somebody_else_stays_as_it_is(server):
    titania, admin = browser_session(server.url, "titania"), browser_session(server.url, "admin")
    headers = {"Origin": server.url}
    for session, status in ((titania, 403), (admin, 404)):
        answer = session.post(server.url + "/admin/sessions/999999/end/", headers=headers, timeout=15)
        assert answer.status_code == status
    assert admin.post(
        server.url + "/admin/sessions/1/end/", headers={"Origin": "https://evil.example"}, timeout=15
    ).status_code == 403


def test_more_sign_ins_than_a_page_holds_are_on_the_next(make_server):
    server = make_server()
    for _ in range(101):
        api.sign_in(server.url, "puck")
    admin = browser_session(server.url, "admin")
    first = admin.get(server.url + "/admin/sessions/", timeout=15).text
    assert first.count('class="admin-item"') == 100
    link = first.split('href="')[-1].split('"')[0]
    assert "/admin/sessions/?before=" in link
    second = admin.get(server.url + link, timeout=15).text
    # A person has no more than a hundred, and the administrator one.
    assert second.count('class="admin-item"') == 1
    for nonsense in ("x", "1", "-", "99999999999999999999-1", "1-2-3"):
        assert admin.get(server.url + f"/admin/sessions/?before={nonsense}", timeout=15).status_code == 200


def test_settings_tell_where_they_come_from_and_no_secret(open_window, make_server):
    secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA=="
    server = make_server(token_key=secret, smtp_password="hunter2-hunter2", search_rate="7/60")
    window = open_window("admin", server=server)
    window.page.goto("/admin/settings/")
    changed = window.page.locator("section[aria-labelledby=changed] .admin-item")
    expect(changed.filter(has_text="PARLEY_SEARCH_RATE")).to_contain_text("7/60")
    expect(changed.filter(has_text="PARLEY_SEARCH_RATE")).to_contain_text("environment")
    expect(changed.filter(has_text="PARLEY_LISTEN")).to_contain_text("argument")
    expect(changed.filter(has_text="PARLEY_TOKEN_KEY")).to_contain_text("********")
    others = window.page.locator("section[aria-labelledby=others] .admin-item")
    expect(others.filter(has_text="PARLEY_SESSION_DAYS")).to_contain_text("default")
    text = window.page.content()
    assert secret not in text and "hunter2" not in text


def test_health_tells_what_the_api_does_and_what_it_costs(open_window, server):
    window = open_window("admin")
    window.page.goto("/admin/health/")
    report = requests.get(server.url + "/api/health/", timeout=15).json()
    facts = window.page.locator("dl.facts")
    expect(facts.first).to_contain_text(f"Version{report['version']}")
    expect(window.page.locator(".admin-lead")).to_contain_text("All is well.")
    expect(facts.nth(1)).to_contain_text("iB")
    expect(window.page.get_by_text("No mail server is set")).to_be_visible()


def test_mail_that_waits_is_on_the_page(open_window, make_server):
    server = make_server(smtp_url="smtp://127.0.0.1:1", mail_from="chat@example.com", smtp_starttls="never")
    window = open_window("admin", server=server)
    window.page.goto("/admin/health/")
    expect(window.page.locator("section[aria-labelledby=mail] dl")).to_contain_text("Waiting0")


def test_a_long_audit_log_is_read_page_by_page_and_downloaded_whole_without_scripts(open_window, make_server, tmp_path):
    server = make_server()
    with sqlite3.connect(server.data / "parley.db", timeout=15) as database:
        # As things done at the command line, in a long time.
        database.executemany(
            "INSERT INTO audit (at, actor, action, target, details) VALUES (?, NULL, 'user.set_role', ?, ?)",
            [(1_700_000_000_000 + number, f"fairy{number}", "Ümläut\n\"quoted\"") for number in range(1200)])
    database.close()
    expected = [f"fairy{number}" for number in reversed(range(1200))] + ["admin"]
    page = open_window("admin", server=server, java_script_enabled=False).page
    page.goto("/admin/audit/")
    expect(page.locator(".admin-item").first).to_contain_text("by the command line")
    found = []
    while True:
        shown = page.locator(".admin-item-text > p:first-child").all_inner_texts()
        found += [text.split()[1] for text in shown]
        older = page.get_by_role("link", name="Older")
        if not older.count():
            break
        assert len(shown) == 100
        older.click()
        page.wait_for_url(f"**/admin/audit/?before={1201 - len(found) + 1}")
    assert found == expected

    page.goto("/admin/audit/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all").click()
    assert download.value.suggested_filename == "audit.jsonl"
    download.value.save_as(tmp_path / "audit.jsonl")
    lines = (tmp_path / "audit.jsonl").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    entries = [json.loads(line) for line in lines]
    assert [entry["target"] for entry in entries] == expected
    assert [entry["id"] for entry in entries] == list(range(1201, 0, -1))
    assert entries[0] == {
        "id": 1201, "at": "2023-11-14T22:13:21.199Z", "action": "user.set_role", "target": "fairy1199",
        "details": "Ümläut\n\"quoted\""}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_they_are_fit_to_be_seen(open_window, path: str, size: dict, scheme: str):
    window = open_window("admin", viewport=size, color_scheme=scheme)
    window.page.goto(f"/admin/{path}/")
    window.screenshot(f"admin-{path}-{scheme}-{'phone' if size is PHONE else 'desktop'}")
    found = Axe().run(window.page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
