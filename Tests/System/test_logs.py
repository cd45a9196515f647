"""A log may be shown to anybody who keeps the server: no password, token, cookie or message is ever in it."""

from __future__ import annotations

import base64
import uuid

import pytest
import requests
from support import api
from support.handshake import upgrade
from support.server import Server, run
from support.sockets import Socket


def use_everything(server: Server) -> dict[str, str]:
    """Uses each way in, right and wrong, and says something; returns what must not be logged."""
    person = api.register(server.url)
    secrets = {"password": person.password, "access token": person.access, "refresh token": person.refresh}
    room = person.create_room()["slug"]
    secrets["socket message"] = f"spoken {uuid.uuid4().hex}"
    with Socket(server.ws, person.access) as socket:
        socket.say(room, secrets["socket message"])
        secrets["refused message"] = f"refused {uuid.uuid4().hex}"
        assert socket.command(type="chat_message", room="no-such-room", message=secrets["refused message"])["code"]
        secrets["bad frame"] = f"garbage-{uuid.uuid4().hex}"
        socket.send_raw('{"type": "' + secrets["bad frame"])
        assert socket.error()["code"] == "invalid_json"
    secrets["posted message"] = f"posted {uuid.uuid4().hex}"
    person.post(f"/api/rooms/{room}/messages/", {"text": secrets["posted message"]})
    secrets["ticket"] = person.ticket()
    for _ in range(2):
        upgrade(server.port, f"/ws/chat/{room}/?ticket={secrets['ticket']}")
    upgrade(server.port, f"/ws?token={person.access}")
    upgrade(server.port, "/ws/chat/lobby/", {"Sec-WebSocket-Protocol": f"Bearer, {person.access}x"})
    with Socket(server.ws) as socket:
        assert socket.command(type="authenticate", token=person.access)["type"] == "ok"
    secrets["wrong password"] = f"wrong-{uuid.uuid4().hex}"
    requests.post(server.url + "/api/auth/login/", timeout=30,
                  json={"username": person.username, "password": secrets["wrong password"]})
    requests.get(server.url + f"/no-such-page?token={person.access}", timeout=30)
    secrets |= use_the_pages(server, person, room)
    renewed = api.answered(requests.post(
        server.url + "/api/auth/refresh/", json={"refresh": person.refresh}, timeout=30), 200)
    return secrets | {"new access token": renewed["access"], "new refresh token": renewed["refresh"]}


def use_the_pages(server: Server, person: api.Person, room: str) -> dict[str, str]:
    browser = requests.Session()
    browser.headers.update({"Origin": server.url, "Sec-Fetch-Site": "same-origin"})
    form = {"username": person.username, "password": person.password}
    assert browser.post(server.url + "/accounts/login/", data=form, timeout=30).status_code == 200
    cookies = {f"cookie {cookie.name}": cookie.value or "" for cookie in browser.cookies}
    assert cookies, "signing in gave no cookie"
    text = f"formed {uuid.uuid4().hex}"
    browser.post(server.url + f"/chat/{room}/", data={"message": text, "clientId": uuid.uuid4().hex}, timeout=30)
    browser.post(server.url + "/accounts/logout/", timeout=30)
    return cookies | {"message by form": text}


@pytest.mark.parametrize("level", ["info", "trace"])
def test_no_secret_and_no_message_is_in_the_log(make_server, level: str):
    server = make_server(log_level=level)
    secrets = use_everything(server)
    server.stop()
    log = server.log
    for name, value in secrets.items():
        forms = {value, base64.b64encode(value.encode()).decode().rstrip("=")}
        if value.count(".") == 2:  # of a JWT the signature alone is a secret already
            forms |= {value.split(".")[1], value.split(".")[2]}
        for form in forms:
            assert form not in log, f"the {name} is in {server.log_path}"


def test_the_log_says_who_signed_in_who_connected_where_and_who_was_refused_why(make_server):
    server = make_server()
    person = api.sign_in(server.url, "fern")
    with Socket(server.ws, person.access, path="/ws/chat/lobby/") as socket:
        assert socket.is_open()
    upgrade(server.port, "/ws/chat/lobby/", {"Sec-WebSocket-Protocol": "Bearer, not.a.token"})
    server.stop()
    lines = server.log.splitlines()

    def has(*words: str) -> bool:
        return any(all(word in line for word in words) for line in lines)

    assert has("127.0.0.1", "token_invalid", "/ws/chat/lobby/")
    assert has("lobby", "onnected")
    assert has("igned in") or has("ign-in"), "no line about the sign-in"
