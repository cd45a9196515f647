"""Addresses of accounts, with a real mail server: verifying, changing, and whom they let in."""

from __future__ import annotations

import re
import time

import pytest
import requests
from playwright.sync_api import expect
from support import api
from support.letters import (  # noqa: F401: fixtures
    PASSWORD, code_in, join, letter, mailing, no_mail, register, some_name, verified, wrong,
    lax, mail_server, strict,
)
from support.mailserver import MailServer
from support.server import Server, free_port, run
from support.sockets import Socket


def test_who_is_not_verified_does_not_chat_by_any_way(strict: Server, mail_server: MailServer):
    person = join(strict, "bottom@chat.test")
    asked = 0
    for path, item in requests.get(strict.url + "/api/openapi.json", timeout=15).json()["paths"].items():
        for method, operation in item.items():
            is_open = operation.get("security") == [] or path.startswith("/api/auth/") and "ticket" not in path
            if not is_open:
                asked += 1
                answer = person.request(method.upper(), re.sub(r"\{\w+\}", "lobby", path), json={})
                assert answer.status_code == 403, (method, path, answer.text)
                assert api.problem(answer)["code"] == "email_unverified", (method, path)
    assert asked > 10
    session = requests.Session()
    session.headers["Origin"] = strict.url
    session.post(strict.url + "/accounts/login/", data={"username": person.username, "password": PASSWORD}, timeout=15)
    for path in ("/rooms/", "/chat/lobby/", "/admin/"):
        page = session.get(strict.url + path, allow_redirects=False, timeout=15)
        assert (page.status_code, page.headers["Location"]) == (303, "/verify/") or page.status_code == 403, path
    sent = session.post(strict.url + "/chat/lobby/", data={"message": "hello"}, allow_redirects=False, timeout=15)
    assert sent.headers["Location"] == "/verify/"
    assert session.get(strict.url + "/profile/", timeout=15).status_code == 200
    with pytest.raises(Exception, match="403"):
        Socket(strict.ws, person.access).__enter__()
    assert person.get("/api/auth/email/")["pending"] == "bottom@chat.test"
    code = code_in(letter(mail_server, "bottom@chat.test", "code"))
    refused = person.request("POST", "/api/auth/email/verify/", json={"code": wrong(code)})
    assert refused.status_code == 422 and api.problem(refused)["code"] == "email_code_wrong"
    person.post("/api/auth/email/verify/", {"code": code})
    with Socket(strict.ws, person.access):
        pass
    person.post("/api/rooms/lobby/join/")
    person.post("/api/rooms/lobby/messages/", {"message": "now"})
    again = person.request("POST", "/api/auth/email/verify/", json={"code": code})
    assert api.problem(again)["code"] == "email_code_expired"


def test_codes_are_nowhere_but_in_the_mail(strict: Server, mail_server: MailServer):
    person = join(strict, "snug@chat.test")
    text = letter(mail_server, "snug@chat.test", "code")
    code = code_in(text)
    assert "code=" not in strict.log and "snug@chat.test" not in strict.log
    for path in strict.data.glob("parley.db*"):
        assert b"Your code is" not in path.read_bytes()
    person.post("/api/auth/email/verify/", {"code": code})


def test_a_code_is_over_after_its_tries_and_another_one_helps(strict: Server, mail_server: MailServer):
    person = join(strict, "flute@chat.test")
    code = code_in(letter(mail_server, "flute@chat.test", "code"))
    seen = [
        api.problem(person.request("POST", "/api/auth/email/verify/", json={"code": wrong(code)}))["code"]
        for _ in range(6)
    ]
    assert seen == ["email_code_wrong"] * 5 + ["email_code_expired"]
    assert api.problem(person.request("POST", "/api/auth/email/verify/", json={"code": code}))["code"] == seen[5]
    person.post("/api/auth/email/resend/")
    person.post("/api/auth/email/verify/", {"code": code_in(letter(mail_server, "flute@chat.test", "code"))})


def test_codes_are_sent_so_many_times_and_whoever_wants_more_is_told_when(make_server, mail_server: MailServer):
    server = make_server(**mailing(mail_server, email_code_rate="2/600"))
    person = join(server, "snout@chat.test")
    person.post("/api/auth/email/resend/")
    for answer in (person.request("POST", "/api/auth/email/resend/"), register(server, "SNOUT@chat.test")):
        assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0


