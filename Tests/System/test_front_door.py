"""Who a visitor is, and which requests are for this server: what a proxy in front gets wrong must not hurt anybody."""

from __future__ import annotations

import re
import socket as sockets

import pytest
import requests
from support import api
from support.handshake import Connection, KEY

PUBLIC = "https://chat.example.com"


@pytest.fixture(scope="module")
def behind(make_server):
    """A server behind a proxy on the same machine: this one."""
    return make_server(public_url=PUBLIC, allowed_origins="https://app.example.com")


def ask(server, path: str = "/api/health/", **headers: str) -> requests.Response:
    return requests.get(server.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()}, timeout=15)


def raw(port: int, request: bytes) -> bytes:
    """Everything that a connection answers until it ends or says no more."""
    with sockets.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(sockets.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def wrong_password(server, **headers: str) -> None:
    answer = requests.post(
        server.url + "/api/auth/login/", json={"username": "puck", "password": "not it"},
        headers={"Host": "chat.example.com"} | {k.replace("_", "-"): v for k, v in headers.items()}, timeout=15)
    assert answer.status_code == 401


def last_failure(server) -> str:
    return [line for line in server.log.splitlines() if "message=auth-failure" in line][-1]


def test_the_visitor_is_whom_the_proxy_names_and_not_whom_the_client_names(behind):
    wrong_password(behind, X_Forwarded_For="6.6.6.6, 203.0.113.9", X_Forwarded_Proto="https")
    line = last_failure(behind)
    assert re.match(
        r"time=\S+ level=notice message=auth-failure address=203\.0\.113\.9 reason=wrong_password version=1 ", line)


def test_a_failure_that_nobody_can_be_banned_for_names_nobody(behind):
    wrong_password(behind)
    assert "address=unattributable" in last_failure(behind)
    wrong_password(behind, X_Forwarded_For="203.0.113.9, 10.0.0.7")
    assert "address=unattributable" in last_failure(behind)
    wrong_password(behind, X_Forwarded_For="nonsense")
    assert "address=unattributable" in last_failure(behind)


def test_headers_from_a_proxy_that_is_not_trusted_are_ignored_and_the_log_names_the_setting(make_server):
    server = make_server(public_url=PUBLIC, trusted_proxies="10.0.0.0/8")
    for _ in range(3):
        wrong_password(server, X_Forwarded_For="203.0.113.9")
    assert "address=unattributable" in last_failure(server)
    lines = [line for line in server.log.splitlines() if "is not trusted" in line]
    assert len(lines) == 1, "said once"
    assert "peer=127.0.0.1" in lines[0] and 'cure="trusted-proxies=10.0.0.0/8,127.0.0.1"' in lines[0]


def test_sockets_are_counted_by_the_visitor_and_not_by_the_proxy(make_server):
    server = make_server(public_url=PUBLIC, sockets_per_address_max="2")
    token = api.sign_in(server.url, "puck").access

    def open_one(address: str) -> Connection:
        connection = Connection(server.port)
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": f"6.6.6.6, {address}"}
        connection.answer = connection.upgrade("/ws", headers)
        return connection

    held = [open_one("203.0.113.9") for _ in range(3)]
    assert [each.answer.status for each in held] == [101, 101, 429]
    assert open_one("203.0.113.10").answer.status == 101
    held[0].file.close()
    held[0].socket.close()


def test_demo_people_on_a_server_that_others_reach_are_cried_out_in_the_log(make_server):
    assert "level=critical" in make_server(public_url=PUBLIC).log
    assert "the demo people are on a server" in make_server(public_url=PUBLIC).log
    assert "the demo people" not in make_server().log


@pytest.mark.parametrize("host", ["evil.example", "chat.example.com.evil.example", "chat.example.com@evil.example", ""])
def test_a_request_for_another_host_is_refused_and_does_nothing(behind, host: str):
    answer = raw(behind.port, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421 ") and b"host_unknown" in answer
    handshake = (
        f"GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n")
    assert raw(behind.port, handshake.encode()).startswith(b"HTTP/1.1 421 ")


def test_a_page_elsewhere_cannot_pass_for_ours_by_saying_where_it_was_sent_on_from(behind):
    """DNS rebinding: such a page may add any header but Host."""
    for header in ({"X_Forwarded_Host": "localhost"}, {"Forwarded": "for=127.0.0.1;host=localhost"}):
        assert ask(behind, "/accounts/login/", Host="evil.example:8080", **header).status_code == 421


@pytest.mark.parametrize(
    "host", ["chat.example.com", "CHAT.example.com:443", "chat.example.com:8443", "localhost:1", "127.0.0.1", "[::1]:80"])
def test_our_own_names_are_answered_with_any_port(behind, host: str):
    assert ask(behind, "/api/health/", Host=host).status_code == 200
    assert ask(behind, "/accounts/login/", Host=host).status_code == 200


def test_whoever_watches_over_the_server_needs_no_host(behind):
    assert raw(behind.port, b"GET /api/health/ HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.")
    assert b" 200 " in raw(behind.port, b"GET /api/health/ HTTP/1.0\r\n\r\n").splitlines()[0]
    assert ask(behind, Host="10.1.2.3:8080").status_code == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://localhost/accounts/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /api/auth/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/auth/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}",
        b"POST /api/auth/login/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nX-A: b\nX-C: d\r\n\r\n",
        b"GET /api/health/ HTTP/1.1\nHost: localhost\n\n",
        b"GET /api/health/ HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n",
        b"GET\t/api/health/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /api/health/ HTTP/1.1\r\nHost: local\x00host\r\n\r\n",
    ],
    ids=[
        "two hosts", "absolute target", "absolute target of ours", "asterisk", "length and chunks", "two lengths",
        "chunked not last", "bare line feed", "bare line feeds", "space before colon", "folded header", "tab",
        "zero byte",
    ],
)
def test_what_a_proxy_could_read_in_another_way_is_refused_and_never_guessed(behind, request_bytes: bytes):
    answer = raw(behind.port, request_bytes)
    assert answer.startswith(b"HTTP/1.1 4"), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1, "one answer, and the connection's end"


