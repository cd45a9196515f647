"""Passkeys, as somebody with a browser and an authenticator meets them; and what thieves try."""

from __future__ import annotations

import json
import re

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Request, expect
from support import api
from support.authenticator import Authenticator
from support.browser import DESKTOP, PHONE, Window
from support.server import Server, free_port, run
from test_browser_pages import WCAG


@pytest.fixture
def make_named_server(make_server):
    """Passkeys need a name: http://localhost is a secure context for browsers."""
    def make(**settings: str) -> Server:
        port = free_port()
        server = make_server(port=port, public_url=f"http://localhost:{port}", **settings)
        server.url = server.public_url
        return server

    return make


def add_passkey(window: Window, name: str = "My laptop") -> list[str]:
    """Of whoever is signed in there: the recovery codes, where it is their first second factor."""
    window.page.goto("/profile/passkeys/")
    window.page.get_by_label("What you will know it by").fill(name)
    window.page.get_by_role("button", name="Add a passkey").click()
    expect(window.page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    return window.page.locator(".recovery-codes code").all_inner_texts()


def sign_out(window: Window) -> None:
    window.page.goto("/rooms/")
    window.page.get_by_role("button", name="Sign out").click()
    window.page.wait_for_url("**/accounts/login/")


def use_passkey(window: Window) -> None:
    window.page.goto("/accounts/login/")
    window.page.get_by_role("button", name="Sign in with a passkey").click()


def give_password(window: Window, username: str) -> None:
    window.page.goto("/accounts/login/")
    window.page.get_by_label("Username", exact=True).fill(username)
    window.page.get_by_label("Password", exact=True).fill(api.DEMO_PASSWORD)
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.page.get_by_role("heading", name="One more step")).to_be_visible()


def audit(server: Server) -> list[dict]:
    admin = api.sign_in(server.url, "admin")
    return [json.loads(line) for line in admin.request("GET", "/admin/audit.jsonl").text.splitlines()]


def without_autofill(window: Window) -> Window:
    """The list below the username is the browser's own and out of the tests' reach: they press the button."""
    window.context.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")
    return window


@pytest.fixture
def open_with_authenticator(open_window):
    def open_one(username: str, server: Server, **options) -> tuple[Window, Authenticator]:
        window = without_autofill(open_window(server=server, complains=True, **options))
        window.sign_in(username)
        return window, Authenticator(window)

    return open_one


def test_a_passkey_is_made_signs_in_alone_and_is_the_second_factor_after_the_password(
    make_named_server, open_with_authenticator
):
    server = make_named_server()
    window, authenticator = open_with_authenticator("titania", server)
    codes = add_passkey(window)
    assert len(codes) == 10, "the first second factor comes with recovery codes"
    assert len(authenticator.credentials) == 1 and authenticator.credentials[0]["isResidentCredential"]
    sign_out(window)
    use_passkey(window)
    window.page.wait_for_url("**/rooms/")
    sign_out(window)
    give_password(window, "titania")
    window.page.get_by_role("button", name="Use your passkey").click()
    window.page.wait_for_url("**/rooms/")
    # One without the device has the codes.
    sign_out(window)
    authenticator.clear()
    give_password(window, "titania")
    window.page.get_by_label("Code", exact=True).fill(codes[0])
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    window.page.wait_for_url("**/rooms/")
    refused = requests.post(
        server.url + "/api/auth/login/", json={"username": "titania", "password": api.DEMO_PASSWORD}, timeout=15)
    assert api.problem(refused)["code"] == "code_required"
    assert ("account.add_passkey", "titania") in [(line["action"], line["target"]) for line in audit(server)]


def test_the_browser_offers_passkeys_where_it_offers_usernames(make_named_server, open_window):
    window = open_window("titania", server=make_named_server())
    Authenticator(window)
    add_passkey(window)
    window.page.goto("/rooms/")
    with window.page.expect_response("**/accounts/passkey/question/") as question:
        window.page.get_by_role("button", name="Sign out").click()
    assert question.value.status == 200
    # The virtual authenticator chooses from the list by itself.
    window.page.wait_for_url("**/rooms/")


