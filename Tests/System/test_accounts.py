"""How people come in, and look after their own accounts: set-up, invitations, password, sign-ins, roles."""

from __future__ import annotations

import json
import re

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from support.server import Server, run
from support.sockets import Socket
from test_admin import browser_session
from test_browser_pages import WCAG

PASSWORD = "a good long password"


@pytest.fixture
def empty_server(tmp_path, request: pytest.FixtureRequest):
    server = Server(tmp_path / "data", f"empty-{request.node.name[:40]}").start()
    yield server
    server.stop()


def set_up_link(server: Server) -> str:
    return re.search(r"http\S+/setup/\?token=\S+", server.log).group()


def fill_account(window: Window, username: str, name: str, password: str = PASSWORD) -> None:
    window.page.get_by_label("Username", exact=True).fill(username)
    window.page.get_by_label("Name", exact=True).fill(name)
    window.page.get_by_label("Password", exact=True).fill(password)


def test_the_first_person_of_a_new_server_runs_it_by_the_link_that_was_printed(empty_server: Server, browser):
    link = set_up_link(empty_server)
    window = Window(browser, empty_server)
    window.page.goto(link)
    fill_account(window, "quince", "Peter Quince")
    window.screenshot("set-up")
    assert Axe().run(window.page, options=WCAG).violations_count == 0
    window.page.get_by_role("button", name="Make me the administrator").click()
    window.page.wait_for_url("**/admin/people/")
    expect(window.page.get_by_text("Peter Quince").first).to_be_visible()
    window.context.close()
    # Once, and never again.
    assert requests.get(link, timeout=15).status_code == 404
    token = link.split("token=")[1]
    again = requests.post(
        empty_server.url + "/setup/", headers={"Origin": empty_server.url}, timeout=15,
        data={"token": token, "username": "bottom", "name": "Nick Bottom", "password": PASSWORD})
    assert again.status_code == 404
    assert empty_server.log.count("/setup/?token=") == 1


def test_nobody_sets_a_server_up_without_the_link(empty_server: Server):
    link = set_up_link(empty_server)
    for wrong in ("/setup/", "/setup/?token=", "/setup/?token=" + "A" * 43, link.removeprefix(empty_server.url) + "A"):
        assert requests.get(empty_server.url + wrong, timeout=15).status_code == 404, wrong
    answer = requests.post(
        empty_server.url + "/setup/", headers={"Origin": empty_server.url}, timeout=15,
        data={"token": "", "username": "bottom", "name": "Nick Bottom", "password": PASSWORD})
    assert answer.status_code == 404
    assert "bottom" not in run("user", "list", "--data-dir", empty_server.data).stdout


def test_a_server_with_demo_data_has_no_set_up_link(server: Server):
    assert "/setup/" not in server.log


def test_somebody_joins_by_an_invitation_and_it_is_used_up(make_server, open_window):
    server = make_server(registration="invitation")
    closed = requests.get(server.url + "/accounts/register/", headers={"Accept": "text/html"}, timeout=15)
    assert closed.status_code == 403 and "by invitation" in closed.text
    admin = open_window("admin", server=server)
    admin.page.goto("/admin/invitations/")
    admin.page.get_by_role("button", name="Make a link").click()
    link = admin.page.get_by_role("status").inner_text()
    assert link.startswith(server.public_url + "/accounts/register/?invitation=")
    stranger = open_window(server=server)
    stranger.page.goto(link)
    fill_account(stranger, "moth", "Moth", password="short")
    stranger.page.get_by_role("button", name="Create account").click()
    # A form that is refused keeps the invitation.
    expect(stranger.page.get_by_text("at least 8 characters")).to_be_visible()
    stranger.complaints.clear()
    stranger.page.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger.page.get_by_role("button", name="Create account").click()
    stranger.page.wait_for_url("**/rooms/")
    late = requests.get(link, headers={"Accept": "text/html"}, timeout=15)
    assert late.status_code == 403 and "Ask for a new one" in late.text
    admin.page.goto("/admin/invitations/")
    expect(admin.page.get_by_text("used up")).to_be_visible()
    expect(admin.page.get_by_role("button", name="Take back")).to_have_count(0)


def test_an_invitation_that_was_taken_back_lets_nobody_in_by_the_api_either(make_server, open_window):
    server = make_server(registration="invitation")
    admin = open_window("admin", server=server)
    admin.page.goto("/admin/invitations/")
    admin.page.get_by_role("button", name="Make a link").click()
    token = admin.page.get_by_role("status").inner_text().split("invitation=")[1]
    admin.page.goto("/admin/invitations/")
    admin.page.get_by_role("button", name="Take back").click()
    expect(admin.page.get_by_text("taken back")).to_be_visible()
    for body in ({}, {"invitation": token}, {"invitation": "A" * 43}):
        answer = requests.post(
            server.url + "/api/auth/register/", timeout=15,
            json={"username": "moth", "password": PASSWORD} | body)
        assert answer.status_code == 403
        assert api.problem(answer)["code"] == ("invitation_invalid" if body else "registration_closed")