def test_a_refused_page_is_in_the_log_with_both_addresses_and_the_cure(behind):
    answer = requests.post(
        behind.url + "/accounts/login/", data={"username": "puck", "password": "x"},
        headers={"Origin": "https://www.example.com", "Host": "chat.example.com", "X-Forwarded-For": "203.0.113.9"}, timeout=15)
    assert "another site" in answer.text
    line = [line for line in behind.log.splitlines() if "another page was refused" in line][-1]
    assert "origin=https://www.example.com" in line and f"expected={PUBLIC}" in line and "address=203.0.113.9" in line
    assert 'cure="allowed-origins=https://www.example.com if it is yours"' in line


def test_a_page_of_ours_under_another_name_than_the_setting_has_is_cured_by_public_url(make_server):
    server = make_server(public_url=PUBLIC, allowed_hosts="www.example.com")
    token_cookie = {"Cookie": "__Host-parley_session=x", "Origin": "https://www.example.com", "Host": "www.example.com"}
    with Connection(server.port) as connection:
        lines = ["GET /ws HTTP/1.1", *(f"{name}: {value}" for name, value in token_cookie.items())]
        lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"]
        connection.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert connection.read_answer().code == "origin_refused"
    line = [line for line in server.log.splitlines() if "another page was refused" in line][-1]
    assert 'cure="public-url=https://www.example.com"' in line


def test_garbage_in_forwarding_headers_is_nobodys_end(behind):
    for value in ["," * 5000, "127.0.0.1," * 700, "é\u00ff", '"', "for=", "[::1", "1.1.1.1:99999999"]:
        for name in ("X-Forwarded-For", "Forwarded", "X-Forwarded-Proto", "X-Forwarded-Host"):
            answer = requests.get(
                behind.url + "/accounts/login/", headers={"Host": "chat.example.com", name: value.encode()}, timeout=15)
            assert answer.status_code in (200, 421), (name, value[:20], answer.status_code)


def test_a_server_on_several_addresses_and_a_unix_socket_is_one_server(make_server, tmp_path):
    path = tmp_path / "parley.sock"
    stale = sockets.socket(sockets.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    server = make_server(also_listen=f"unix:{path}", trusted_proxies="unix,loopback")
    with sockets.socket(sockets.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(
            b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert (path.stat().st_mode & 0o777) == 0o660
    assert ask(server).status_code == 200


@pytest.fixture(scope="module")
def mounted(make_server):
    """A chat below a path of its host, whose proxy leaves the path as it is, or takes it off."""
    return make_server(public_url="https://example.com/team/chat")


@pytest.mark.parametrize("prefix", ["/team/chat", ""], ids=["left as it is", "taken off"])
def test_below_a_path_every_link_leads_below_it(mounted, prefix: str):
    session = requests.Session()
    headers = {"Host": "example.com", "X-Forwarded-Proto": "https"}

    def get(path: str) -> requests.Response:
        return session.get(mounted.url + path, headers=headers, allow_redirects=False, timeout=15)

    assert get(prefix + "/").headers["Location"] == "/team/chat/accounts/login/"
    page = get(prefix + "/accounts/login/").text
    links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    strays = [link for link in links if not link.startswith(("/team/chat/", "#"))]
    assert links and not strays
    for link in links:
        if "/static/" in link:
            assert get(prefix + link.removeprefix("/team/chat")).status_code == 200, link


@pytest.mark.parametrize("prefix", ["/team/chat", ""], ids=["left as it is", "taken off"])
def test_below_a_path_sockets_open_and_the_api_answers(mounted, prefix: str):
    token = api.sign_in(mounted.url, "puck").access
    with Connection(mounted.port) as connection:
        headers = {"Authorization": f"Bearer {token}", "Host": "example.com"}
        lines = [f"GET {prefix}/ws/chat/lobby/ HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"]
        connection.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert connection.read_answer().status == 101
    answer = requests.get(
        mounted.url + prefix + "/api/rooms/", headers={"Authorization": f"Bearer {token}"}, timeout=15)
    assert answer.status_code == 200


def test_a_path_that_is_also_one_of_ours_is_taken_off_once(make_server):
    server = make_server(public_url="https://example.com/chat")
    for path in ("/chat/chat/lobby/", "/chat/lobby/"):  # as browsers ask, and as it comes where the proxy took it off
        answer = requests.get(server.url + path, headers={"Host": "example.com"}, allow_redirects=False, timeout=15)
        assert answer.headers["Location"].startswith("/chat/accounts/login/?next=/chat/lobby/"), path
    for path in ("/chat/accounts/login/", "/accounts/login/", "/chat/", "/chat/api/health/"):
        answer = requests.get(server.url + path, headers={"Host": "example.com"}, timeout=15, allow_redirects=False)
        assert answer.status_code in (200, 303), path


def test_a_path_that_only_begins_like_ours_is_not_ours(mounted):
    assert ask(mounted, "/team/chatter/accounts/login/", Host="example.com").status_code == 404


def test_browsers_are_told_to_stay_with_https_only_where_they_came_over_it(behind):
    def header(scheme: str) -> str | None:
        answer = ask(behind, "/accounts/login/", Host="chat.example.com", X_Forwarded_Proto=scheme)
        return answer.headers.get("Strict-Transport-Security")

    assert header("https") and not header("http")