def test_an_answer_is_good_for_once_and_in_one_browser(make_named_server, open_with_authenticator):
    server = make_named_server()
    window, _ = open_with_authenticator("titania", server)
    add_passkey(window)
    sign_out(window)
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/accounts/passkey/") and request.method == "POST":
            sent.append((request.post_data or "", request.all_headers().get("cookie", "")))

    window.page.on("request", note)
    use_passkey(window)
    window.page.wait_for_url("**/rooms/")
    body, cookie = sent[0]
    for cookies in (cookie, "parley_visitor=somebody-else", ""):
        again = requests.post(
            server.url + "/accounts/passkey/", data=body, timeout=15, allow_redirects=False,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "Origin": server.url})
        assert again.status_code == 422, again.text
        assert "parley_session=" not in again.headers.get("Set-Cookie", "")


def test_a_passkey_of_somebody_else_is_not_the_second_factor(make_named_server, open_with_authenticator):
    server = make_named_server()
    puck, _ = open_with_authenticator("puck", server)
    add_passkey(puck)
    window, authenticator = open_with_authenticator("titania", server)
    add_passkey(window)
    sign_out(window)

    def allow_any(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"allowCredentials": []})

    window.page.route("**/accounts/login/passkey/question/", allow_any)
    give_password(window, "puck")
    window.page.get_by_role("button", name="Use your passkey").click()
    expect(window.page.get_by_text("This server does not know that passkey")).to_be_visible()
    window.page.goto("/rooms/")
    window.page.wait_for_url("**/accounts/login/**")
    assert "reason=passkey_refused" in server.log


def test_a_removed_passkey_does_not_sign_in_and_the_password_alone_does_again(
    make_named_server, open_with_authenticator
):
    server = make_named_server()
    window, _ = open_with_authenticator("titania", server)
    add_passkey(window, "Old telephone")
    window.page.goto("/profile/passkeys/")
    window.page.get_by_label("New name of Old telephone").fill("Older telephone")
    window.page.get_by_role("button", name="Rename Old telephone").click()
    expect(window.page.get_by_text("The passkey has a new name")).to_be_visible()
    window.page.get_by_role("button", name="Remove Older telephone").click()
    expect(window.page.get_by_text("no longer accepted here")).to_be_visible()
    sign_out(window)
    use_passkey(window)
    expect(window.page.get_by_role("alert").filter(has_text="does not know that passkey")).to_be_visible()
    api.sign_in(server.url, "titania")
    actions = [(line["action"], line["details"]) for line in audit(server)]
    assert ("account.remove_passkey", "Older telephone") in actions


def test_a_copy_of_an_authenticator_shows_in_the_audit_log(make_named_server, open_with_authenticator):
    server = make_named_server()
    window, authenticator = open_with_authenticator("titania", server)
    add_passkey(window)
    copy = authenticator.credentials[0]
    for _ in range(2):
        sign_out(window)
        use_passkey(window)
        window.page.wait_for_url("**/rooms/")
    authenticator.clear()
    authenticator.add(copy)
    sign_out(window)
    use_passkey(window)
    window.page.wait_for_url("**/rooms/")
    copied = [line for line in audit(server) if line["action"] == "account.passkey_copied"]
    assert len(copied) == 1 and copied[0]["target"] == "titania" and "My laptop" in copied[0]["details"]


def test_an_authenticator_that_does_not_know_its_user_does_not_sign_in_alone(
    make_named_server, open_with_authenticator
):
    server = make_named_server()
    window, authenticator = open_with_authenticator("titania", server)
    add_passkey(window)
    sign_out(window)

    def discourage(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"userVerification": "discouraged"})

    window.page.route("**/accounts/passkey/question/", discourage)
    authenticator.knows_user(False)
    use_passkey(window)
    expect(window.page.get_by_role("alert").filter(has_text="not accepted")).to_be_visible()
    assert "The authenticator did not check who uses it." in server.log


