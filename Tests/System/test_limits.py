"""Limits and misbehaviour: whoever overdoes it is told so, and nobody else notices."""

from __future__ import annotations

import os
import resource
import socket as sockets
import subprocess
import time
from contextlib import suppress

import pytest
import requests
from support import api
from support.server import Server
from support.sockets import PATIENCE, Socket


def test_frames_beyond_the_limit_are_refused_and_a_flood_is_closed(make_server):
    server = make_server(frames_per_second_max="10", bad_frames_max="20")
    with Socket(server.ws, api.sign_in(server.url, "puck").access) as socket:
        for _ in range(15):
            socket.send(type="ping")
        error = socket.error()
        assert (error["code"], error["temporary"]) == ("too_many_frames", True)
        time.sleep(1.1)  # What is waited for is time itself.
        assert socket.is_open()
        try:
            for _ in range(200):
                socket.send(type="ping")
        except Exception:  # noqa: BLE001 - closed before all was sent
            pass
        assert socket.close_code() == 1008


def test_one_socket_too_many_closes_the_oldest_with_4202(make_server):
    server = make_server(sockets_per_person_max="3")
    token = api.sign_in(server.url, "puck").access
    opened = [Socket(server.ws, token) for _ in range(4)]
    assert opened[0].close_code() == 4202
    assert all(socket.is_open() for socket in opened[1:])
    for socket in opened[1:]:
        socket.ws.close()


def test_a_socket_receives_no_more_rooms_than_allowed_and_says_so(make_server):
    server = make_server(subscriptions_max="2")
    person = api.register(server.url)
    rooms = [person.create_room()["slug"] for _ in range(3)]
    with Socket(server.ws, person.access) as socket:
        error = socket.error()
        assert error["code"] == "too_many_rooms" and error["re"] is None
        got = []
        for room in rooms:
            person.post(f"/api/rooms/{room}/messages/", {"text": room})
        assert socket.is_open()
        got = [frame["room"] for frame in socket.seen if frame["type"] == "chat_message"]
        assert len(got) == 2


def test_three_tabs_are_one_person_and_a_vanished_client_goes(make_server):
    server = make_server(presence_grace_seconds="1", silence_seconds="3", ping_seconds="1")
    puck, oberon = api.sign_in(server.url, "puck"), api.sign_in(server.url, "oberon")

    def is_puck(frame: dict) -> bool:
        return frame["type"] == "presence" and frame["user"]["username"] == "puck"

    with Socket(server.ws, oberon.access) as watcher:
        tabs = [Socket(server.ws, puck.access) for _ in range(3)]
        assert watcher.expect(is_puck)["online"] is True
        assert "puck" in oberon.get("/api/presence/")["online"]
        for tab in tabs[:2]:
            tab.ws.close()
        # Pulled out, as with a cable: nothing is said any more, in neither direction.
        tabs[2].ws.socket.shutdown(sockets.SHUT_RDWR)
        assert watcher.expect(is_puck)["online"] is False
        assert not any(is_puck(frame) for frame in watcher.seen), "told once each"
        assert "puck" not in oberon.get("/api/presence/")["online"]


def test_typing_is_passed_on_once_to_the_others_and_never_to_strangers(server: Server):
    titania, puck, stranger = (api.sign_in(server.url, n) for n in ("titania", "puck", "luna"))
    room = titania.create_room(kind="private")["slug"]
    titania.post(f"/api/rooms/{room}/invite/", {"username": "puck"})
    with Socket(server.ws, titania.access) as one, Socket(server.ws, titania.access) as other, \
            Socket(server.ws, puck.access) as reader, Socket(server.ws, stranger.access) as third:
        for socket in (one, other, one, other):
            assert socket.command(type="typing", room=room)["type"] == "ok"
        frame = reader.expect(lambda f: f["type"] == "typing")
        assert (frame["room"], frame["user"]["username"], frame["active"], frame["seconds"]) == (
            room, "titania", True, 6)
        one.command(type="typing", room=room, active=False)
        assert reader.expect(lambda f: f["type"] == "typing")["active"] is False
        assert third.command(type="typing", room=room)["code"] == "room_not_found"
        for socket in (one, other, reader, third):
            assert socket.is_open() and not any(f["type"] == "typing" for f in socket.seen)


def dribble(server: Server, count: int) -> list[sockets.socket]:
    """Connections that begin a request and do not end it."""
    opened = []
    for number in range(count):
        connection = sockets.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        opened.append(connection)
    return opened


def test_five_thousand_dribbling_connections_leave_others_unaffected_and_are_ended(make_server):
    server = make_server(head_seconds="3")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(5000, hard - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    opened = []
    try:
        with Socket(server.ws, api.sign_in(server.url, "puck").access) as socket:
            opened = dribble(server, count)
            for connection in opened[:: max(1, count // 500)]:
                with suppress(ConnectionError):  # Ended already, where the machine is slow.
                    connection.sendall(b"x")
            slowest = 0.0
            for number in range(20):
                begun = time.monotonic()
                socket.say("lobby", f"while they dribble {number}")
                assert requests.get(server.url + "/api/health", timeout=PATIENCE).status_code == 200
                slowest = max(slowest, time.monotonic() - begun)
            print(f"slowest of 20 while {count} dribble: {slowest * 1000:.0f} ms")
            # Each is ended by the server, whatever it goes on to send.
            for connection in opened:
                connection.settimeout(PATIENCE)
                try:
                    assert connection.recv(100) == b""
                except ConnectionResetError:
                    pass  # What it sent meanwhile was not read any more.
            assert socket.is_open()
    finally:
        for connection in opened:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_request_whose_body_does_not_come_is_ended(make_server):
    server = make_server(request_seconds="1")
    with sockets.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(b"POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           b"Content-Length: 100\r\n\r\n{")
        while connection.recv(4096):
            pass


def test_running_out_of_connections_is_a_line_in_the_log_and_a_refusal(make_server):
    server = make_server(connections_max="20")
    token = api.sign_in(server.url, "puck").access
    with Socket(server.ws, token) as socket:
        held = dribble(server, 40)
        refused = 0
        for connection in held:
            connection.settimeout(1)
            try:
                refused += connection.recv(1000).startswith(b"HTTP/1.1 503")
            except TimeoutError:
                pass
        assert refused >= 20
        assert socket.is_open(), "those who are in stay in"
        assert "connections-max" in server.log
        for connection in held:
            connection.close()
        server.wait_until_healthy()


def test_few_open_files_are_reported_and_running_out_is_no_crash(make_server, tmp_path):
    from support.server import binary, clean_environment, free_port

    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-c", f"ulimit -n 200; exec {binary()} serve --listen 127.0.0.1:{port} --data-dir {tmp_path}/data"],
            env=clean_environment(), stdout=out, stderr=out)
    try:
        until = time.monotonic() + 30
        while b"is at http" not in log.read_bytes():
            assert time.monotonic() < until and process.poll() is None, log.read_text()
            time.sleep(0.05)  # There is no event to wait for.
        assert "few open files are allowed" in log.read_text()
        held = []
        for _ in range(300):
            held.append(sockets.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        for connection in held:
            connection.close()
        until = time.monotonic() + 30
        while True:
            try:
                if requests.get(f"http://127.0.0.1:{port}/api/health", timeout=5).status_code == 200:
                    break
            except requests.ConnectionError:
                pass
            assert time.monotonic() < until and process.poll() is None, log.read_text()[-2000:]
    finally:
        process.terminate()
        assert process.wait(15) == 0, log.read_text()[-2000:]