def test_an_address_that_is_somebodys_is_answered_as_one_that_is_nobodys(strict: Server, mail_server: MailServer):
    verified(strict, mail_server, "oberon@chat.test")
    answers = [register(strict, address) for address in ("oberon@chat.test", "nobody@chat.test")]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json().keys() == answers[1].json().keys()
    letter(mail_server, "oberon@chat.test", "already")
    letter(mail_server, "nobody@chat.test", "code")
    for page in (lambda account: requests.post(
            strict.url + "/password/reset/", data={"account": account}, headers={"Origin": strict.url}, timeout=15),
            lambda account: requests.post(
                strict.url + "/api/auth/password/reset/", json={"account": account}, timeout=15)):
        known, unknown = page("oberon@chat.test"), page("nobody@chat.test")
        assert known.status_code == unknown.status_code and known.status_code in (200, 204)
        assert re.sub(r'"csrf"[^>]*', "", known.text) == re.sub(r'"csrf"[^>]*', "", unknown.text)
        letter(mail_server, "oberon@chat.test", "new password")
    no_mail(mail_server, "nobody@chat.test")


def test_an_address_is_changed_in_the_browser_and_the_one_before_is_told(
    lax: Server, mail_server: MailServer, open_window
):
    old, new = "old@chat.test", "new@chat.test"
    person = verified(lax, mail_server, old)
    window = open_window(server=lax, complains=True, java_script_enabled=False)
    page = window.sign_in(person.username, PASSWORD).page
    page.goto("/profile/")
    expect(page.get_by_text(old)).to_be_visible()
    page.get_by_role("link", name="Change the e-mail address").click()
    for address, password, words in [("a..b@chat.test", PASSWORD, "This is no e-mail address"), (new, "wrong", "not your password")]:
        page.get_by_label("E-mail address", exact=True).fill(address)
        page.get_by_label("Your password").first.fill(password)
        page.get_by_role("button", name="Send a code there").click()
        expect(page.get_by_text(words)).to_be_visible()
        expect(page.get_by_label("E-mail address", exact=True)).to_have_value(address)
    assert "auth-failure" in lax.log and "reason=wrong_password" in lax.log
    page.get_by_label("Your password").first.fill(PASSWORD)
    page.get_by_role("button", name="Send a code there").click()
    letter(mail_server, new, "code")
    page.get_by_role("button", name="Send another code").click()
    expect(page.get_by_text("Another code is on its way")).to_be_visible()
    code = code_in(letter(mail_server, new, "code"))
    page.get_by_label("Code", exact=True).fill(wrong(code))
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("This is not the code that was sent")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Mail to your address reaches you")).to_be_visible()
    told = letter(mail_server, old, "has changed")
    assert new not in told and "n…@chat.test" in told
    page.get_by_role("link", name="Change the e-mail address").click()
    page.locator("#password-remove").fill(PASSWORD)
    page.get_by_role("button", name="Forget my address").click()
    expect(page.get_by_text("Your address is forgotten")).to_be_visible()
    assert "taken away" in letter(mail_server, new, "has changed")


@pytest.mark.parametrize("address", [
    "titania", "@chat.test", "titania@", "a b@chat.test", "a@b@chat.test", "титания@chat.test", "a\0@chat.test",
    "a@chat.test\r\nBcc: puck@chat.test", "a@chat.test\nX: y", "x" * 65 + "@chat.test", "a@" + "b" * 300 + ".test",
    '"a\r\n"@chat.test', "a@[192.0.2.1]", "a..b@chat.test", "a@chat..test",
])
def test_an_address_that_is_none_has_its_own_sentence_and_makes_no_account(lax: Server, mail_server, address: str):
    name = some_name()
    answer = register(lax, address, username=name)
    body = api.problem(answer)
    assert answer.status_code == 422 and body["field"] == "email" and body["code"] == "invalid_field"
    form = requests.post(
        lax.url + "/accounts/register/", headers={"Origin": lax.url}, timeout=15,
        data={"username": name, "name": "Robin", "password": PASSWORD, "email": address})
    assert form.status_code == 422 and 'id="email-error"' in form.text and f'value="{name}"' in form.text
    assert name not in run("user", "list", "--data-dir", lax.data).stdout


@pytest.mark.parametrize("address, to", [
    ("Titania+chat@chat.test", "Titania+chat@chat.test"), ('"two words"@chat.test', '"two words"@chat.test'),
    ("titania@bücher.example", "titania@xn--bcher-kva.example"), (" moth@chat.test ", "moth@chat.test"),
])
def test_addresses_of_all_kinds_get_their_code(lax: Server, mail_server: MailServer, address: str, to: str):
    person = join(lax, address)
    person.post("/api/auth/email/verify/", {"code": code_in(letter(mail_server, to, "code"))})