def test_where_registration_is_closed_neither_a_form_nor_the_api_nor_an_invitation_makes_an_account(make_server):
    words = "This server does not take new accounts by itself. Ask its operator."
    server = make_server(registration="closed")
    made = browser_session(server.url, "admin").post(
        server.url + "/admin/invitations/", headers={"Origin": server.url}, timeout=15,
        data={"days": "1", "usesMax": "9", "role": "member"})
    token = re.search(r"/accounts/register/\?invitation=([\w-]+)", made.text).group(1)
    for invitation in ("", token, "A" * 43):
        account = {"username": "moth", "name": "Moth", "password": PASSWORD}
        account |= {"invitation": invitation} if invitation else {}
        query = {"invitation": invitation} if invitation else {}
        page = requests.get(
            server.url + "/accounts/register/", params=query, headers={"Accept": "text/html"}, timeout=15)
        posted = requests.post(
            server.url + "/accounts/register/", data=account, headers={"Origin": server.url, "Accept": "text/html"},
            allow_redirects=False, timeout=15)
        for answer in (page, posted):
            assert answer.status_code == 403 and words in answer.text, (invitation, answer.text)
            assert "parley_session" not in answer.cookies
        by_api = requests.post(server.url + "/api/auth/register/", json=account, timeout=15)
        assert by_api.status_code == 403, by_api.text
        assert (api.problem(by_api)["code"], api.problem(by_api)["detail"]) == ("registration_closed", words)
    assert "moth" not in run("user", "list", "--data-dir", server.data).stdout
    # It was not the link that was wrong: it lets in where the invited may come.
    server.stop()
    server.settings["PARLEY_REGISTRATION"] = "invitation"
    server.start()
    body = {"username": "moth", "password": PASSWORD, "invitation": token}
    api.answered(requests.post(server.url + "/api/auth/register/", json=body, timeout=15), 201)


def test_a_role_is_changed_and_felt_at_once_and_is_in_the_audit_log(make_server, open_window):
    server = make_server()
    admin = open_window("admin", server=server)
    admin.page.goto("/admin/people/")
    admin.page.get_by_label("Role of Puck Trickfoot").select_option("guest")
    admin.page.get_by_role("button", name="Set the role of Puck Trickfoot").click()
    expect(admin.page.get_by_label("Role of Puck Trickfoot")).to_have_value("guest")
    puck = api.sign_in(server.url, "puck")
    refused = requests.post(
        server.url + "/api/rooms/", json={"name": "Wood"}, headers={"Authorization": f"Bearer {puck.access}"}, timeout=15)
    assert refused.status_code == 403 and api.problem(refused)["code"] == "not_allowed"
    with Socket(server.ws, puck.access) as socket:
        admin.page.get_by_role("button", name="Disable Puck Trickfoot").click()
        expect(admin.page.get_by_role("button", name="Enable Puck Trickfoot")).to_be_visible()
        assert socket.close_code() == 4200
    admin.page.goto("/admin/audit/")
    expect(admin.page.get_by_text("user.set_role")).to_have_count(2)
    expect(admin.page.get_by_text("member to guest")).to_be_visible()
    exported = browser_session(server.url, "admin").get(server.url + "/admin/audit.jsonl", timeout=15)
    assert [json.loads(line)["action"] for line in exported.text.splitlines()] == [
        "user.disable", "user.set_role", "user.set_role"]
    assert "created as admin" in exported.text


def test_the_last_administrator_stays_one_and_is_told_why(make_server, open_window):
    admin = open_window("admin", server=make_server(), complains=True)
    admin.page.goto("/admin/people/")
    admin.page.get_by_label("Role of Admin Fae").select_option("member")
    admin.page.get_by_role("button", name="Set the role of Admin Fae").click()
    expect(admin.page.get_by_role("alert")).to_contain_text("last administrator")
    expect(admin.page.get_by_label("Role of Admin Fae")).to_have_value("admin")


def test_one_sees_where_one_is_signed_in_and_ends_the_others(make_server, open_window):
    server = make_server()
    titania = api.sign_in(server.url, "titania")
    window = open_window("titania", server=server)
    window.page.get_by_role("link", name="Titania Moonweaver").click()
    window.page.wait_for_url("**/profile/")
    sessions = window.page.locator("section[aria-labelledby=sessions-title] li")
    expect(sessions).to_have_count(2)
    expect(sessions.filter(has_text="this one")).to_contain_text("Chrome on Linux")
    expect(sessions.filter(has_text="python-requests")).to_contain_text("127.0.0.1")
    with Socket(server.ws, titania.access) as socket:
        window.page.get_by_role("button", name="Sign out python-requests").click()
        assert socket.close_code() == 4103
    expect(sessions).to_have_count(1)
    for _ in range(2):
        api.sign_in(server.url, "titania")
    window.page.reload()
    window.page.get_by_role("button", name="Sign out everywhere else").click()
    expect(sessions).to_have_count(1)
    expect(window.page.get_by_role("status")).to_contain_text("signed out everywhere else")


