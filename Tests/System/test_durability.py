"""An acknowledged message is on disk: whatever happens to the process, it is there once, in its place."""

from __future__ import annotations

import json
import threading
import uuid

import pytest
import requests
from support import api
from support.server import Server
from support.sockets import Socket
from websockets.exceptions import ConnectionClosed

WRITERS = ["titania", "oberon", "puck", "morgana"]
WINDOW = 16


class Writer(threading.Thread):
    """Sends as fast as it may, a few unanswered at a time, until its socket is gone."""

    def __init__(self, server: Server, person: api.Person, room: str, enough: threading.Semaphore):
        super().__init__(name=person.username)
        self.socket = Socket(server.ws, person.access)
        self.room, self.enough = room, enough
        self.sent: dict[str, str] = {}
        self.acknowledged: dict[str, int] = {}
        self.close: int | None = None
        self.failure: Exception | None = None

    def send(self) -> None:
        client_id = uuid.uuid4().hex
        text = f"{self.name} {len(self.sent)}"
        self.sent[client_id] = text
        self.socket.send(type="chat_message", id=client_id, room=self.room, message=text, clientId=client_id)

    def run(self) -> None:
        try:
            for _ in range(WINDOW):
                self.send()
            while True:
                frame = self.socket.receive()
                if frame["type"] == "ok":
                    self.acknowledged[frame["re"]] = frame["seq"]
                    self.enough.release()
                    self.send()
                assert frame["type"] != "error", frame
        except ConnectionClosed as closed:
            self.drain()
            self.close = closed.rcvd.code if closed.rcvd else 1006
        except Exception as failure:  # reported by the test, which sees the thread's end alone
            self.failure = failure

    def drain(self) -> None:
        """What had arrived when a send failed counts as well."""
        try:
            while True:
                frame = json.loads(self.socket.ws.recv(timeout=0))
                if frame["type"] == "ok":
                    self.acknowledged[frame["re"]] = frame["seq"]
        except (ConnectionClosed, TimeoutError):
            pass


def write_until(server: Server, replies: int, end) -> tuple[str, list[Writer]]:
    """Several people write into one room; after so many replies `end()` is called while they go on."""
    people = [api.sign_in(server.url, name) for name in WRITERS]
    room = people[0].create_room(kind="public")["slug"]
    for person in people[1:]:
        person.post(f"/api/rooms/{room}/join/")
    enough = threading.Semaphore(0)
    writers = [Writer(server, person, room, enough) for person in people]
    for writer in writers:
        writer.start()
    for _ in range(replies):
        assert enough.acquire(timeout=30), "the replies stopped"
    end()
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive() and writer.failure is None, writer.failure
    return room, writers


def history(server: Server, room: str) -> list[dict]:
    return api.sign_in(server.url, WRITERS[0]).history(room)


def holds_everything(messages: list[dict], writers: list[Writer]) -> None:
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))
    stored = {message["clientId"]: message for message in messages}
    assert len(stored) == len(messages), "a clientId is there twice"
    for writer in writers:
        for client_id, seq in writer.acknowledged.items():
            message = stored[client_id]
            assert (message["seq"], message["text"]) == (seq, writer.sent[client_id])
            assert message["sender"]["username"] == writer.name


@pytest.mark.parametrize("replies", [1, 200, 1000])
def test_kill_9_in_a_stream_of_sends_loses_nothing_that_was_acknowledged(make_server, replies: int):
    server = make_server()
    room, writers = write_until(server, replies, server.kill)
    assert sum(len(writer.acknowledged) for writer in writers) >= replies
    server.start()
    holds_everything(history(server, room), writers)


def test_what_was_not_acknowledged_can_be_sent_again_and_is_stored_once(make_server):
    server = make_server()
    room, writers = write_until(server, 100, server.kill)
    server.start()
    for writer in writers:
        person = api.sign_in(server.url, writer.name)
        with Socket(server.ws, person.access) as socket:
            for client_id, text in writer.sent.items():
                reply = socket.command(type="chat_message", room=room, message=text, clientId=client_id)
                assert reply["type"] == "ok"
                assert writer.acknowledged.setdefault(client_id, reply["seq"]) == reply["seq"]
    messages = history(server, room)
    holds_everything(messages, writers)
    assert len(messages) == sum(len(writer.sent) for writer in writers)


def test_sigterm_closes_sockets_with_1001_and_answers_what_was_stored(make_server):
    server = make_server()
    room, writers = write_until(server, 200, server.terminate)
    assert [writer.close for writer in writers] == [1001] * len(writers)
    assert server.wait(10) == 0
    server.start()
    messages = history(server, room)
    holds_everything(messages, writers)
    unanswered = {message["clientId"] for message in messages}
    for writer in writers:
        unanswered -= writer.acknowledged.keys()
    assert not unanswered, f"{len(unanswered)} messages were stored and never answered"


def test_sigterm_with_idle_sockets_and_connections_ends_within_ten_seconds(make_server):
    server = make_server()
    person = api.sign_in(server.url, "titania")  # its kept-alive connection stays open
    with Socket(server.ws, person.access) as idle, Socket(server.ws) as unauthenticated:
        assert idle.is_open()
        server.terminate()
        assert idle.close_code() == 1001
        assert unauthenticated.close_code() == 1001
    assert server.wait(10) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url + "/api/health", timeout=5)
