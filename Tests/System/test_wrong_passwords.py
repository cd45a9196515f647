"""A stolen session in which passwords are guessed is seen by fail2ban, wherever the password is asked for once more."""

from __future__ import annotations

import pytest
import requests
from support import api
from support.server import Server
from test_admin import browser_session
from test_hooks import form
from test_passkeys import forget_when_it_began

WRONG = "not it at all"
NEW = "a good long password"
PROVIDER = {"providerPassword": WRONG}
ASKED = {
    "/api/profile/password/": {"current": WRONG, "password": NEW},
    "/api/profile/tokens/": {"name": "t", "scopes": ["messages:read"], "days": 1, "password": WRONG},
    "/api/profile/export/": {"password": WRONG},
    "/api/profile/delete/": {"password": WRONG},
    "/profile/password/": {"current": WRONG, "password": NEW},
    "/profile/tokens/": {"name": "t", "days": "1", "scope:messages:read": "on", "password": WRONG},
    "/profile/bots/quince/tokens/": {"name": "t", "days": "1", "scope:messages:read": "on", "password": WRONG},
    "/profile/export/": {"password": WRONG},
    "/profile/delete/": {"password": WRONG},
    "/profile/two-factor/": {"password": WRONG, "enrolment": "", "code": "000000"},
    "/profile/two-factor/off/": {"password": WRONG, "code": "000000"},
    "/profile/passkeys/question/": {"password": WRONG},
    "/profile/passkeys/1/remove/": {"password": WRONG},
    "/profile/providers/1/remove/": PROVIDER,
    "/auth/google/": PROVIDER | {"linking": "1"},
}


@pytest.fixture(scope="module")
def site(make_server) -> Server:
    return make_server(recent_sign_in_seconds="30", openid_providers="google client-id=parley")


@pytest.fixture(scope="module")
def signed_in(site: Server) -> tuple[requests.Session, api.Person]:
    """An administrator with a bot, who signed in an hour ago: with a browser, and with a program."""
    session, person = browser_session(site.url, "admin"), api.sign_in(site.url, "admin")
    assert form(session, site, "/admin/bots/", username="quince", name="").url.endswith("/profile/bots/quince/")
    forget_when_it_began(site)
    return session, person


def ask(site: Server, signed_in: tuple[requests.Session, api.Person], path: str, fields: dict) -> requests.Response:
    session, person = signed_in
    headers = {"Origin": site.url, "X-Forwarded-For": "203.0.113.9"}
    if path.startswith("/api/"):
        return person.request("POST", path, json=fields, headers=headers)
    return session.post(site.url + path, data=fields, headers=headers, timeout=30)


def failures(site: Server) -> list[str]:
    return [line for line in site.log.splitlines() if "message=auth-failure" in line]


@pytest.mark.parametrize("path", ASKED)
def test_a_wrong_password_is_logged_as_a_refused_sign_in_is(site: Server, signed_in, path: str):
    before = len(failures(site))
    answer = ask(site, signed_in, path, ASKED[path])
    assert answer.status_code == 422, answer.text
    [line] = failures(site)[before:]
    assert "message=auth-failure address=203.0.113.9 reason=wrong_password version=1 " in line
    assert WRONG not in site.log


def test_other_refusals_beside_the_password_are_no_failures(site: Server, signed_in):
    before = len(failures(site))
    for path, fields in {
        "/profile/password/": {"current": api.DEMO_PASSWORD, "password": "short"},
        "/api/profile/password/": {"current": api.DEMO_PASSWORD, "password": "short"},
        "/profile/tokens/": {"name": "", "password": api.DEMO_PASSWORD},
    }.items():
        assert ask(site, signed_in, path, fields).status_code == 422
    assert len(failures(site)) == before
