"""Roles that have to have a second factor: without one there is no way to the chat, by pages, API or sockets."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import expect
from support import api
from support.browser import Window
from support.handshake import upgrade
from support.server import run
from support.sockets import Socket
from test_two_factor import turn_on


@pytest.fixture(scope="module")
def strict(make_server):
    return make_server(second_factor_roles="admin,moderator")


def test_without_one_every_way_leads_to_setting_it_up_and_with_one_all_are_open(strict, open_window):
    admin = api.sign_in(strict.url, "admin")
    for method, path in [
        ("GET", "/api/auth/me/"), ("GET", "/api/rooms/"), ("POST", "/api/auth/ws-ticket/"), ("POST", "/api/events/"),
    ]:
        refused = admin.request(method, path)
        assert refused.status_code == 403 and api.problem(refused)["code"] == "second_factor_required", path
    window: Window = open_window(server=strict, complains=True)
    window.page.goto("/accounts/login/")
    window.page.get_by_label("Username", exact=True).fill("admin")
    window.page.get_by_label("Password", exact=True).fill(api.DEMO_PASSWORD)
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    window.page.wait_for_url("**/profile/two-factor/")
    expect(window.page.get_by_text("Your role on this server needs a second factor")).to_be_visible()
    for path in ("/rooms/", "/chat/lobby/", "/admin/people/", "/profile/"):
        window.page.goto(path)
        assert window.page.url.endswith("/profile/two-factor/"), path
    window.page.goto("/profile/passkeys/")
    assert window.page.url.endswith("/profile/passkeys/")
    turn_on(window)
    window.page.goto("/admin/people/")
    assert window.page.url.endswith("/admin/people/")
    assert admin.get("/api/auth/me/")["username"] == "admin"
    # It cannot be left again.
    window.page.goto("/profile/two-factor/")
    window.page.get_by_label("Your password").fill(api.DEMO_PASSWORD)
    window.page.get_by_label("A code of your app, or a recovery code").fill("000000")
    window.page.get_by_role("button", name="Turn it off").click()
    expect(window.page.get_by_text("Set up another one before you remove this.")).to_be_visible()


def test_a_socket_is_refused(make_server):
    strict = make_server(second_factor_roles="admin")
    admin = api.sign_in(strict.url, "admin")
    answer = upgrade(strict.port, "/ws", {"Authorization": f"Bearer {admin.access}"})
    assert (answer.status, answer.code) == (403, "second_factor_required")
    assert api.sign_in(strict.url, "puck").get("/api/auth/me/")["username"] == "puck"


def test_who_is_given_such_a_role_is_signed_out_and_their_sockets_end(make_server):
    strict = make_server(second_factor_roles="moderator")
    puck = api.sign_in(strict.url, "puck")
    with Socket(strict.ws, puck.access) as socket:
        run("user", "set-role", "puck", "moderator", "--data-dir", strict.data)
        assert socket.close_code() == 4103
    refused = api.sign_in(strict.url, "puck").request("GET", "/api/rooms/")
    assert api.problem(refused)["code"] == "second_factor_required"


def test_signing_out_is_always_possible(make_server):
    strict = make_server(second_factor_roles="admin")
    admin = api.sign_in(strict.url, "admin")
    assert admin.request("POST", "/api/auth/logout/").status_code == 204
    session = requests.Session()
    session.get(strict.url + "/accounts/login/", timeout=15)
    session.post(
        strict.url + "/accounts/login/", headers={"Origin": strict.url}, timeout=15,
        data={"username": "admin", "password": api.DEMO_PASSWORD})
    session.post(strict.url + "/accounts/logout/", headers={"Origin": strict.url}, timeout=15)
    assert "parley_session" not in session.cookies