def test_making_and_removing_one_needs_the_password_or_a_sign_in_of_a_short_while_ago(
    make_named_server, open_with_authenticator
):
    server = make_named_server(recent_sign_in_seconds="30", account_tries_max="5")
    window, _ = open_with_authenticator("titania", server)
    add_passkey(window)
    server.stop()
    forget_when_it_began(server)
    server.start()
    window.page.goto("/profile/passkeys/")
    window.page.get_by_label("What you will know it by").fill("Second")
    window.page.get_by_label("Your password", exact=True).fill("wrong")
    window.page.get_by_role("button", name="Add a passkey").click()
    expect(window.page.get_by_text("This is not your password.")).to_be_visible()
    window.page.get_by_label("Your password, to remove My laptop").fill("wrong")
    window.page.get_by_role("button", name="Remove My laptop").click()
    expect(window.page.get_by_text("This is not your password.")).to_be_visible()
    window.page.get_by_label("Your password, to remove My laptop").fill(api.DEMO_PASSWORD)
    window.page.get_by_role("button", name="Remove My laptop").click()
    expect(window.page.get_by_text("no longer accepted here")).to_be_visible()


def forget_when_it_began(server: Server) -> None:
    """As if everybody had signed in an hour ago."""
    import sqlite3

    with sqlite3.connect(server.data / "parley.db") as database:
        database.execute("UPDATE session SET createdAt = createdAt - 3600000")
    database.close()


def test_the_operator_takes_passkeys_away_with_the_second_factor(make_named_server, open_with_authenticator):
    server = make_named_server()
    window, _ = open_with_authenticator("titania", server)
    add_passkey(window)
    run("user", "remove-second-factor", "titania", "--data-dir", server.data)
    api.sign_in(server.url, "titania")
    sign_out(window)
    use_passkey(window)
    expect(window.page.get_by_role("alert").filter(has_text="does not know that passkey")).to_be_visible()


def test_another_persons_passkey_is_one_that_does_not_exist(make_named_server, open_with_authenticator):
    server = make_named_server()
    window, _ = open_with_authenticator("titania", server)
    add_passkey(window)
    window.page.goto("/profile/passkeys/")
    action = window.page.locator("form[action$='/remove/']").get_attribute("action")
    session = requests.Session()
    session.get(server.url + "/accounts/login/", timeout=15)
    session.post(
        server.url + "/accounts/login/", headers={"Origin": server.url}, timeout=15,
        data={"username": "puck", "password": api.DEMO_PASSWORD})
    for path in (action, "/profile/passkeys/999999/remove/"):
        refused = session.post(
            server.url + path, headers={"Origin": server.url}, data={"name": "mine"}, timeout=15)
        assert refused.status_code == 404 and "There is no such passkey." in refused.text


def test_an_address_of_numbers_has_no_passkeys_and_says_so(server, open_window):
    window = open_window("titania")
    window.page.goto("/profile/passkeys/")
    expect(window.page.get_by_text("Browsers make no passkeys for the address of this server")).to_be_visible()
    window.page.goto("/profile/")
    assert "passkey" not in requests.get(server.url + "/accounts/login/", timeout=15).text.lower().replace(
        "js/passkeys.js", "")


def test_questions_and_answers_are_counted_by_address(make_named_server):
    server = make_named_server(sign_in_start_rate="3/300")
    session = requests.Session()
    page = session.get(server.url + "/accounts/login/", timeout=15).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page).group(1)

    def ask(address: str) -> requests.Response:
        return session.post(
            server.url + "/accounts/passkey/question/", data={"csrf": csrf}, timeout=15,
            headers={"X-Forwarded-For": address, "Accept": "application/json"})

    statuses = [ask("203.0.113.9").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert ask("203.0.113.10").status_code == 200
    foreign = requests.post(
        server.url + "/accounts/passkey/question/", headers={"Origin": "https://evil.example"}, timeout=15)
    assert api.problem(foreign)["code"] == "csrf_failed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_way(make_named_server, open_with_authenticator, size: dict, scheme: str):
    server = make_named_server(
        openid_providers="google client-id=parley; club issuer=http://127.0.0.1:9 client-id=parley label=\"Moth Club\"")
    window, _ = open_with_authenticator("titania", server, viewport=size, color_scheme=scheme)
    name = f"{scheme}-{'phone' if size is PHONE else 'desktop'}"

    def look(what: str) -> None:
        window.screenshot(f"passkeys-{what}-{name}")
        found = Axe().run(window.page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    window.page.goto("/profile/passkeys/")
    look("none")
    add_passkey(window)
    look("codes")
    window.page.goto("/profile/passkeys/")
    look("one")
    window.page.goto("/profile/")
    look("profile")
    sign_out(window)
    look("login")
    give_password(window, "titania")
    look("step")
