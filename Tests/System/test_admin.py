"""The operator's pages: who may see them, and what the one about the front door tells."""

from __future__ import annotations

import re
import socket
import struct

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE
from support.handshake import KEY
from test_browser_pages import WCAG

FRONT_DOOR = "/admin/front-door/"


def browser_session(url: str, username: str) -> requests.Session:
    session = requests.Session()
    answer = session.post(
        url + "/accounts/login/", data={"username": username, "password": api.DEMO_PASSWORD},
        headers={"Origin": url}, timeout=15)
    assert answer.url.endswith("/rooms/"), answer.text
    return session


@pytest.mark.parametrize("path", ["/admin/", FRONT_DOOR])
def test_the_operators_pages_are_for_administrators_alone(server, path: str):
    assert requests.get(server.url + path, timeout=15).url.startswith(server.url + "/accounts/login/?next=/admin")
    session = browser_session(server.url, "titania")
    assert session.get(server.url + path, timeout=15).status_code == 403
    assert "/admin/" not in session.get(server.url + "/rooms/", timeout=15).text
    assert session.post(
        server.url + FRONT_DOOR, data={}, headers={"Origin": server.url}, timeout=15).status_code == 403


def test_a_test_of_the_address_is_not_started_from_another_page(server):
    session = browser_session(server.url, "admin")
    answer = session.post(
        server.url + FRONT_DOOR, data={}, headers={"Origin": "https://evil.example"}, timeout=15)
    assert answer.status_code == 403
    assert "Looked at" not in session.get(server.url + FRONT_DOOR, timeout=15).text


