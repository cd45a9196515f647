"""The second factor, as somebody with an authenticator app meets it."""

from __future__ import annotations

import re

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from support.server import Server, run
from support.totp import App
from test_browser_pages import WCAG


def turn_on(window: Window) -> tuple[App, list[str]]:
    """Sets up the second factor of whoever is signed in there: the app, and the recovery codes."""
    window.page.goto("/profile/two-factor/")
    app = App(window.page.locator("section[aria-labelledby=scan-title] code").inner_text())
    window.page.get_by_label("Your password").fill(api.DEMO_PASSWORD)
    window.page.get_by_label("The six digits that the app shows").fill(app.code())
    window.page.get_by_role("button", name="Turn it on").click()
    expect(window.page.get_by_text("Your recovery codes")).to_be_visible()
    return app, window.page.locator(".recovery-codes code").all_inner_texts()


def begin_sign_in(window: Window, username: str) -> None:
    window.page.goto("/accounts/login/")
    window.page.get_by_label("Username", exact=True).fill(username)
    window.page.get_by_label("Password", exact=True).fill(api.DEMO_PASSWORD)
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.page.get_by_role("heading", name="One more step")).to_be_visible()


def enter_code(window: Window, code: str) -> None:
    window.page.get_by_label("Code", exact=True).fill(code)
    window.page.get_by_role("button", name="Sign in", exact=True).click()


def test_with_it_on_the_password_alone_does_not_let_in_and_a_code_does_once(make_server, open_window):
    server = make_server()
    app, _ = turn_on(open_window("titania", server=server))
    other = open_window(server=server, complains=True)
    begin_sign_in(other, "titania")
    other.page.goto("/rooms/")
    other.page.wait_for_url("**/accounts/login/**")
    begin_sign_in(other, "titania")
    enter_code(other, app.wrong_code())
    expect(other.page.get_by_text("This is not the code that the app shows now")).to_be_visible()
    # That of now was used up when it was turned on; a clock may be a period ahead.
    enter_code(other, app.code(later=1))
    other.page.wait_for_url("**/rooms/")
    third = open_window(server=server, complains=True)
    begin_sign_in(third, "titania")
    enter_code(third, app.code(later=1))
    expect(third.page.get_by_text("or it was used already")).to_be_visible()


def test_a_recovery_code_lets_in_once_however_it_is_typed(make_server, open_window):
    server = make_server()
    _, codes = turn_on(open_window("titania", server=server))
    assert len(codes) == 10 and len(set(codes)) == 10
    other = open_window(server=server, complains=True)
    begin_sign_in(other, "titania")
    enter_code(other, codes[0].lower().replace("-", " "))
    other.page.wait_for_url("**/rooms/")
    other.page.goto("/profile/two-factor/")
    expect(other.page.get_by_text("9 recovery codes are left.")).to_be_visible()
    third = open_window(server=server, complains=True)
    begin_sign_in(third, "titania")
    enter_code(third, codes[0])
    expect(third.page.get_by_text("This is not the code")).to_be_visible()


def test_programs_send_the_code_with_the_password(make_server, open_window):
    server = make_server()
    app, codes = turn_on(open_window("puck", server=server))

    def login(**fields: str) -> requests.Response:
        return requests.post(
            server.url + "/api/auth/login/", timeout=15,
            json={"username": "puck", "password": api.DEMO_PASSWORD} | fields)

    assert api.problem(login())["code"] == "code_required"
    assert "message=auth-failure" not in server.log
    assert api.problem(login(code=app.wrong_code()))["code"] == "code_wrong"
    assert "reason=code_wrong version=1" in server.log
    # Without the right password nothing is told of the code.
    assert api.problem(login(password="wrong", code=app.code(later=1)))["code"] == "wrong_password"
    assert login(code=codes[0]).status_code == 200
    assert login(code=app.code(later=1)).status_code == 200


