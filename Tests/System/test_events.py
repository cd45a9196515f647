"""The real-time protocol without WebSocket: event streams and long polling, with the same frames and positions."""

from __future__ import annotations

import json
import threading
from typing import Iterator

import pytest
import requests
from support import api
from support.server import Server
from support.sockets import PATIENCE, Socket


class Stream:
    """An event stream that is read like a browser's EventSource does."""

    def __init__(self, person: api.Person):
        self.person = person
        self.path = f"/api/events/{person.post('/api/events/', status=(201,))['stream']}/"
        self.last = 0
        self.frames: list[dict] = []

    def send(self, **frame) -> None:
        answer = self.person.request("POST", self.path, json=frame)
        assert answer.status_code == 202, answer.text

    def poll(self) -> list[dict]:
        answer = self.person.request(
            "GET", self.path, params={"after": self.last}, headers={"Accept": "application/json"})
        entries = api.answered(answer, 200)["frames"]
        for entry in entries:
            assert entry["id"] == self.last + 1
            self.last = entry["id"]
        return [entry["frame"] for entry in entries]

    def events(self, headers: dict | None = None) -> Iterator[tuple[int, dict]]:
        """As server-sent events, one connection long."""
        with self.person.http.get(
            self.person.url + self.path, stream=True, timeout=PATIENCE,
            headers={"Accept": "text/event-stream", **(headers or {})},
        ) as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            assert answer.headers["X-Accel-Buffering"] == "no"
            assert answer.headers["Cache-Control"] == "no-store, no-transform"
            event: dict[str, str] = {}
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line:
                    name, _, value = line.partition(":")
                    event[name] = value.strip()
                elif "data" in event:
                    yield int(event["id"]), json.loads(event["data"])
                    event = {}

    def expect(self, matches, poll: bool) -> dict:
        while True:
            for frame in self.poll() if poll else (frame for _, frame in self.events({"Last-Event-ID": str(self.last)})):
                if matches(frame):
                    return frame


@pytest.fixture
def room(titania: api.Person, oberon: api.Person) -> str:
    slug = titania.create_room()["slug"]
    oberon.post(f"/api/rooms/{slug}/join/")
    return slug


@pytest.mark.parametrize("poll", [False, True], ids=["event stream", "long polling"])
def test_messages_flow_both_ways(server: Server, titania: api.Person, oberon: api.Person, room: str, poll: bool):
    stream = Stream(titania)
    with Socket(server.ws, oberon.access) as socket:
        stream.send(type="chat_message", id=1, room=room, message="over HTTP", clientId=f"{poll}")
        assert socket.expect_message("over HTTP")["seq"] == 1
        reply = stream.expect(lambda frame: frame.get("re") == 1, poll)
        assert (reply["type"], reply["seq"]) == ("ok", 1)
        socket.say(room, "over a socket")
        got = stream.expect(lambda f: f["type"] == "chat_message" and f["message"]["text"] == "over a socket", poll)
        assert got["seq"] == 2


def test_the_first_bytes_of_an_event_stream_come_at_once(titania: api.Person):
    stream = Stream(titania)
    with titania.http.get(
        titania.url + stream.path, stream=True, timeout=5, headers={"Accept": "text/event-stream"}
    ) as answer:
        assert next(answer.iter_content(chunk_size=None)).startswith(b"retry:")


def test_a_frame_is_given_again_until_it_is_known_to_have_arrived(titania: api.Person, room: str):
    stream = Stream(titania)
    stream.send(type="chat_message", id=1, room=room, message="one")
    first = stream.expect(lambda frame: frame["type"] == "chat_message", poll=True)
    stream.last = 0  # The answer was lost on its way.
    again = [frame for frame in stream.poll() if frame["type"] == "chat_message"]
    assert again == [first]
    seen = stream.events()
    number = next(number for number, frame in seen if frame == first)
    following = next(seen)
    assert next(stream.events({"Last-Event-ID": str(number)})) == following, "one that comes back goes on where it was"


def test_a_stream_resumes_from_a_position_as_a_socket_does(titania: api.Person, room: str):
    for text in ("one", "two", "three"):
        titania.post(f"/api/rooms/{room}/messages/", {"text": text})
    epoch = titania.get(f"/api/rooms/{room}/")["epoch"]
    stream = Stream(titania)
    stream.send(type="resume", id=7, room=room, epoch=epoch, seq=1)
    seen = []
    stream.expect(lambda frame: seen.append(frame) or frame["type"] == "resumed", poll=True)
    assert [frame["seq"] for frame in seen if frame["type"] == "chat_message"] == [2, 3]
    assert (seen[-1]["seq"], seen[-1]["reload"]) == (3, False)


def test_signing_out_ends_a_stream_with_its_code(server: Server):
    person = api.register(server.url)
    stream = Stream(person)
    seen: list[dict] = []
    begun = threading.Event()

    def read() -> None:
        with person.http.get(
            server.url + stream.path, stream=True, timeout=PATIENCE, headers={"Accept": "text/event-stream"}
        ) as answer:
            for line in answer.iter_lines(chunk_size=1):
                begun.set()
                if line.startswith(b"data:"):
                    seen.append(json.loads(line[5:]))

    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(PATIENCE)
    api.answered(requests.post(
        server.url + "/api/auth/logout/", headers={"Authorization": f"Bearer {person.access}"}, timeout=30), 204)
    reader.join(PATIENCE)
    assert seen[-1] == {"type": "close", "code": 4103, "reason": "session_ended"}


def test_a_stream_belongs_to_one_person(titania: api.Person, oberon: api.Person):
    path = Stream(titania).path
    for method in ("GET", "POST", "DELETE"):
        answer = oberon.request(method, path, json={"type": "ping"} if method == "POST" else None)
        assert (answer.status_code, api.problem(answer)["code"]) == (404, "stream_not_found")


def test_a_stream_that_was_ended_is_gone(titania: api.Person):
    stream = Stream(titania)
    assert titania.request("DELETE", stream.path).status_code == 204
    assert stream.poll()[-1]["code"] == 1000


def test_a_reader_who_does_not_come_back_is_given_up(make_server):
    server = make_server(silence_seconds="2", ping_seconds="1")
    person = api.sign_in(server.url, "puck")
    watcher = api.sign_in(server.url, "oberon")
    stream = Stream(person)
    assert "puck" in watcher.get("/api/presence/")["online"]
    with Socket(server.ws, watcher.access) as socket:
        gone = socket.expect(lambda f: f["type"] == "presence" and f["user"]["username"] == "puck", patience=20)
        assert gone["online"] is False
    assert stream.poll()[-1]["code"] == 4001


def test_a_restart_ends_streams_with_1001_and_in_time(make_server):
    server = make_server(poll_seconds="25")
    person = api.sign_in(server.url, "puck")
    stream = Stream(person)
    frames: list[dict] = []
    reader = threading.Thread(target=lambda: frames.extend(frame for _, frame in stream.events()))
    reader.start()
    stream.send(type="ping", id=1)
    server.stop()
    reader.join(PATIENCE)
    assert frames[-1]["code"] == 1001