def test_with_domains_only_those_who_are_of_them_or_were_invited_come_in(make_server, mail_server: MailServer, open_window):
    server = make_server(**mailing(
        mail_server, registration="domain", registration_domains="chat.test,bücher.example", email_verification="required"))
    for address in (None, "puck@elsewhere.test", "puck@sub.chat.test", "puck@chat.test.elsewhere.test"):
        answer = register(server, address)
        assert answer.status_code == 422 and api.problem(answer)["field"] == "email", answer.text
    person = join(server, "puck@xn--bcher-kva.example")
    moved = person.request(
        "POST", "/api/auth/email/", json={"email": "puck@elsewhere.test", "password": PASSWORD})
    assert moved.status_code == 422 and "chat.test" in api.problem(moved)["detail"]
    page = requests.get(server.url + "/accounts/register/", timeout=15).text
    assert "chat.test" in page and "required" in page


@pytest.mark.parametrize("settings, words", [
    ({"email_verification": "required", "public_url": "https://chat.example.com"}, "smtp-url"),
    ({"registration": "domain"}, "registration-domains"),
    ({"registration_domains": "chat.test"}, "registration=domain"),
    ({"registration": "domain", "registration_domains": "chat.test"}, "email-verification"),
    ({"registration": "domain", "registration_domains": "not a domain"}, "registration-domains"),
])
def test_settings_that_cannot_work_are_refused_by_name(tmp_path, settings: dict, words: str):
    done = run("migrate", "--data-dir", tmp_path / "data", check=False,
               **{f"PARLEY_{name.upper()}": value for name, value in settings.items()})
    assert done.returncode != 0 and words in done.stderr


def test_without_a_mail_server_a_code_is_in_the_log_of_a_demo_server_alone(make_server, tmp_path):
    server = make_server(email_verification="required")
    person = join(server, "quince@chat.test")
    until = re.compile(r"username=" + person.username + r"\b")
    deadline = time.monotonic() + 15
    while not (found := [line for line in server.log.splitlines() if until.search(line) and "code=" in line]):
        assert time.monotonic() < deadline, server.log
        time.sleep(0.05)  # It is printed behind the request's back.
    line = found[0]
    person.post("/api/auth/email/verify/", {"code": re.search(r"code=(\d{6})", line).group(1)})
    assert requests.get(server.url + "/password/reset/", timeout=15).status_code == 404
    assert "Lost your password" not in requests.get(server.url + "/accounts/login/", timeout=15).text
    # Without the demo people it is somebody's server.
    done = run("serve", "--data-dir", tmp_path / "data", "--listen", f"127.0.0.1:{free_port()}", check=False,
               PARLEY_EMAIL_VERIFICATION="required")
    assert done.returncode != 0 and "smtp-url" in done.stderr


def test_without_mail_nothing_that_needs_it_is_offered(server: Server):
    for path in ("/accounts/register/", "/accounts/login/"):
        page = requests.get(server.url + path, timeout=15).text
        assert "E-mail" not in page and "Lost your password" not in page
    assert register(server, "a@chat.test").status_code == 422
    asked = requests.post(server.url + "/api/auth/password/reset/", json={"account": "titania"}, timeout=15)
    assert asked.status_code == 404 and api.problem(asked)["code"] == "no_mail"


def test_the_operator_sees_and_sets_addresses(lax: Server, mail_server: MailServer, open_window):
    here = ("--data-dir", lax.data)
    variables = {f"PARLEY_{name.upper()}": value for name, value in mailing(mail_server).items()}
    run("user", "set-email", "cobweb", "Cobweb@chat.test", *here, **variables)
    assert "Cobweb@chat.test" in run("user", "list", *here).stdout
    taken = run("user", "set-email", "fern", "cobweb@chat.test", *here, check=False, **variables)
    assert taken.returncode != 0 and "another account" in taken.stderr
    person = join(lax, "claimed@chat.test")
    admin = open_window("admin", server=lax)
    admin.page.goto("/admin/people/")
    expect(admin.page.get_by_text("Cobweb@chat.test")).to_be_visible()
    expect(admin.page.get_by_text("claimed@chat.test (not verified)")).to_be_visible()
    assert "claimed@chat.test (not verified)" in run("user", "list", *here).stdout and person
    letter(mail_server, "claimed@chat.test", "code")
    run("user", "set-email", "cobweb", "none", *here, **variables)
    letter(mail_server, "Cobweb@chat.test", "has changed")
    admin.page.goto("/admin/audit/")
    expect(admin.page.get_by_text("user.set_email").first).to_be_visible()
