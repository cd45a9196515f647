"""All that people do works through each reverse proxy as it works without one."""

from __future__ import annotations

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Iterator

import pytest
import requests
from faithful import FaithfulClient
from site_under_test import Site
from support import api
from support.sockets import PATIENCE, Socket
from visitors import CLIENT, FORGED, cookies, refusal_line, sign_in_by_form, sign_in_line
from websockets.exceptions import InvalidStatus

#: The setting body-bytes-max, as it is where nobody sets it.
BODY_BYTES_MAX = 131_072


def test_a_person_signs_in_and_out_by_form(site: Site):
    session = sign_in_by_form(site)
    assert all(cookie.secure and cookie.name.startswith("__Host-") for cookie in session.cookies), session.cookies
    rooms = session.get(site.url + "/rooms/", allow_redirects=False, timeout=30)
    assert rooms.status_code == 200 and "Puck" in rooms.text
    assert session.post(site.url + "/accounts/logout/", timeout=30).status_code == 200
    away = session.get(site.url + "/rooms/", timeout=30)
    assert away.url.startswith(site.url + "/accounts/login/"), "the redirect leads back to the public URL"


def test_a_form_of_another_origin_is_refused(site: Site):
    form = {"username": "puck", "password": api.DEMO_PASSWORD}
    for origin in ("https://evil.example", site.url.replace("https:", "http:"), "null"):
        answer = requests.post(
            site.url + "/accounts/login/", data=form, headers={"Origin": origin}, allow_redirects=False, timeout=30)
        assert answer.status_code == 403, (origin, answer.status_code)


def test_the_api_takes_a_bearer_token(site: Site, titania: api.Person, room: str):
    assert titania.get("/api/auth/me/")["username"] == "titania"
    titania.post(f"/api/rooms/{room}/messages/", {"text": "Ill met by moonlight 🌙"})
    assert [message["text"] for message in titania.history(room)] == ["Ill met by moonlight 🌙"]


def test_a_refusal_of_the_api_arrives_as_a_problem(site: Site):
    answer = requests.get(site.url + "/api/auth/me/", headers={"Authorization": "Bearer not.a.token"}, timeout=30)
    assert answer.status_code == 401 and api.problem(answer)["code"] == "token_invalid"


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/chat/lobby", "/ws/chat/lobby/"])
def test_a_token_in_the_subprotocol_opens_a_socket(site: Site, titania: api.Person, path: str):
    with site.socket(titania.access, path) as socket:
        assert socket.ws.subprotocol == "Bearer"
        assert socket.is_open()


def test_a_token_in_the_authorization_header_opens_a_socket(site: Site, titania: api.Person):
    with site.socket(additional_headers={"Authorization": f"Bearer {titania.access}"}) as socket:
        assert socket.is_open()


def test_a_ticket_opens_a_socket_once(site: Site, titania: api.Person):
    path = f"/ws?ticket={titania.ticket()}"
    with site.socket(path=path) as socket:
        assert socket.is_open()
    with pytest.raises(InvalidStatus) as refused:
        site.socket(path=path)
    assert refused.value.response.status_code == 401
    assert json.loads(refused.value.response.body or b"{}")["code"] == "ticket_invalid"


def test_the_cookie_opens_a_socket_for_the_public_url_alone(site: Site):
    headers = {"Cookie": cookies(sign_in_by_form(site))}
    with site.socket(additional_headers=headers, origin=site.url) as socket:
        assert socket.is_open()
    with pytest.raises(InvalidStatus) as refused:
        site.socket(additional_headers=headers, origin="https://evil.example")
    assert refused.value.response.status_code == 403


def test_without_credentials_the_first_frame_signs_in(site: Site, titania: api.Person):
    with site.socket() as socket:
        assert socket.command(type="authenticate", token=titania.access)["type"] == "ok"
        assert socket.is_open()


def test_two_people_talk_over_sockets(site: Site, titania: api.Person, oberon: api.Person, room: str):
    with site.socket(titania.access) as hers, site.socket(oberon.access) as his:
        for number in range(10):
            assert hers.say(room, f"hers {number}") == 2 * number + 1
            his.expect_message(f"hers {number}")
            assert his.say(room, f"his {number}") == 2 * number + 2
            hers.expect_message(f"his {number}")


