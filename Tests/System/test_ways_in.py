"""Every way into the socket, and every refusal, as docs/protocol.md lists them."""

from __future__ import annotations

import base64
import json
import time

import pytest
import requests
from support import api
from support.handshake import Answer, Connection, upgrade
from support.server import Server, run
from support.sockets import Socket

PATHS = ["/ws", "/ws/", "/ws/chat/lobby", "/ws/chat/lobby/"]


def bearer(token: str) -> dict[str, str]:
    return {"Sec-WebSocket-Protocol": f"Bearer, {token}"}


def segment(value: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def tampered(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def without_algorithm(token: str) -> str:
    return f"{segment({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


def cookie_of(server: Server, username: str = "puck") -> dict[str, str]:
    """Signs in by the page's form, as a browser does, and returns the cookie to send."""
    session = requests.Session()
    answer = session.post(
        server.url + "/accounts/login/", data={"username": username, "password": api.DEMO_PASSWORD},
        headers={"Origin": server.url, "Sec-Fetch-Site": "same-origin"}, allow_redirects=False, timeout=30,
    )
    assert answer.status_code == 303, answer.text
    assert "httponly" in answer.headers["Set-Cookie"].lower()
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)}


def is_refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.body


@pytest.mark.parametrize("path", PATHS)
def test_a_token_in_the_subprotocol_opens_with_and_without_a_slash(server: Server, titania: api.Person, path: str):
    assert upgrade(server.port, path, bearer(titania.access)).status == 101


def test_the_subprotocol_is_answered_with_bearer_alone_and_the_token_is_never_echoed(server, titania):
    answer = upgrade(server.port, "/ws", bearer(titania.access))
    assert answer.headers["sec-websocket-protocol"] == "Bearer"
    assert titania.access.encode() not in answer.head


def test_a_token_in_the_authorization_header_opens(server: Server, titania: api.Person):
    answer = upgrade(server.port, "/ws", {"Authorization": f"Bearer {titania.access}"})
    assert answer.status == 101 and "sec-websocket-protocol" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_a_ticket_opens_once(server: Server, titania: api.Person, path: str):
    ticket = titania.ticket()
    assert upgrade(server.port, f"{path}?ticket={ticket}").status == 101
    is_refused(upgrade(server.port, f"{path}?ticket={ticket}"), 401, "ticket_invalid")


def test_a_query_token_is_refused_unless_a_setting_allows_it(server, titania, make_server):
    answer = upgrade(server.port, f"/ws?token={titania.access}")
    assert answer.status in (401, 403) and answer.code == "query_token_refused"
    assert titania.access.encode() not in answer.head + answer.body
    lenient = make_server(allow_query_token="true")
    token = api.sign_in(lenient.url, "titania").access
    assert upgrade(lenient.port, f"/ws?token={token}").status == 101


@pytest.mark.parametrize("path", PATHS)
def test_the_cookie_opens_for_the_public_url_alone(server: Server, path: str):
    cookie = cookie_of(server)
    assert upgrade(server.port, path, cookie | {"Origin": server.url}).status == 101
    is_refused(upgrade(server.port, path, cookie | {"Origin": "https://evil.example"}), 403, "origin_refused")
    is_refused(upgrade(server.port, path, cookie | {"Origin": "null"}), 403, "origin_refused")
    is_refused(upgrade(server.port, path, cookie), 403, "origin_refused")


def test_a_configured_origin_opens_too(make_server):
    server = make_server(allowed_origins="https://app.example")
    cookie = cookie_of(server)
    assert upgrade(server.port, "/ws", cookie | {"Origin": "https://app.example"}).status == 101
    is_refused(upgrade(server.port, "/ws", cookie | {"Origin": "https://app.example.evil"}), 403, "origin_refused")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("spoil, code", [
    (tampered, "token_invalid"),
    (without_algorithm, "token_algorithm"),
    (lambda token: "not.a.token", "token_invalid"),
    (lambda token: "", "token_missing"),
], ids=["tampered", "alg none", "not a token", "empty"])
def test_a_bad_token_is_refused_with_its_code_before_the_upgrade(server, titania, path, spoil, code):
    answer = upgrade(server.port, path, bearer(spoil(titania.access)))
    is_refused(answer, 401, code)
    assert "location" not in answer.headers


