"""What the operator does on the command line reaches a server that runs, without anybody noticing more than they should."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from support import api
from support.server import Server, run
from support.sockets import Socket


def keys_in_use(server: Server) -> dict[int, int]:
    """How many messages are under each key."""
    with closing(sqlite3.connect(f"file:{server.data}/parley.db?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT keyId, count(*) FROM message GROUP BY keyId"))


def test_a_key_is_rotated_while_people_talk_and_every_message_stays_readable(make_server):
    server = make_server()
    person = api.sign_in(server.url, "titania")
    with Socket(server.ws, person.access) as socket:
        texts = [f"before {number}" for number in range(300)]
        for text in texts:
            socket.say("lobby", text)
        assert "Key 2" in run("keys", "rotate", "--data-dir", server.data).stdout
        socket.say("lobby", "after")
        messages = person.history("lobby")
        assert not any(message.get("unreadable") for message in messages)
        assert [message["text"] for message in messages][-301:] == [*texts, "after"]
    server.stop()
    server.start()
    messages = api.sign_in(server.url, "titania").history("lobby")
    assert not any(message.get("unreadable") for message in messages)
    server.stop()
    run("keys", "rotate", "--data-dir", server.data)
    assert set(keys_in_use(server)) == {3}


def test_a_server_that_is_stopped_as_soon_as_it_is_there_ends_well(make_server):
    server = make_server()
    for _ in range(8):
        server.stop()
        server.start()


def test_disabling_somebody_ends_their_sockets_and_stops_their_words(make_server):
    server = make_server()
    person = api.register(server.url)
    person.post("/api/rooms/lobby/join/")
    with Socket(server.ws, person.access) as socket:
        assert socket.is_open()
        run("user", "disable", person.username, "--data-dir", server.data)
        assert socket.close_code() == 4200
    with pytest.raises(AssertionError, match="account_disabled"):
        person.post("/api/rooms/lobby/messages/", {"text": "still here"})


def test_a_second_server_on_the_same_data_is_refused(make_server):
    server = make_server()
    done = run("serve", "--listen", "127.0.0.1:0", "--data-dir", server.data, check=False)
    assert done.returncode == 1 and "running" in done.stderr


def test_an_address_that_is_taken_is_named(make_server, tmp_path):
    server = make_server()
    done = run("serve", "--listen", f"127.0.0.1:{server.port}", "--data-dir", tmp_path / "other", check=False)
    assert done.returncode == 1 and f"127.0.0.1:{server.port}" in done.stderr and "in use" in done.stderr