def test_codes_cannot_be_guessed(make_server, open_window):
    server = make_server(account_tries_max="4")
    app, _ = turn_on(open_window("puck", server=server))
    wrong = [code for code in map("{:06d}".format, range(20)) if code not in {app.code(later) for later in range(-2, 4)}]
    statuses = [
        requests.post(
            server.url + "/api/auth/login/", timeout=15,
            json={"username": "puck", "password": api.DEMO_PASSWORD, "code": code}).status_code
        for code in wrong[:6]
    ]
    assert statuses == [401, 401, 401, 401, 429, 429]


def test_the_form_between_password_and_code_is_of_no_use_elsewhere(make_server, open_window):
    server = make_server()
    app, codes = turn_on(open_window("puck", server=server))

    def begin(session: requests.Session) -> str:
        session.get(server.url + "/accounts/login/", timeout=15)
        page = session.post(
            server.url + "/accounts/login/", headers={"Origin": server.url}, timeout=15,
            data={"username": "puck", "password": api.DEMO_PASSWORD})
        return re.search(r'name="pending" value="([^"]+)"', page.text).group(1)

    mine, other = requests.Session(), requests.Session()
    pending = begin(mine)
    other.get(server.url + "/accounts/login/", timeout=15)
    for session, token in ((other, pending), (mine, pending.replace(".", ".9", 1)), (mine, "")):
        answer = session.post(
            server.url + "/accounts/login/code/", headers={"Origin": server.url}, timeout=15,
            data={"pending": token, "code": codes[0]})
        assert answer.url.startswith(server.url + "/accounts/login/"), token
    answer = mine.post(
        server.url + "/accounts/login/code/", headers={"Origin": server.url}, timeout=15,
        data={"pending": pending, "code": codes[0]})
    assert answer.url == server.url + "/rooms/"


def test_it_is_turned_off_with_password_and_code_or_by_the_operator(make_server, open_window):
    server = make_server()
    window = open_window("puck", server=server, complains=True)
    app, codes = turn_on(window)
    window.page.goto("/profile/two-factor/")
    window.page.get_by_label("Your password").fill(api.DEMO_PASSWORD)
    window.page.get_by_label("A code of your app, or a recovery code").fill(app.wrong_code())
    window.page.get_by_role("button", name="Turn it off").click()
    expect(window.page.get_by_text("This is not the code")).to_be_visible()
    window.page.get_by_label("Your password").fill(api.DEMO_PASSWORD)
    window.page.get_by_label("A code of your app, or a recovery code").fill(codes[3])
    window.page.get_by_role("button", name="Turn it off").click()
    expect(window.page.get_by_text("The second factor is off")).to_be_visible()
    api.sign_in(server.url, "puck")
    turn_on(window)
    said = run("user", "remove-second-factor", "puck", "--data-dir", server.data).stdout
    assert "password alone" in said
    api.sign_in(server.url, "puck")


def test_the_secret_is_not_in_the_database_as_it_is(make_server, open_window):
    server: Server = make_server()
    app, codes = turn_on(open_window("puck", server=server))
    server.stop()
    bytes_on_disk = b"".join(path.read_bytes() for path in server.data.glob("parley.db*"))
    assert app.secret not in bytes_on_disk
    assert not any(code.replace("-", "").encode() in bytes_on_disk for code in codes)
    server.start()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_way(make_server, open_window, size: dict, scheme: str):
    server = make_server()
    window = open_window("titania", server=server, viewport=size, color_scheme=scheme)
    name = f"{scheme}-{'phone' if size is PHONE else 'desktop'}"

    def look(what: str) -> None:
        window.screenshot(f"two-factor-{what}-{name}")
        found = Axe().run(window.page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    window.page.goto("/profile/two-factor/")
    look("off")
    turn_on(window)
    look("codes")
    window.page.goto("/accounts/login/")
    window.page.get_by_role("button", name="Sign out").click()
    begin_sign_in(window, "titania")
    look("step")
