"""Access tokens for programs: each scope at each operation, sockets, and what ends them."""

from __future__ import annotations

import re
import sqlite3
import time

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import api
from support.browser import DESKTOP, PHONE
from support.server import Server, run
from support.sockets import Socket
from test_admin import browser_session
from test_browser_pages import WCAG
from websockets.exceptions import InvalidStatus

SCOPES = ["account:read", "account:write", "rooms:read", "rooms:write", "messages:read", "messages:write",
          "people:read", "rooms:moderate"]


def make_token(person: api.Person, *scopes: str, days: int = 7) -> tuple[str, int]:
    made = person.post("/api/profile/tokens/", {
        "name": "a script", "scopes": list(scopes), "days": days, "password": person.password}, (201,))
    return made["token"], made["record"]["id"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def operations(server: Server) -> list[tuple[str, str, dict]]:
    document = requests.get(server.url + "/api/openapi.json", timeout=30).json()
    return [(method, path, operation) for path, item in document["paths"].items()
            for method, operation in item.items() if path.startswith("/api/")]


def test_each_operation_takes_a_token_with_its_scope_and_refuses_all_others(server: Server):
    person = api.register(server.url)
    tokens = {scope: make_token(person, scope)[0] for scope in SCOPES}
    walked = 0
    for method, path, operation in operations(server):
        if not operation["security"]:
            continue
        needed = operation["security"][0].get("accessToken", [None])[0]
        address = server.url + re.sub(r"\{\w+\}", "0", path)
        for scope, token in tokens.items():
            answer = requests.request(method, address, headers=bearer(token), json={}, timeout=30, stream=True)
            walked += 1
            if scope == needed:
                assert answer.status_code not in (401, 403), f"{method} {path} with {scope}: {answer.text}"
                continue
            assert answer.status_code == 403, f"{method} {path} with {scope}: {answer.status_code}"
            assert api.problem(answer)["code"] == "scope_missing"
            challenge = 'Bearer error="insufficient_scope"' + (f', scope="{needed}"' if needed else "")
            assert answer.headers["WWW-Authenticate"] == challenge
    assert walked > 150


def test_a_token_opens_no_page_and_is_no_cookie(server: Server):
    token, _ = make_token(api.register(server.url), *SCOPES)
    for path in ("/rooms/", "/profile/", "/profile/tokens/", "/admin/", "/admin/people/"):
        answer = requests.get(server.url + path, headers=bearer(token), allow_redirects=False, timeout=15)
        assert answer.status_code == 403, path
        cookie = requests.get(server.url + path, cookies={"parley_session": token}, allow_redirects=False, timeout=15)
        assert cookie.status_code == 303 and "/accounts/login/" in cookie.headers["Location"], path


def test_a_socket_by_token_does_what_its_scopes_allow(server: Server):
    person = api.register(server.url)
    person.post("/api/rooms/lobby/join/")
    reader, writer = make_token(person, "messages:read")[0], make_token(person, "messages:write")[0]
    both = make_token(person, "messages:read", "messages:write")[0]
    with pytest.raises(InvalidStatus) as refused:
        Socket(server.ws, writer)
    assert refused.value.response.status_code == 403
    assert refused.value.response.headers["WWW-Authenticate"] == \
        'Bearer error="insufficient_scope", scope="messages:read"'
    with Socket(server.ws, both) as socket, Socket(server.ws, reader) as listener:
        socket.say("lobby", "By token.")
        listener.expect_message("By token.")
        for frame in ({"type": "chat_message", "room": "lobby", "message": "Not by this one."},
                      {"type": "read", "room": "lobby", "seq": 1}, {"type": "typing", "room": "lobby", "active": True}):
            reply = listener.command(**frame)
            assert reply["type"] == "error" and reply["code"] == "scope_missing", reply
        assert listener.command(type="ping")["type"] == "ok"
    ticket = requests.post(server.url + "/api/auth/ws-ticket/", headers=bearer(reader), timeout=30).json()["ticket"]
    with Socket(server.ws, path=f"/ws?ticket={ticket}") as socket:
        reply = socket.command(type="chat_message", room="lobby", message="Not by its ticket.")
        assert reply["code"] == "scope_missing"


def test_sockets_and_streams_end_when_their_token_or_sign_in_has_expired(make_server):
    server = make_server()
    person = api.sign_in(server.url, "puck")
    token, _ = make_token(person, "messages:read")
    stream = requests.post(server.url + "/api/events/", headers=bearer(token), timeout=30).json()["stream"]
    with Socket(server.ws, token) as by_token, Socket(server.ws, person.access) as by_sign_in:
        with sqlite3.connect(server.data / "parley.db") as database:
            database.execute("UPDATE session SET expiresAt = ?", (int(time.time() * 1000),))
        database.close()
        assert by_token.close_code() == by_sign_in.close_code() == 4103
    answer = requests.get(f"{server.url}/api/events/{stream}/", headers=bearer(token), timeout=30)
    assert answer.status_code == 401 and api.problem(answer)["code"] == "token_expired"


def test_an_event_stream_is_of_the_token_that_opened_it(server: Server):
    person = api.register(server.url)
    person.post("/api/rooms/lobby/join/")
    token, identifier = make_token(person, "messages:read")
    stream = requests.post(server.url + "/api/events/", headers=bearer(token), timeout=30).json()["stream"]
    address = f"{server.url}/api/events/{stream}/"
    frame = {"type": "chat_message", "room": "lobby", "message": "Not by this one.", "id": 1}
    assert requests.post(address, headers=bearer(token), json=frame, timeout=30).status_code == 202
    first = requests.get(address, headers=bearer(token), timeout=30).json()["frames"][0]
    assert first["frame"]["code"] == "scope_missing"
    # Nor does another sign-in of the same person lend its rights.
    assert requests.post(address, headers=bearer(person.access), json=frame, timeout=30).status_code == 404
    person.request("DELETE", f"/api/profile/tokens/{identifier}/")
    assert requests.get(address, headers=bearer(token), timeout=30).status_code == 401


def test_revoking_a_token_ends_its_sockets_within_a_second_and_no_others(server: Server):
    person = api.register(server.url)
    token, identifier = make_token(person, "messages:read")
    with Socket(server.ws, token) as socket, Socket(server.ws, person.access) as other:
        begin = time.monotonic()
        assert person.request("DELETE", f"/api/profile/tokens/{identifier}/").status_code == 204
        assert socket.close_code(1.0) == 4103
        assert time.monotonic() - begin < 1
        assert other.command(type="ping")["type"] == "ok"
    answer = requests.get(server.url + "/api/auth/me/", headers=bearer(token), timeout=30)
    assert answer.status_code == 401 and api.problem(answer)["code"] == "token_invalid"


def test_a_token_ends_with_the_account_for_good_and_not_with_signing_out(server: Server):
    person = api.register(server.url)
    token, _ = make_token(person, "account:read")
    person.post("/api/profile/sessions/end/")
    person.post("/api/auth/logout/")
    assert requests.get(server.url + "/api/auth/me/", headers=bearer(token), timeout=30).status_code == 200
    run("user", "disable", person.username, "--data-dir", server.data)
    answer = requests.get(server.url + "/api/auth/me/", headers=bearer(token), timeout=30)
    assert answer.status_code in (401, 403)
    run("user", "enable", person.username, "--data-dir", server.data)
    assert requests.get(server.url + "/api/auth/me/", headers=bearer(token), timeout=30).status_code == 401


def test_a_token_is_stored_as_a_hash_and_not_in_the_log(server: Server):
    token, _ = make_token(api.register(server.url), "account:read")
    requests.get(server.url + "/api/auth/me/", headers=bearer(token), timeout=30)
    assert re.fullmatch(r"parley_pat_[0-9A-Za-z]{46}", token)
    for file in server.data.iterdir():
        if file.is_file():
            assert token.encode() not in file.read_bytes(), file
    assert token not in server.log and token[11:40] not in server.log


def test_the_api_does_what_the_page_of_ones_account_does(server: Server):
    person = api.register(server.url)
    other = api.sign_in(server.url, person.username, person.password)
    assert person.get("/api/profile/")["username"] == person.username
    answered = person.request("PATCH", "/api/profile/", json={"name": "Robin Goodfellow"})
    assert answered.status_code == 204 and person.get("/api/auth/me/")["name"] == "Robin Goodfellow"
    assert person.get("/api/profile/second-factor/") == {"isOn": False, "recoveryCodesLeft": 0}
    sessions = person.get("/api/profile/sessions/")["sessions"]
    assert len(sessions) >= 2 and sum(session["isCurrent"] for session in sessions) == 1
    theirs = [session for session in other.get("/api/profile/sessions/")["sessions"] if session["isCurrent"]][0]
    assert person.request("DELETE", f"/api/profile/sessions/{theirs['id']}/").status_code == 204
    assert other.request("GET", "/api/auth/me/").status_code == 401
    # Somebody else's sign-in is none.
    stranger = api.register(server.url)
    assert api.problem(stranger.request("DELETE", f"/api/profile/sessions/{sessions[0]['id']}/"))["status"] == 404
    other = api.sign_in(server.url, person.username, person.password)
    wrong = person.request("POST", "/api/profile/password/", json={"current": "wrong", "password": "a new one 1"})
    assert api.problem(wrong)["field"] == "current"
    token, _ = make_token(person, "account:read")
    body = {"current": person.password, "password": "a new password", "revokeTokens": True}
    person.post("/api/profile/password/", body)
    assert other.request("GET", "/api/auth/me/").status_code == 401
    assert requests.get(server.url + "/api/auth/me/", headers=bearer(token), timeout=30).status_code == 401
    assert api.sign_in(server.url, person.username, "a new password")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_token_is_made_shown_once_and_revoked_on_the_page(server: Server, open_window, size: dict, scheme: str):
    person = api.register(server.url)
    window = open_window(viewport=size, color_scheme=scheme)
    window.sign_in(person.username, person.password)
    page = window.page
    page.goto("/profile/")
    page.get_by_role("link", name="Manage access tokens").click()
    page.get_by_label("What it is for").fill("Nightly report")
    page.get_by_label("rooms:read").check()
    page.get_by_label("Your password").fill("wrong password")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    expect(page.get_by_label("What it is for")).to_have_value("Nightly report")
    expect(page.get_by_label("rooms:read")).to_be_checked()
    page.get_by_label("Your password").fill(person.password)
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_role("status").inner_text()
    window.complaints.clear()
    assert requests.get(server.url + "/api/rooms/", headers=bearer(token), timeout=30).status_code == 200
    window.screenshot(f"tokens-{scheme}-{'phone' if size is PHONE else 'desktop'}")
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto("/profile/tokens/")
    assert token not in page.content()
    expect(page.get_by_text("from 127.0.0.1")).to_be_visible()
    page.get_by_role("button", name="Revoke Nightly report").click()
    expect(page.get_by_text("worth nothing any more")).to_be_visible()
    assert requests.get(server.url + "/api/rooms/", headers=bearer(token), timeout=30).status_code == 401


def test_a_form_for_a_token_from_elsewhere_does_nothing(server: Server):
    session = browser_session(server.url, "titania")
    answer = session.post(
        server.url + "/profile/tokens/", headers={"Origin": "https://evil.example"}, timeout=15,
        data={"name": "theirs", "days": "7", "scope:rooms:read": "on", "password": api.DEMO_PASSWORD})
    assert answer.status_code == 403
    assert "theirs" not in session.get(server.url + "/profile/tokens/", timeout=15).text


def test_a_refresh_token_that_is_used_twice_ends_its_sign_in_and_its_sockets(server: Server):
    person = api.register(server.url)
    traded = api.answered(requests.post(
        server.url + "/api/auth/refresh/", json={"refresh": person.refresh}, timeout=30), 200)
    with Socket(server.ws, traded["access"]) as socket:
        again = requests.post(server.url + "/api/auth/refresh/", json={"refresh": person.refresh}, timeout=30)
        assert again.status_code == 401 and api.problem(again)["code"] == "token_reused"
        assert socket.close_code(1.0) == 4103
    late = requests.post(server.url + "/api/auth/refresh/", json={"refresh": traded["refresh"]}, timeout=30)
    assert late.status_code == 401
    assert requests.get(server.url + "/api/auth/me/", headers=bearer(traded["access"]), timeout=30).status_code == 401
