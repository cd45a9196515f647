"""One attack of each kind that has a name, as a whole; docs/security.md lists where the others are tested."""

from __future__ import annotations

import re
import time

import pytest
import requests
from conftest import session_of
from support import api
from support.handshake import upgrade


def session_cookie(session: requests.Session) -> str:
    return next(cookie.value or "" for cookie in session.cookies if cookie.name.endswith("session"))


def login(server, session: requests.Session, username: str = "titania") -> requests.Response:
    return session.post(
        server.url + "/accounts/login/", data={"username": username, "password": api.DEMO_PASSWORD},
        headers={"Origin": server.url}, timeout=30)


def test_session_fixation_a_cookie_from_before_is_nobodys(server):
    """Whatever cookies somebody was made to carry, signing in gives new ones, and those of before stay worthless."""
    planted = "A" * 43
    session = requests.Session()
    for name in ("parley_session", "parley_visitor"):
        session.cookies.set(name, planted, domain="127.0.0.1", path="/")
    assert login(server, session).url.endswith("/rooms/")
    values = [cookie.value for cookie in session.cookies if cookie.name == "parley_session"]
    assert planted not in values or len(values) > 1
    attacker = requests.get(
        server.url + "/rooms/", cookies={"parley_session": planted}, timeout=30, allow_redirects=False)
    assert attacker.status_code == 303 and "/accounts/login/" in attacker.headers["Location"]


def test_session_fixation_signing_in_again_and_out_leaves_nothing_behind(server):
    session = session_of(server, "titania")
    before = session_cookie(session)
    login(server, session, "titania")
    session.post(server.url + "/accounts/logout/", headers={"Origin": server.url}, timeout=30)
    answer = requests.get(
        server.url + "/api/auth/me/", cookies={"parley_session": session_cookie_or(session, before)}, timeout=30)
    assert answer.status_code == 401


def session_cookie_or(session: requests.Session, other: str) -> str:
    values = [cookie.value for cookie in session.cookies if cookie.name == "parley_session"]
    return values[0] or other if values else other


@pytest.mark.parametrize("fields", [{"role": "admin"}, {"isDisabled": False, "id": 1}, {"passwordHash": "x", "admission": "x"}])
def test_mass_assignment_fields_that_are_not_asked_for_do_nothing(server, fields: dict):
    name = f"mass{abs(hash(str(fields))) % 10**9}"
    body = {"username": name, "password": "a good long password"} | fields
    made = api.answered(requests.post(server.url + "/api/auth/register/", json=body, timeout=30), 201)["user"]
    assert made["role"] == "member" and made["username"] == name
    form = {"username": f"{name}f", "name": "F", "password": "a good long password"} | fields
    session = session_of(server, None)
    assert session.post(server.url + "/accounts/register/", data=form, timeout=30).url.endswith("/rooms/")
    assert "/admin/" not in session.get(server.url + "/rooms/", timeout=30).text
    session.post(server.url + "/profile/", data={"name": "F", "role": "admin"}, timeout=30)
    assert session.get(server.url + "/admin/people/", timeout=30).status_code == 403


@pytest.mark.parametrize("text", [
    "a" * 60_000 + "!", "@" * 30_000, "a@" * 30_000, "." * 60_000, "-" * 60_000, "http://" * 8_000,
    "\u0300" * 20_000, " " * 60_000, "(" * 60_000,
], ids=["letters", "at signs", "addresses", "dots", "hyphens", "links", "marks", "blanks", "brackets"])
def test_redos_no_text_takes_long_to_be_read(server, text: str):
    person = api.sign_in(server.url, "titania")
    started = time.monotonic()
    for path, body in {
        "/api/rooms/": {"name": text, "slug": text}, "/api/rooms/lobby/messages/": {"text": text},
        "/api/direct/": {"usernames": [text]},
    }.items():
        assert person.request("POST", path, json=body).status_code in (404, 413, 422, 201)
    requests.post(server.url + "/api/auth/register/", json={"username": text, "password": "x" * 20}, timeout=30)
    person.request("GET", "/api/users/", params={"q": text[:8000]})
    assert time.monotonic() - started < 5


