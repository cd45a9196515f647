"""HAProxy that passes bytes on as they are, and says in front of them whom it speaks for (the PROXY protocol)."""

from __future__ import annotations

import socket
import ssl
from typing import Callable, Iterator

import pytest
import requests
from proxies import Proxy
from site_under_test import installed
from support import api
from support.server import Server
from support.sockets import PATIENCE, Socket
from visitors import CLIENT, FORGED, failure_lines, session_from

#: Not the proxy, and not trusted where only the proxy is.
STRANGER = "127.0.0.5"
NO_HTTP = 'message="a connection did not begin as it has to"'


def passing_on(proxy: Proxy, server: Server, option: str) -> dict[str, str]:
    return {"haproxy.cfg": f"""
global
    log stdout format raw local0
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend people
    bind 127.0.0.1:{proxy.port}
    default_backend parley
backend parley
    server parley 127.0.0.1:{server.port} {option}
"""}


@pytest.fixture(scope="module", params=["send-proxy", "send-proxy-v2"])
def server(request: pytest.FixtureRequest, make_server: Callable[..., Server]) -> Iterator[Server]:
    """Its URL is the proxy's; its port is its own."""
    with installed("haproxy") as [proxy]:
        server = make_server(proxy_protocol="true", trusted_proxies="127.0.0.1")
        server.url = server.public_url = f"http://127.0.0.1:{proxy.port}"
        try:
            proxy.start(passing_on(proxy, server, request.param))
            yield server.start()
        finally:
            proxy.stop()


@pytest.fixture(scope="module")
def plain(make_server: Callable[..., Server]) -> Server:
    """A server that knows nothing of proxies."""
    return make_server().start()


def complaints(server: Server) -> list[str]:
    return [line for line in server.log.splitlines() if NO_HTTP in line]


def ask(port: int, first: bytes = b"", address: str = "127.0.0.1") -> str:
    """What a connection from an address is answered that begins with `first` and goes on with a request."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(address, 0)) as connection:
        connection.sendall(first + b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer.decode()


def test_the_log_names_the_client_for_each_request_of_a_connection(server: Server):
    before = len(failure_lines(server))
    with session_from(CLIENT) as session:
        for _ in range(2):
            body = {"username": "puck", "password": "not it"}
            assert session.post(server.url + "/api/auth/login/", json=body, timeout=PATIENCE).status_code == 401
    lines = failure_lines(server)[before:]
    assert [f"visitor={CLIENT}" in line.split() for line in lines] == [True, True], lines


def test_a_header_of_the_client_is_not_believed(server: Server):
    with session_from(CLIENT) as session:
        body = {"username": "puck", "password": "not it"}
        session.post(
            server.url + "/api/auth/login/", json=body, headers={"X-Forwarded-For": FORGED}, timeout=PATIENCE)
    line = failure_lines(server)[-1]
    assert FORGED not in line and f"visitor={CLIENT}" in line.split(), line


def test_the_api_and_sockets_work(server: Server):
    titania = api.sign_in(server.url, "titania")
    room = titania.create_room()["slug"]
    with Socket(server.ws, titania.access) as hers:
        assert hers.say(room, "Ill met by moonlight") == 1
    assert [message["text"] for message in titania.history(room)] == ["Ill met by moonlight"]


def test_a_proxy_that_leaves_it_out_is_told_so(server: Server):
    for _ in range(2):
        answer = ask(server.port)
        assert answer.startswith("HTTP/1.1 400 ") and "A proxy has to begin with the PROXY protocol here" in answer
    assert len(complaints(server)) == 1, "said once"


def test_who_is_not_trusted_cannot_claim_to_be_anybody(server: Server):
    assert ask(server.port, address=STRANGER).startswith("HTTP/1.1 200 "), "without it they are who they are"
    answer = ask(server.port, f"PROXY TCP4 {FORGED} 127.0.0.1 1000 80\r\n".encode(), STRANGER)
    assert answer.startswith("HTTP/1.1 400 ") and "not in trusted-proxies" in answer


@pytest.mark.parametrize("option", ["send-proxy", "send-proxy-v2"])
def test_where_it_is_off_the_refusal_and_the_log_say_so_once(option: str, make_server: Callable[..., Server]):
    server = make_server().start()
    with installed("haproxy") as [proxy]:
        try:
            proxy.start(passing_on(proxy, server, option))
            for _ in range(3):
                answer = requests.get(f"http://127.0.0.1:{proxy.port}/api/health/", timeout=PATIENCE)
                assert answer.status_code == 400 and answer.headers["Content-Type"].startswith("text/plain")
                assert "The PROXY protocol was spoken, which is turned off here" in answer.text
        finally:
            proxy.stop()
    lines = complaints(server)
    assert len(lines) == 1 and "proxy-protocol" in lines[0], lines


def test_tls_to_the_port_for_plain_http_is_in_the_log_once(plain: Server):
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", plain.port), PATIENCE) as connection:
            with pytest.raises(OSError):
                unverified.wrap_socket(connection)
    lines = complaints(plain)
    assert len(lines) == 1 and "TLS was spoken to a port for plain HTTP" in lines[0], lines
    assert ask(plain.port).startswith("HTTP/1.1 200 "), "and nobody else notices"