def test_an_expired_token_is_refused_as_expired(make_server):
    server = make_server(access_token_seconds="1")
    person = api.sign_in(server.url, "titania")
    until = time.monotonic() + 10
    while (answer := upgrade(server.port, "/ws", bearer(person.access))).status == 101:
        assert time.monotonic() < until, "still accepted 10 s later"
    is_refused(answer, 401, "token_expired")
    with Socket(server.ws) as socket:
        socket.send(type="authenticate", token=person.access)
        assert socket.close_code() == 4102


def test_a_disabled_account_is_refused_with_its_code(make_server):
    server = make_server()
    person = api.sign_in(server.url, "bramble")
    run("user", "disable", "bramble", "--data-dir", server.data)
    answer = upgrade(server.port, "/ws", bearer(person.access))
    assert answer.status in (401, 403) and answer.code == "account_disabled"
    with Socket(server.ws) as socket:
        socket.send(type="authenticate", token=person.access)
        assert socket.close_code() == 4200


def test_a_room_that_is_not_there_or_not_yours_is_refused(server: Server, titania: api.Person, oberon: api.Person):
    private = oberon.create_room(kind="private")["slug"]
    for slug in ("no-such-room", private):
        for path in (f"/ws/chat/{slug}", f"/ws/chat/{slug}/"):
            is_refused(upgrade(server.port, path, bearer(titania.access)), 403, "room_not_found")


def test_without_credentials_the_first_frame_signs_in(server: Server, titania: api.Person):
    with Socket(server.ws) as socket:
        assert socket.command(type="authenticate", token=titania.access)["type"] == "ok"
        assert socket.is_open()
        assert socket.command(type="authenticate", token=titania.access)["code"] == "already_authenticated"
        assert socket.is_open()


@pytest.mark.parametrize("frame, close", [
    ({"type": "chat_message", "room": "lobby", "message": "hello"}, 4104),
    ({"type": "authenticate", "token": "not.a.token"}, 4101),
], ids=["something else", "not a token"])
def test_a_wrong_first_frame_closes_with_its_code(server: Server, frame: dict, close: int):
    with Socket(server.ws) as socket:
        socket.send(**frame)
        assert socket.close_code() == close


@pytest.mark.parametrize("spoil", [tampered, without_algorithm])
def test_a_bad_token_in_the_first_frame_closes_with_4101(server: Server, titania: api.Person, spoil):
    with Socket(server.ws) as socket:
        socket.send(type="authenticate", token=spoil(titania.access))
        assert socket.close_code() == 4101


def test_saying_nothing_for_ten_seconds_closes_with_4100(server: Server):
    with Socket(server.ws) as socket:
        assert socket.close_code(20) == 4100


def test_signing_out_ends_the_sockets_of_that_session(server: Server):
    cookie = cookie_of(server, "cobweb")
    with Socket(server.ws, additional_headers=cookie, origin=server.url) as socket:
        assert socket.is_open()
        answer = requests.post(
            server.url + "/accounts/logout/", headers=cookie | {"Origin": server.url, "Sec-Fetch-Site": "same-origin"},
            allow_redirects=False, timeout=30,
        )
        assert answer.status_code == 303 and answer.headers["Location"].endswith("/accounts/login/")
        assert socket.close_code() == 4103
    answer = upgrade(server.port, "/ws", cookie | {"Origin": server.url})
    assert answer.status == 401 and answer.code in ("session_ended", "session_expired")


@pytest.mark.parametrize("path", PATHS)
def test_the_upgrade_works_on_a_later_request_of_a_connection(server: Server, titania: api.Person, path: str):
    with Connection(server.port) as connection:
        assert connection.request("/api/health").status == 200
        assert connection.request("/accounts/login/").status == 200
        assert connection.upgrade(path, bearer(titania.access)).status == 101
        connection.send_text('{"type":"ping","id":7}')
        opcode, payload = connection.receive_frame()
        assert opcode == 1 and json.loads(payload) == {"type": "ok", "re": 7}


def test_a_refused_upgrade_ends_the_connection_and_says_so(server: Server):
    with Connection(server.port) as connection:
        answer = connection.upgrade("/ws", bearer("not.a.token"))
        is_refused(answer, 401, "token_invalid")
        assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("path", PATHS)
def test_an_ordinary_request_is_told_to_upgrade_and_never_redirected(server: Server, path: str):
    with Connection(server.port) as connection:
        answer = connection.request(path)
        assert answer.status in (400, 426) and "location" not in answer.headers