def test_nobody_deletes_their_own_account_among_the_others_however_it_is_written(make_server):
    server = make_server()
    session = browser_session(server.url, "admin")
    # So that the last administrator is not what is in the way.
    for path, fields in (("titania", {"do": "role", "role": "admin"}), ("admin", {"do": "delete"}),
                         ("ADMIN", {"do": "delete"}), ("aDmin", {"do": "delete"})):
        answer = session.post(
            f"{server.url}/admin/people/{path}/", data=fields, headers={"Origin": server.url}, timeout=15)
        if fields["do"] == "delete":
            assert answer.status_code == 400 and "it asks for your password" in answer.text
    api.sign_in(server.url, "admin")


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_the_operator_tests_the_servers_address_and_reads_what_was_found(open_window, make_server, scripts: bool):
    server = make_server()
    window = open_window("admin", server=server, java_script_enabled=scripts)
    window.page.get_by_role("link", name="Admin", exact=True).click()
    window.page.get_by_role("link", name="Front door").click()
    window.page.wait_for_url("**/admin/front-door/")
    expect(window.page.get_by_text("You are connected to the server itself")).to_be_visible()
    window.page.get_by_role("button", name="Test my address").click()
    expect(window.page.get_by_text("Looked at")).to_be_visible(timeout=60_000)
    findings = window.page.locator("#test .finding")
    expect(findings.filter(has_text="A WebSocket opens, and messages pass")).to_have_count(1)
    expect(findings.filter(has_text="Not tested").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_the_front_door_noticed_is_told_with_its_cure(open_window, make_server, size: dict, scheme: str):
    server = make_server(trusted_proxies="10.9.8.7")
    for _ in range(2):
        requests.get(
            server.url + "/login", headers={"X-Forwarded-For": "203.0.113.9"}, allow_redirects=False, timeout=15)
    requests.get(server.url + "/login", headers={"Host": "<b>evil</b>.example"}, timeout=15)
    requests.post(
        server.url + "/accounts/login/", data={"username": "puck"}, headers={"Origin": "https://www.example.com"},
        timeout=15)
    window = open_window("admin", server=server, viewport=size, color_scheme=scheme)
    window.page.goto(FRONT_DOOR)
    noticed = window.page.locator("section[aria-labelledby=noticed] .finding")
    expect(noticed).to_have_count(3)
    untrusted = noticed.filter(has_text="Headers of a proxy that is not trusted are ignored.")
    expect(untrusted).to_contain_text("2 times")
    expect(untrusted).to_contain_text("trusted-proxies=10.9.8.7,127.0.0.1")
    expect(noticed.filter(has_text="<b>evil</b>.example")).to_have_count(1)
    expect(noticed.filter(has_text="https://www.example.com")).to_contain_text("expected")
    window.screenshot(f"front-door-{scheme}-{'phone' if size is PHONE else 'desktop'}")
    found = Axe().run(window.page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_sockets_that_are_all_cut_at_the_same_age_are_told_of(open_window, make_server):
    """Twenty sockets lose their connection at the age of six seconds or so, without a close frame."""
    server = make_server()
    titania = api.sign_in(server.url, "titania")
    sockets = []
    for _ in range(20):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=15)
        connection.sendall(
            (f"GET /ws HTTP/1.1\r\nHost: localhost:{server.port}\r\nAuthorization: Bearer {titania.access}\r\n"
             "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             f"Sec-WebSocket-Key: {KEY}\r\n\r\n").encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        sockets.append(connection)
    window = open_window("admin", server=server)
    # Six seconds by the server's own clock: an age that is judged.
    window.page.evaluate("new Promise((done) => setTimeout(done, 6500))")
    for connection in sockets:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    window.page.goto(FRONT_DOOR)
    expect(window.page.get_by_text("Something on the way cuts sockets after")).to_be_visible()
    expect(window.page.get_by_text("20 of 20 sockets that ended without a word")).to_be_visible()


# MARK: without scripts


def test_people_are_given_a_role_disabled_and_deleted_without_scripts(make_server, open_window):
    server = make_server()
    page = open_window("admin", server=server, java_script_enabled=False).page

    def sign_in() -> requests.Response:
        return requests.post(
            server.url + "/api/auth/login/", json={"username": "puck", "password": api.DEMO_PASSWORD}, timeout=15)

    page.goto("/admin/people/")
    puck = page.locator(".admin-item").filter(has=page.get_by_role("link", name="Puck Trickfoot"))
    expect(puck.get_by_label("Role of Puck Trickfoot")).to_have_value("member")
    puck.get_by_label("Role of Puck Trickfoot").select_option("moderator")
    puck.get_by_role("button", name="Set the role of Puck Trickfoot").click()
    expect(puck.get_by_label("Role of Puck Trickfoot")).to_have_value("moderator")
    assert sign_in().json()["user"]["role"] == "moderator"

    puck.get_by_role("button", name="Disable Puck Trickfoot").click()
    expect(puck.locator(".admin-mark")).to_have_text("disabled")
    assert api.problem(sign_in())["code"] == "account_disabled"
    puck.get_by_role("button", name="Enable Puck Trickfoot").click()
    expect(puck.get_by_role("button", name="Disable Puck Trickfoot")).to_be_visible()
    expect(puck.locator(".admin-mark")).to_have_count(0)
    assert sign_in().status_code == 200

    puck.get_by_label("How long to suspend Puck Trickfoot").select_option("604800")
    puck.get_by_role("button", name="Suspend Puck Trickfoot").click()
    expect(puck.locator(".admin-mark")).to_have_text(re.compile(r"^suspended until \d{4}-\d\d-\d\d \d\d:\d\d UTC$"))
    assert api.problem(sign_in())["code"] == "account_disabled"
    puck.get_by_role("button", name="Let in again Puck Trickfoot").click()
    expect(puck.locator(".admin-mark")).to_have_count(0)
    assert sign_in().status_code == 200

    people = page.locator(".admin-item").count()
    for_good = puck.get_by_role("button", name="Delete puck for good")
    expect(for_good).to_be_hidden()
    puck.locator("summary").click()
    for_good.click()
    expect(page.get_by_text(f"{people - 1} accounts.")).to_be_visible()
    expect(puck).to_have_count(0)
    assert api.problem(sign_in())["code"] == "wrong_password"


def test_invitations_are_made_and_taken_back_without_scripts(make_server, open_window):
    server = make_server(registration="invitation")
    page = open_window("admin", server=server, java_script_enabled=False).page
    page.goto("/admin/invitations/")
    page.get_by_label("People who may join by it").fill("2")
    page.get_by_label("Days that it lasts").fill("3")
    page.get_by_label("They come in as").select_option("guest")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("status").inner_text()
    assert link.startswith(server.public_url + "/accounts/register/?invitation=")
    invitation = page.locator(".admin-item")
    expect(invitation).to_have_count(1)
    expect(invitation).to_contain_text("0 of 2 joined as guest open")
    expect(invitation).to_contain_text("by admin")
    assert requests.get(link, timeout=15).status_code == 200
    joined = requests.post(
        server.url + "/api/auth/register/", timeout=15,
        json={"username": "moth", "password": "a good password", "invitation": link.split("invitation=")[1]})
    assert joined.json()["user"]["role"] == "guest", joined.text

    # The link is shown the once.
    page.goto("/admin/invitations/")
    expect(page.get_by_role("status")).to_have_count(0)
    expect(invitation).to_contain_text("1 of 2 joined as guest open")
    invitation.get_by_role("button", name="Take back").click()
    page.wait_for_url("**/admin/invitations/")
    expect(invitation).to_contain_text("1 of 2 joined as guest taken back")
    expect(invitation.get_by_role("button")).to_have_count(0)
    assert requests.get(link, timeout=15).status_code == 403


def test_bots_are_made_disabled_and_deleted_without_scripts(make_server, open_window):
    server = make_server()
    page = open_window("admin", server=server, java_script_enabled=False, complains=True).page
    page.goto("/admin/bots/")
    expect(page.get_by_text("There are no bots yet.")).to_be_visible()
    page.get_by_label("Username").fill("x")
    page.get_by_label("Name (optional)").fill("Peter Quince")
    page.get_by_role("button", name="Make a bot").click()
    expect(page.locator("#username-error")).to_contain_text("A username has 2 to 32 letters")
    expect(page.get_by_label("Name (optional)")).to_have_value("Peter Quince")
    page.get_by_label("Username").fill("quince")
    page.get_by_role("button", name="Make a bot").click()
    page.wait_for_url("**/profile/bots/quince/")
    page.get_by_label("What it is for").fill("The play")
    page.get_by_label("rooms:read").check()
    page.get_by_label("Your password").fill(api.DEMO_PASSWORD)
    page.get_by_role("button", name="Make a token").click()
    token = {"Authorization": f"Bearer {page.get_by_role('status').inner_text().strip()}"}
    assert requests.get(server.url + "/api/rooms/", headers=token, timeout=15).status_code == 200

    bot = page.locator(".admin-item").filter(has_text="quince")
    for button, marks, status in (("Disable", 1, 403), ("Enable", 0, 401)):
        page.get_by_role("button", name=button, exact=True).click()
        page.goto("/admin/bots/")
        expect(bot).to_contain_text("Peter Quince")
        expect(bot).to_contain_text("of admin")
        expect(bot.locator(".admin-mark")).to_have_count(marks)
        # Its tokens are gone when it is enabled again.
        assert requests.get(server.url + "/api/rooms/", headers=token, timeout=15).status_code == status
        bot.get_by_role("link", name="Manage").click()
        page.wait_for_url("**/profile/bots/quince/")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url("**/profile/bots/")
    page.goto("/admin/bots/")
    expect(bot).to_have_count(0)
    expect(page.get_by_text("There are no bots yet.")).to_be_visible()
