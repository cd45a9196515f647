"""How often one may try: who guesses is held up, and nobody else."""

from __future__ import annotations

import requests
from support import api
from support.sockets import Socket


def sign_in(server, username: str, password: str, address: str) -> requests.Response:
    return requests.post(
        server.url + "/api/auth/login/", json={"username": username, "password": password},
        headers={"X-Forwarded-For": address}, timeout=15)


def test_many_different_passwords_lock_an_account_but_not_for_those_who_were_there_before(make_server):
    server = make_server(account_tries_max="4")
    assert sign_in(server, "puck", api.DEMO_PASSWORD, "198.51.100.7").status_code == 200
    for number in range(4):
        # From everywhere at once, as a botnet would.
        assert sign_in(server, "puck", f"guess {number}", f"203.0.113.{number}").status_code == 401
    for password in (api.DEMO_PASSWORD, "guess"):
        refused = sign_in(server, "puck", password, "203.0.113.200")
        assert refused.status_code == 429 and api.problem(refused)["code"] == "too_many_requests"
        assert 0 < int(refused.headers["Retry-After"]) <= 900
    # From where somebody was signed in before strangers lock nobody out; whose account it was does not matter.
    assert sign_in(server, "puck", api.DEMO_PASSWORD, "198.51.100.7").status_code == 200
    # Whether there is such an account cannot be told from this.
    for number in range(4):
        assert sign_in(server, "nobody", f"guess {number}", f"203.0.113.{number}").status_code == 401
    unknown = sign_in(server, "nobody", "guess", "203.0.113.200")
    assert api.problem(unknown).keys() == api.problem(refused).keys() and unknown.status_code == 429
    assert api.problem(unknown)["code"] == "too_many_requests"


def test_a_device_that_repeats_an_old_password_locks_nobody_out(make_server):
    server = make_server(account_tries_max="3", sign_in_rate="3/300")
    for _ in range(12):
        assert sign_in(server, "puck", "the old password", "203.0.113.9").status_code == 401
    assert sign_in(server, "puck", api.DEMO_PASSWORD, "203.0.113.9").status_code == 200


def test_a_network_that_tries_many_accounts_is_held_up_and_its_neighbours_are_not(make_server):
    server = make_server(sign_in_rate="5/300")
    for number in range(5):
        # One customer has a whole /64 of IPv6.
        assert sign_in(server, f"fairy{number}", "123456", f"2001:db8:1:1::{number + 1}").status_code == 401
    assert sign_in(server, "puck", api.DEMO_PASSWORD, "2001:db8:1:1::99").status_code == 429
    assert sign_in(server, "puck", api.DEMO_PASSWORD, "2001:db8:1:2::1").status_code == 200


def test_accounts_from_one_network_are_limited_and_the_form_keeps_what_was_typed(make_server, open_window):
    server = make_server(registration_rate="2/3600")
    headers = {"X-Forwarded-For": "203.0.113.9"}
    for number, status in enumerate([201, 201, 429]):
        answer = requests.post(
            server.url + "/api/auth/register/", headers=headers, timeout=15,
            json={"username": f"mote{number}", "password": "a good password"})
        assert answer.status_code == status, answer.text
    form = requests.post(
        server.url + "/accounts/register/", headers=headers | {"Origin": server.url}, timeout=15,
        data={"username": "peaseblossom", "name": "Pease Blossom", "password": "a good password"})
    assert form.status_code == 429 and int(form.headers["Retry-After"]) > 0
    assert "That was too often" in form.text and 'value="peaseblossom"' in form.text


def test_who_writes_too_much_is_told_to_wait_and_nothing_is_lost(make_server):
    server = make_server(message_rate="3/60")
    puck = api.sign_in(server.url, "puck")
    titania = api.sign_in(server.url, "titania")
    with Socket(server.ws, puck.access) as socket:
        for number in range(3):
            socket.say("lobby", f"message {number}")
        refused = socket.command(type="chat_message", room="lobby", message="one more")
        assert refused["type"] == "error" and refused["code"] == "too_many_requests" and refused["temporary"]
    assert requests.post(
        server.url + "/api/rooms/lobby/messages/", json={"message": "by the API"},
        headers={"Authorization": f"Bearer {puck.access}"}, timeout=15).status_code == 429
    with Socket(server.ws, titania.access) as socket:
        socket.say("lobby", "others are not held up")


def test_rooms_and_searches_are_limited_for_each_person(make_server):
    server = make_server(room_rate="2/3600", search_rate="2/60")
    puck = api.sign_in(server.url, "puck")
    bearer = {"Authorization": f"Bearer {puck.access}"}
    for status in (201, 201, 429):
        answer = requests.post(server.url + "/api/rooms/", json={"name": "Wood"}, headers=bearer, timeout=15)
        assert answer.status_code == status
    for status in (200, 200, 429):
        assert requests.get(server.url + "/api/users/?q=t", headers=bearer, timeout=15).status_code == status
