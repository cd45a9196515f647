"""Getting back in by mail, and what owners are told, with a real mail server."""

from __future__ import annotations

import re

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE, Window
from support.letters import (  # noqa: F401: fixtures
    PASSWORD, code_in, join, letter, link_in, mailing, register, some_name, verified, wrong,
    lax, mail_server, strict,
)
from support.mailserver import MailServer
from support.server import Server, run
from support.sockets import Socket
from support.totp import App
from test_browser_pages import WCAG


def test_a_stranger_registers_verifies_turns_on_two_factor_loses_the_password_and_gets_back_in(
    strict: Server, mail_server: MailServer, open_window
):
    address, name = "Peter.Quince+chat@chat.test", some_name()
    window = open_window(server=strict)
    page = window.page
    page.goto("/accounts/register/")
    page.get_by_label("Username", exact=True).fill(name)
    page.get_by_label("Name", exact=True).fill("Peter Quince")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/verify/")
    page.goto("/rooms/")
    page.wait_for_url("**/verify/")
    page.get_by_label("Code", exact=True).fill(code_in(letter(mail_server, address, "Your code")))
    page.get_by_role("button", name="Verify").click()
    page.wait_for_url("**/rooms/")
    welcome = letter(mail_server, address, "Welcome")
    assert f"{strict.public_url}/rooms/" in welcome
    requests.post(
        f"{strict.url}/rooms/lobby/join/", headers={"Origin": strict.url}, timeout=15,
        cookies={cookie["name"]: cookie["value"] for cookie in window.context.cookies()})
    window.open("lobby").say("Is all our company here?")
    window.sees("Is all our company here?")

    page.goto("/profile/two-factor/")
    app = App(page.locator("section[aria-labelledby=scan-title] code").inner_text())
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("The six digits that the app shows").fill(app.code())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("Your recovery codes")).to_be_visible()

    other = open_window(server=strict)
    other.page.goto("/accounts/login/")
    other.page.get_by_role("link", name="Lost your password?").click()
    other.page.get_by_label("E-mail address or username").fill(address.upper())
    other.page.get_by_role("button", name="Send a link").click()
    expect(other.page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    link = link_in(letter(mail_server, address, "new password"))
    assert link.startswith(strict.public_url)
    # As programs that look at mails before people do.
    assert requests.get(link, timeout=15).status_code == 200
    other.page.goto(link)
    other.page.get_by_label("New password", exact=True).fill("quite another password")
    other.page.get_by_role("button", name="Set it").click()
    other.page.wait_for_url("**/accounts/login/?reset=1")
    letter(mail_server, address, "password")
    # The first browser is signed out.
    page.goto("/rooms/")
    page.wait_for_url("**/accounts/login/**")
    other.page.get_by_label("Username", exact=True).fill(name)
    other.page.get_by_label("Password", exact=True).fill("quite another password")
    other.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.page.get_by_role("heading", name="One more step")).to_be_visible()
    other.page.get_by_label("Code", exact=True).fill(app.code(later=1))
    other.page.get_by_role("button", name="Sign in", exact=True).click()
    other.page.wait_for_url("**/rooms/")
    other.open("lobby").sees("Is all our company here?")


def test_a_link_is_good_once_ends_all_sign_ins_and_lifts_the_lock(strict: Server, mail_server: MailServer):
    person = verified(strict, mail_server, "hippolyta@chat.test")
    for guess in range(12):
        requests.post(strict.url + "/api/auth/login/", timeout=15,
                      json={"username": person.username, "password": f"guess {guess}"})
    locked = requests.post(strict.url + "/api/auth/login/", timeout=15,
                           json={"username": person.username, "password": PASSWORD})
    assert locked.status_code == 429
    with Socket(strict.ws, person.access) as socket:
        requests.post(strict.url + "/api/auth/password/reset/", json={"account": person.username}, timeout=15)
        link = link_in(letter(mail_server, "hippolyta@chat.test", "new password"))
        token = link.split("token=")[1]
        page = requests.get(link, timeout=15)
        assert page.headers["Referrer-Policy"] == "strict-origin" and 'content="strict-origin"' in page.text
        assert page.headers["Cache-Control"].startswith("no-store")
        short = requests.post(strict.url + "/password/new/", data={"token": token, "password": "short"}, timeout=15,
                              headers={"Origin": strict.url})
        assert short.status_code == 422 and "at least 8" in short.text and token in short.text
        api.answered(requests.post(
            strict.url + "/api/auth/password/new/", json={"token": token, "password": "brand new one"}, timeout=15), 204)
        assert socket.close_code() == 4103
    api.sign_in(strict.url, person.username, "brand new one")
    letter(mail_server, "hippolyta@chat.test", "has changed")
    for bad in (token, "A" * 43, ""):
        again = requests.post(
            strict.url + "/api/auth/password/new/", json={"token": bad, "password": "yet another one"}, timeout=15)
        assert again.status_code == 403 and api.problem(again)["code"] == "reset_invalid"
        shown = requests.get(strict.url + "/password/new/", params={"token": bad}, timeout=15)
        assert shown.status_code == 403 and "expired or was used" in shown.text
    assert token not in strict.log