def test_signing_out_closes_a_socket_with_its_code(site: Site):
    person = api.register(site.url)
    with site.socket(person.access) as socket:
        assert socket.is_open()
        person.post("/api/auth/logout/", status=(204,))
        assert socket.close_code() == 4103


def frames(lines: Iterator[bytes]) -> Iterator[dict]:
    for line in lines:
        if line.startswith(b"data:"):
            yield json.loads(line[5:])


def test_an_event_stream_begins_at_once_and_holds_nothing_back(
    site: Site, titania: api.Person, oberon: api.Person, room: str
):
    path = f"/api/events/{titania.post('/api/events/', status=(201,))['stream']}/"
    accept = {"Accept": "text/event-stream"}
    with titania.http.get(site.url + path, stream=True, timeout=5, headers=accept) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        lines = answer.iter_lines(chunk_size=1)
        assert next(lines).startswith(b"retry:")
        coming = frames(lines)
        for text in ("one", "two", "three"):
            oberon.post(f"/api/rooms/{room}/messages/", {"text": text})
            # Each is awaited before the next is sent: a proxy that gathers bytes would time out here.
            while (frame := next(coming))["type"] != "chat_message":
                pass
            assert frame["message"]["text"] == text


def test_a_reload_of_the_proxy_loses_and_doubles_no_message(
    site: Site, titania: api.Person, oberon: api.Person, room: str
):
    epoch = titania.get(f"/api/rooms/{room}/")["epoch"]

    def client(person: api.Person) -> FaithfulClient:
        def connect() -> Socket:
            return site.socket(person.access)

        return FaithfulClient(connect, room, epoch)

    said: list[str] = []
    with client(titania) as speaker, client(oberon) as listener, ThreadPoolExecutor(1) as pool:

        def say() -> None:
            said.append(f"{len(said)} {uuid.uuid4().hex}")
            speaker.say(said[-1])
            listener.hear(len(said))

        say()
        renewal = pool.submit(site.renew_certificate)
        while not renewal.done():
            say()
        renewal.result()
        while site.edge.reload_ends_sockets and min(speaker.connections, listener.connections) < 2:
            say()
        say()
        speaker.hear(len(said))
        assert listener.texts == speaker.texts == said
    assert [message["text"] for message in titania.history(room)] == said


def test_the_log_never_takes_a_forged_address_for_the_clients(site: Site):
    line = sign_in_line(site)
    assert FORGED not in line and re.search(r"\b127\.0\.0\.1\b", line), line


def test_the_log_names_the_clients_address_and_not_the_proxys(site: Site):
    line = sign_in_line(site, CLIENT)
    assert FORGED not in line and re.search(rf"\b{re.escape(CLIENT)}\b", line), line


def test_the_server_knows_that_people_came_over_https(site: Site):
    forged = {"X-Forwarded-Proto": "http", "Forwarded": "proto=http;for=203.0.113.9"}
    assert " scheme=https" in refusal_line(site)
    assert " scheme=https" in refusal_line(site, **forged)


def test_who_comes_over_http_is_sent_to_the_same_page_over_https(site: Site):
    answer = requests.get(
        f"http://localhost:{site.edge.redirect_port}/rooms/?a=b%20c", allow_redirects=False, timeout=PATIENCE)
    assert answer.status_code in (301, 308), answer.text
    assert answer.headers["Location"] == site.url + "/rooms/?a=b%20c"


def sign_in_with_body(url: str, size: int, is_chunked: bool) -> requests.Response:
    """White space around JSON is nothing to it, but counts as bytes."""
    body = json.dumps({"username": "puck", "password": api.DEMO_PASSWORD}).encode().ljust(size)
    data = (body[at : at + 16_384] for at in range(0, size, 16_384)) if is_chunked else body
    return requests.post(
        url + "/api/auth/login/", data=data, headers={"Content-Type": "application/json"}, timeout=PATIENCE)


@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunks"])
def test_the_largest_body_passes_and_one_byte_more_is_refused_by_the_server_itself(site: Site, is_chunked: bool):
    for url in (f"http://127.0.0.1:{site.server.port}", site.url):
        assert sign_in_with_body(url, BODY_BYTES_MAX, is_chunked).status_code == 200, url
        refused = sign_in_with_body(url, BODY_BYTES_MAX + 1, is_chunked)
        assert refused.status_code == 413 and api.problem(refused)["code"] == "body_too_large", url
