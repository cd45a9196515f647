"""How often one may try: who guesses is held up, and nobody else."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Callable, Iterator

import pytest
import requests
from support import api
from support.letters import mail_server, mailing  # noqa: F401: a fixture
from support.mailserver import MailServer
from support.provider import Liar
from support.server import Server
from support.sockets import Socket
from support.totp import App


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


RATES = (
    "message", "room", "search", "profile", "export", "report", "registration", "sign_in", "sign_in_start", "reset",
    "reset_network", "email_code",
)


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    liar = Liar()
    yield liar
    liar.stop()


@pytest.fixture(scope="module")
def tight(make_server, mail_server: MailServer, liar: Liar) -> Server:
    """Lets everything be done twice in ten minutes, and three passwords be guessed for one account."""
    rates = {f"{rate}_rate": "2/600" for rate in RATES}
    return make_server(
        **mailing(mail_server, **rates), **liar.setting(), account_tries_max="3", members_make_bots="true")


@dataclass
class Attempt:
    """Something that is let through with `status` so many times, and then not. `begin` prepares it, and is given
    the server; what it returns does it, and is given a number that is another one each time."""

    begin: Callable[[Server], Callable[[int], requests.Response]]
    status: int
    times: int = 2


def browser(server: Server, person: api.Person) -> Callable[..., requests.Response]:
    """Sends forms of somebody who is signed in there."""
    session = requests.Session()

    def send(path: str, **fields: str) -> requests.Response:
        return session.post(
            server.url + path, data=fields, headers={"Origin": server.url}, timeout=15, allow_redirects=False)

    signed_in = send("/accounts/login/", username=person.username, password=person.password)
    assert signed_in.status_code == 303, signed_in.text
    return send


def newcomer(server: Server) -> api.Person:
    person = api.register(server.url)
    person.post("/api/rooms/lobby/join/")
    return person


def by_person(
    method: str, path: str, body: dict | None = None, status: int = 200, shows_password: bool = False
) -> Attempt:
    def begin(server: Server):
        person = newcomer(server)
        password = {"password": person.password} if shows_password else {}
        return lambda _: person.request(method, path, json=(body or {}) | password)

    return Attempt(begin, status)


def by_form(
    path: str, answers: int = 303, shows_password: bool = False, as_admin: bool = False, **fields: str
) -> Attempt:
    """`#` in a field is a number that is another one each time."""

    def begin(server: Server):
        person = api.sign_in(server.url, "admin") if as_admin else newcomer(server)
        send = browser(server, person)
        password = {"password": person.password} if shows_password else {}
        return lambda number: send(
            path, **{name: value.replace("#", f"{number}") for name, value in fields.items()}, **password)

    return Attempt(begin, answers)


def from_network(
    path: str, body: Callable[[int], dict], status: int, address: str = "203.0.113.77", is_form: bool = False,
    times: int = 2,
) -> Attempt:
    """Done by nobody in particular, at one address, or at an address of its own for each number where it has a `#`."""

    def begin(server: Server):
        def send(number: int) -> requests.Response:
            headers = {"X-Forwarded-For": address.replace("#", f"{number + 1}"), "Origin": server.url}
            kind = {"data" if is_form else "json": body(number)}
            return requests.post(server.url + path, headers=headers, timeout=15, allow_redirects=False, **kind)

        return send

    return Attempt(begin, status, times)


def unused() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


def guess(number: int) -> dict:
    return {"username": unused(), "password": "a wrong guess"}


def guess_at(username: str) -> Callable[[int], dict]:
    return lambda number: {"username": username, "password": f"guess {number}"}


def account(number: int) -> dict:
    return {"username": unused(), "password": "a good password"}


def claim(server: Server):
    person = newcomer(server)
    body = {"email": f"{person.username}@chat.test", "password": person.password}
    return lambda _: person.request("POST", "/api/auth/email/", json=body)


def report(server: Server):
    seq = newcomer(server).post("/api/rooms/lobby/messages/", {"text": "something rude"})["seq"]
    person = newcomer(server)
    return lambda _: person.request("POST", f"/api/rooms/lobby/messages/{seq}/report/", json={"reason": "rude"})


def report_by_form(server: Server):
    seq = newcomer(server).post("/api/rooms/lobby/messages/", {"text": "something rude"})["seq"]
    send = browser(server, newcomer(server))
    return lambda _: send(f"/rooms/lobby/messages/{seq}/", do="report", reason="rude")


def code_of_app(server: Server):
    person = newcomer(server)
    session = requests.Session()
    headers = {"Origin": server.url}
    session.post(
        server.url + "/accounts/login/", timeout=15, headers=headers,
        data={"username": person.username, "password": person.password})
    page = session.get(server.url + "/profile/two-factor/", timeout=15).text
    app = App(re.search(r"app: <code>([^<]+)</code>", page).group(1))
    enrolment = re.search(r'name="enrolment" value="([^"]+)"', page).group(1)
    turned_on = session.post(
        server.url + "/profile/two-factor/", timeout=15, headers=headers,
        data={"enrolment": enrolment, "password": person.password, "code": app.code()})
    assert turned_on.status_code == 200 and "recovery codes" in turned_on.text, turned_on.text
    near = {app.code(later) for later in range(-2, 4)}
    wrong = [code for code in map("{:06d}".format, range(20)) if code not in near]
    body = {"username": person.username, "password": person.password}
    return lambda number: requests.post(
        server.url + "/api/auth/login/", json=body | {"code": wrong[number]}, timeout=15)


def begin_with_provider(server: Server):
    session = requests.Session()
    session.get(server.url + "/accounts/login/", timeout=15)
    headers = {"Origin": server.url, "X-Forwarded-For": "203.0.113.88"}
    return lambda _: session.post(server.url + "/auth/club/", headers=headers, timeout=15)


TOKEN = {"name": "A program", "scopes": ["messages:read"], "days": 1}
# What hooks write is counted as well: test_hooks.py. Questions for passkeys are counted with what providers are asked.
ATTEMPTS = {
    "message": by_person("POST", "/api/rooms/lobby/messages/", {"text": "hello"}, 201),
    "message by form": by_form("/chat/lobby/", message="hello"),
    "room": by_person("POST", "/api/rooms/", {"name": "Wood"}, 201),
    "room by form": by_form("/rooms/", name="Wood"),
    "token": by_person("POST", "/api/profile/tokens/", TOKEN, 201, shows_password=True),
    "bot by form": by_form("/profile/bots/", username="a-new-bot-#"),
    "invitation by form": by_form("/admin/invitations/", 200, as_admin=True, days="1", usesMax="1", role="member"),
    "search": by_person("GET", "/api/users/?q=t"),
    "direct room": by_person("POST", "/api/direct/", {"usernames": ["puck"]}),
    "direct room by form": by_form("/direct/", usernames="puck"),
    "somebody brought in": by_person("POST", "/api/rooms/lobby/invite/", {"username": "puck"}),
    "name": by_person("PATCH", "/api/profile/", {"name": "Somebody else"}, 204),
    "status by form": by_form("/profile/status/", emoji="", status="away", seconds=""),
    "copy of one's data": by_person("POST", "/api/profile/export/", shows_password=True),
    "copy of one's data by form": by_form("/profile/export/", 200, shows_password=True),
    "report": Attempt(report, 204),
    "report by form": Attempt(report_by_form, 200),
    "registration": from_network("/api/auth/register/", account, 201),
    "registration by form": from_network("/accounts/register/", account, 303, "203.0.113.78", is_form=True),
    "sign-in": from_network("/api/auth/login/", guess, 401),
    "sign-in by form": from_network("/accounts/login/", guess, 401, "203.0.113.78", is_form=True),
    "sign-in to one account": from_network(
        "/api/auth/login/", guess_at("nobody-here"), 401, "198.51.100.#", times=3),
    "sign-in to one account by form": from_network(
        "/accounts/login/", guess_at("nobody-there"), 401, "198.51.100.1#", is_form=True, times=3),
    "reset": from_network("/api/auth/password/reset/", lambda _: {"account": unused()}, 204),
    "reset by form": from_network(
        "/password/reset/", lambda _: {"account": unused()}, 200, "203.0.113.78", is_form=True),
    "reset of one account": from_network(
        "/api/auth/password/reset/", lambda _: {"account": "nobody-here"}, 204, "198.51.100.#"),
    "code by mail": Attempt(claim, 200),
    "code of an app": Attempt(code_of_app, 401, times=3),
    "provider": Attempt(begin_with_provider, 200),
}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_whoever_does_something_too_often_is_told_in_how_many_seconds_to_come_back(tight: Server, what: str):
    attempt = ATTEMPTS[what]
    once = attempt.begin(tight)
    for number in range(attempt.times):
        answer = once(number)
        assert answer.status_code == attempt.status, answer.text
    refused = once(attempt.times)
    assert refused.status_code == 429, refused.text
    assert "Try again in" in refused.text
    if refused.headers["Content-Type"].startswith("application/"):
        assert api.problem(refused)["code"] == "too_many_requests"
    wait = refused.headers.get("Retry-After", "")
    assert re.fullmatch(r"\d+", wait) and 1 <= int(wait) <= 900, refused.headers


@pytest.mark.parametrize("path, body, status", [
    ("/api/auth/login/", guess, 401), ("/api/auth/register/", account, 201),
    ("/api/auth/password/reset/", lambda _: {"account": unused()}, 204)], ids=["sign-in", "registration", "reset"])
def test_a_network_of_ipv6_is_one_visitor_and_the_next_network_another(
    tight: Server, path: str, body: Callable[[int], dict], status: int
):
    def ask(address: str) -> int:
        return from_network(path, body, status, address).begin(tight)(0).status_code

    # However an address of it is written.
    same = ["2001:db8:1:1::1", "2001:db8:1:1:ffff:ffff:ffff:ffff", "2001:0DB8:0001:0001:0:0:0:3"]
    assert [ask(address) for address in same] == [status, status, 429]
    assert [ask(address) for address in ("2001:db8:1:2::1", "2001:db8:1::1")] == [status, status]
    assert ask("2001:db8:1:1::4") == 429