def test_cswsh_a_socket_with_a_cookie_is_for_our_own_pages(server):
    cookie = f"parley_session={session_cookie(session_of(server, 'titania'))}"
    for origin in ("https://evil.example", "null", server.url + ".evil.example", server.url.replace("http", "https")):
        assert upgrade(server.port, "/ws", {"Cookie": cookie, "Origin": origin}).status == 403, origin
    assert upgrade(server.port, "/ws", {"Cookie": cookie}).status == 403, "no origin at all"
    assert upgrade(server.port, "/ws", {"Cookie": cookie, "Origin": server.url}).status == 101


def test_csrf_no_form_of_any_page_does_anything_from_elsewhere(server, routes):
    for role in ("titania", "admin"):
        session = session_of(server, role)
        for method, path in routes:
            if method != "POST" or path.startswith(("/api/", "/hooks/", "/ws")):
                continue
            address = server.url + re.sub(r"{\w+}", "1", path) + "/"
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"},
                            {"Sec-Fetch-Site": "cross-site", "Origin": None}):
                answer = session.post(address, headers=headers, data={}, timeout=30, allow_redirects=False)
                to_login = answer.headers.get("Location", "").startswith("/accounts/login/?expired")
                assert answer.status_code in (400, 403, 404, 422) or to_login, f"{role} {path}: {answer.status_code}"
        assert session.get(server.url + "/api/auth/me/", timeout=30).status_code == 200, "still signed in"


#: Whoever asks these needs no cookie, and gets nothing by one.
WITHOUT_COOKIE = re.compile(r"/api/auth/(login|register|refresh|password/\w+)$|/api/doctor$")


def test_csrf_no_operation_of_the_api_is_done_by_a_cookie_that_another_site_sends(server, routes):
    session = requests.Session()
    login(server, session, "admin")
    asked = 0
    for method, path in routes:
        path = path.rstrip("/")
        if method not in ("POST", "PUT", "PATCH", "DELETE") or not path.startswith("/api/") or WITHOUT_COOKIE.match(path):
            continue
        address = server.url + re.sub(r"{\w+}", "1", path) + "/"
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {},
                        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            answer = session.request(method, address, headers=headers, json={}, timeout=30)
            assert answer.status_code == 403 and api.problem(answer)["code"] == "csrf_failed", \
                f"{method} {path} {headers}: {answer.status_code} {answer.text[:200]}"
            asked += 1
    assert asked > 100
    assert session.get(server.url + "/api/auth/me/", timeout=30).status_code == 200, "still signed in"


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws://127.0.0.1:PORT ws://localhost:PORT; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def test_xss_every_page_has_the_whole_policy_and_no_page_a_script_or_style_in_it(server, routes):
    for role in (None, "admin"):
        session = session_of(server, role)
        for method, path in routes:
            if method != "GET" or "{" in path or path.startswith(("/api/", "/ws", "/static")):
                continue
            answer = session.get(server.url + path, timeout=30, allow_redirects=False)
            assert answer.headers["Content-Security-Policy"].replace(str(server.port), "PORT") == POLICY, path
            assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)|<style|\sstyle=|\son\w+=", answer.text), path


def test_clickjacking_no_page_may_be_framed_by_anybody(server, routes):
    session = session_of(server, "admin")
    for method, path in routes:
        if method == "GET" and "{" not in path and not path.startswith(("/api/", "/ws", "/static")):
            answer = session.get(server.url + path, timeout=30, allow_redirects=False)
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
            assert answer.headers["X-Frame-Options"] == "DENY", path


@pytest.mark.parametrize("target", [
    "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)",
    "/%2f/evil.example/../", "///evil.example", "/rooms/\r\nSet-Cookie: injected=1",
])
def test_open_redirect_and_header_injection_after_signing_in_one_stays_here(server, target: str):
    form = {"username": "titania", "password": api.DEMO_PASSWORD, "next": target}
    answer = requests.post(
        server.url + "/accounts/login/", data=form, headers={"Origin": server.url}, timeout=30, allow_redirects=False)
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.startswith("/") and not location.startswith(("//", "/\\")), location
    assert "injected" not in str(answer.headers)