@pytest.mark.parametrize("way", ["page", "api"])
def test_signing_out_everywhere_else_closes_the_sockets_of_the_others_and_leaves_ones_own(make_server, way: str):
    server = make_server()
    other, puck = api.sign_in(server.url, "titania"), api.sign_in(server.url, "puck")
    if way == "page":
        browser = browser_session(server.url, "titania")
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        own = Socket(server.ws, origin=server.url, additional_headers={"Cookie": cookie})
    else:
        mine = api.sign_in(server.url, "titania")
        own = Socket(server.ws, mine.access)
    with own, Socket(server.ws, other.access) as others, Socket(server.ws, puck.access) as bystander:
        assert own.is_open() and others.is_open()
        if way == "page":
            done = browser.post(
                server.url + "/profile/sessions/end/", headers={"Origin": server.url}, timeout=15,
                allow_redirects=False)
            assert (done.status_code, done.headers["Location"]) == (303, "/profile/?done=sessions")
        else:
            mine.post("/api/profile/sessions/end/", status=(204,))
        assert others.close_code() == 4103
        assert other.request("GET", "/api/auth/me/").status_code == 401
        refresh = requests.post(server.url + "/api/auth/refresh/", json={"refresh": other.refresh}, timeout=15)
        assert refresh.status_code == 401
        # What one looks in from stays, with its socket, and so does everybody else.
        own.say("lobby", f"still here by {way}")
        bystander.expect_message(f"still here by {way}")
        if way == "page":
            assert "this one" in browser.get(server.url + "/profile/", timeout=15).text
        else:
            assert len(mine.get("/api/profile/sessions/")["sessions"]) == 1


def test_a_new_password_is_felt_everywhere_within_a_second_and_by_the_command_line_too(make_server, open_window):
    server = make_server()
    titania = api.sign_in(server.url, "titania")
    window = open_window("titania", server=server, complains=True)
    window.page.goto("/profile/")
    window.page.get_by_label("Your password now").fill("wrong")
    window.page.get_by_label("A new one").fill(PASSWORD)
    window.page.get_by_role("button", name="Change it").click()
    expect(window.page.get_by_text("This is not your password.")).to_be_visible()
    with Socket(server.ws, titania.access) as socket:
        window.page.get_by_label("Your password now").fill(api.DEMO_PASSWORD)
        window.page.get_by_label("A new one").fill(PASSWORD)
        window.page.get_by_role("button", name="Change it").click()
        assert socket.close_code() == 4103
    expect(window.page.get_by_text("Your password has changed.")).to_be_visible()
    again = api.sign_in(server.url, "titania", PASSWORD)
    with Socket(server.ws, again.access) as socket:
        run("user", "set-password", "titania", "--data-dir", server.data, stdin=api.DEMO_PASSWORD + "\n")
        assert socket.close_code() == 4103
    window.page.goto("/profile/")
    window.page.wait_for_url("**/accounts/login/**")


def test_a_name_is_changed_and_a_bad_one_is_kept_in_the_field(make_server, open_window):
    window = open_window("puck", server=make_server(), complains=True)
    window.page.goto("/profile/")
    field = window.page.get_by_label("Shown beside what you write")
    field.fill("P" * 65)
    window.page.get_by_role("button", name="Save").click()
    expect(window.page.get_by_text("At most 64 characters fit here.")).to_be_visible()
    expect(field).to_have_value("P" * 65)
    field.fill("Robin Goodfellow")
    window.page.get_by_role("button", name="Save").click()
    expect(window.page.get_by_role("link", name="Robin Goodfellow")).to_be_visible()


PAGES = ["/profile/", "/admin/people/", "/admin/invitations/", "/admin/audit/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(open_window, server, path: str, size: dict, scheme: str):
    window = open_window("admin", viewport=size, color_scheme=scheme)
    window.page.goto(path)
    name = path.strip("/").replace("/", "-")
    window.screenshot(f"{name}-{scheme}-{'phone' if size is PHONE else 'desktop'}")
    found = Axe().run(window.page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("username", ["titania", None])
@pytest.mark.parametrize("path", [
    "/admin/people/", "/admin/invitations/", "/admin/audit/", "/admin/audit.jsonl", "/admin/front-door/"])
def test_no_page_of_the_operators_opens_for_others(server, path: str, username: str | None):
    session = browser_session(server.url, username) if username else requests.Session()
    answer = session.get(server.url + path, timeout=15)
    assert answer.status_code == 403 if username else "/accounts/login/" in answer.url
    assert "Role of" not in answer.text and "Front door" not in answer.text
