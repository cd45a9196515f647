"""The operator's pages: who may see them, and what the one about the front door tells."""

from __future__ import annotations

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