def test_another_sites_form_sets_no_password_and_signs_nobody_out(strict: Server, mail_server: MailServer):
    person = verified(strict, mail_server, "egeus@chat.test")
    requests.post(strict.url + "/api/auth/password/reset/", json={"account": person.username}, timeout=15)
    token = link_in(letter(mail_server, "egeus@chat.test", "new password")).split("token=")[1]
    visitor = requests.Session()
    visitor.get(strict.url + "/accounts/login/", timeout=15)
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = visitor.post(
            strict.url + "/password/new/", data={"token": token, "password": "chosen by another site"},
            headers=headers, allow_redirects=False, timeout=15)
        assert refused.status_code == 403 and "from another site" in refused.text
        assert "Set-Cookie" not in refused.headers
    api.sign_in(strict.url, person.username, PASSWORD)
    done = visitor.post(
        strict.url + "/password/new/", data={"token": token, "password": "brand new one"},
        headers={"Origin": strict.url}, allow_redirects=False, timeout=15)
    assert done.status_code == 303
    api.sign_in(strict.url, person.username, "brand new one")


def test_links_are_asked_for_so_many_times(make_server, mail_server: MailServer):
    server = make_server(**mailing(mail_server, reset_rate="2/600", reset_network_rate="3/600"))

    def ask(account: str, address: str) -> requests.Response:
        return requests.post(
            server.url + "/password/reset/", data={"account": account}, timeout=15,
            headers={"Origin": server.url, "X-Forwarded-For": address})

    for account in ("titania", "nobody"):
        assert [ask(account, f"198.51.100.{number}").status_code for number in range(3)] == [200, 200, 429]
    statuses = [ask(f"fairy{number}", "203.0.113.9") for number in range(4)]
    assert [answer.status_code for answer in statuses] == [200, 200, 200, 429]
    assert int(statuses[3].headers["Retry-After"]) > 0 and 'value="fairy3"' in statuses[3].text


def test_the_owner_is_told_of_what_weakens_the_account(lax: Server, mail_server: MailServer):
    person = verified(lax, mail_server, "theseus@chat.test")
    session = requests.Session()
    session.headers["Origin"] = lax.url
    session.post(lax.url + "/accounts/login/", data={"username": person.username, "password": PASSWORD}, timeout=15)
    refused = session.post(
        lax.url + "/profile/password/", data={"current": "wrong", "password": "a new password"}, timeout=15)
    assert refused.status_code == 422 and lax.log.rstrip().count("message=auth-failure") >= 1
    session.post(lax.url + "/profile/password/", data={"current": PASSWORD, "password": "a new password"}, timeout=15)
    letter(mail_server, "theseus@chat.test", "password")
    page = session.get(lax.url + "/profile/two-factor/", timeout=15).text
    app = App(re.search(r"app: <code>([^<]+)</code>", page).group(1))
    session.post(lax.url + "/profile/two-factor/", timeout=15, data={
        "enrolment": re.search(r'name="enrolment" value="([^"]+)"', page).group(1), "password": "a new password",
        "code": app.code()})
    session.post(lax.url + "/profile/two-factor/off/", timeout=15, data={
        "password": "a new password", "code": app.code(later=1)})
    letter(mail_server, "theseus@chat.test", "second factor")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_pages_of_addresses(
    strict: Server, mail_server: MailServer, open_window, size: dict, scheme: str
):
    kind = f"{scheme}-{'phone' if size is PHONE else 'desktop'}"
    window: Window = open_window(server=strict, viewport=size, color_scheme=scheme, complains=True)
    name = some_name()

    def look(page: str) -> None:
        window.screenshot(f"{page}-{kind}")
        found = Axe().run(window.page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert window.page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    for path, called in [("/accounts/register/", "register-email"), ("/accounts/login/", "login-mail"),
                         ("/password/reset/", "password-reset"), ("/password/new/?token=x", "password-new-over")]:
        window.page.goto(path)
        look(called)
    address = f"{name}@chat.test"
    person = join(strict, address, username=name)
    code = code_in(letter(mail_server, address, "code"))
    window.page.goto("/accounts/login/")
    window.page.get_by_label("Username", exact=True).fill(name)
    window.page.get_by_label("Password", exact=True).fill(PASSWORD)
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    window.page.wait_for_url("**/verify/")
    look("verify")
    window.page.get_by_label("Code", exact=True).fill(wrong(code))
    window.page.get_by_role("button", name="Verify").click()
    expect(window.page.get_by_text("This is not the code")).to_be_visible()
    look("verify-wrong")
    person.post("/api/auth/email/verify/", {"code": code})
    letter(mail_server, address, "Welcome")
    for path, called in [("/verify/", "verify-done"), ("/profile/", "profile-email")]:
        window.page.goto(path)
        look(called)
    requests.post(strict.url + "/api/auth/password/reset/", json={"account": name}, timeout=15)
    window.page.goto(link_in(letter(mail_server, address, "new password")))
    look("password-new")
