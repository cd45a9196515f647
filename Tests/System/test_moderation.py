"""Looking after rooms: what moderators do, and that open sockets feel it at once."""

from __future__ import annotations

import re
import subprocess
import time
import uuid

import pytest
import requests
from support import api
from support.server import Server, run
from support.sockets import Socket

AT_ONCE = 1.0


class Room:
    """A room of the owner's, with a moderator and a member who have sockets open."""

    def __init__(self, server: Server, **fields):
        self.server = server
        self.owner, self.moderator, self.member = (api.register(server.url) for _ in range(3))
        self.slug = self.owner.create_room(**fields)["slug"]
        for person in (self.moderator, self.member):
            self.owner.post(f"/api/rooms/{self.slug}/invite/", {"username": person.username})
        self.put(self.owner, f"members/{self.moderator.username}/role/", {"role": "moderator"})

    @property
    def path(self) -> str:
        return f"/api/rooms/{self.slug}/"

    def put(self, person: api.Person, path: str, body: dict) -> None:
        api.answered(person.request("PUT", self.path + path, json=body), 204)

    def ask(self, person: api.Person, method: str, path: str, body: dict | None = None) -> requests.Response:
        return person.request(method, self.path + path, json=body)


@pytest.fixture
def room(server: Server) -> Room:
    return Room(server)


def socket(room: Room, person: api.Person, one_room: bool = False) -> Socket:
    opened = Socket(room.server.ws, person.access, f"/ws/chat/{room.slug}/" if one_room else "/ws")
    assert opened.is_open()
    return opened


def is_left(frame: dict) -> bool:
    return frame["type"] == "room_left"


def refused(reply: dict) -> str:
    assert reply["type"] == "error", reply
    return reply["code"]


@pytest.mark.parametrize("way", ["kick", "ban"])
def test_whoever_is_sent_out_is_out_of_every_open_socket_at_once(room: Room, way: str):
    with socket(room, room.member) as all_rooms, socket(room, room.member, one_room=True) as one_room:
        if way == "kick":
            room.moderator.post(f"{room.path}members/{room.member.username}/kick/", {"reason": "noise"})
        else:
            room.put(room.moderator, f"bans/{room.member.username}/", {"seconds": 3600, "reason": "noise"})
        frame = all_rooms.expect(is_left, AT_ONCE)
        assert frame["reason"] == ("kicked" if way == "kick" else "banned")
        assert (frame.get("until") is not None) == (way == "ban")
        assert one_room.close_code(AT_ONCE) == 4201
        assert refused(all_rooms.command(type="chat_message", room=room.slug, message="x")) == "not_a_member"
        room.owner.post(f"{room.path}messages/", {"text": "quiet again"})
        assert all_rooms.is_open() and not [frame for frame in all_rooms.seen if frame["type"] == "chat_message"]
        joined = room.ask(room.member, "POST", "join/", {})
        assert joined.status_code == (200 if way == "kick" else 403)
        if way == "ban":
            assert api.problem(joined)["code"] == "banned"


def test_a_muted_persons_sockets_say_so_and_until_when_and_the_mute_ends_by_itself(room: Room):
    with socket(room, room.member) as member:
        room.put(room.moderator, f"mutes/{room.member.username}/", {"seconds": 2})
        frame = member.expect(lambda frame: frame["type"] == "place_changed", AT_ONCE)
        assert frame["room"] == room.slug and frame["muted"]["until"] and frame["role"] == "member"
        assert refused(member.command(type="chat_message", room=room.slug, message="x")) == "muted"
        assert api.problem(room.ask(room.member, "POST", "messages/", {"text": "x"}))["code"] == "muted"
        until = time.monotonic() + 10
        # Asked again and again, since nobody tells: a socket would be closed for it.
        while room.ask(room.member, "POST", "messages/", {"text": "free"}).status_code != 201:
            assert time.monotonic() < until, "the mute does not end"
        member.say(room.slug, "free again")


def test_a_lock_announcements_and_slow_mode_reach_the_room_and_hold(room: Room):
    with socket(room, room.member) as member, socket(room, room.moderator) as moderator:
        for person, change, code in [
            (room.moderator, {"isLocked": True}, "room_locked"),
            (room.owner, {"isLocked": False, "isAnnouncement": True}, "announcements_only"),
        ]:
            api.answered(room.ask(person, "PATCH", "", change), 200)
            frame = member.expect(lambda frame: frame["type"] == "room_changed", AT_ONCE)
            assert all(frame[name] == value for name, value in change.items())
            assert refused(member.command(type="chat_message", room=room.slug, message="x")) == code
            moderator.say(room.slug, "I may")
        api.answered(room.ask(room.owner, "PATCH", "", {"isAnnouncement": False, "slowSeconds": 600}), 200)
        member.say(room.slug, "once")
        reply = member.command(type="chat_message", room=room.slug, message="twice")
        assert refused(reply) == "slow_mode" and reply["temporary"]
        answer = room.ask(room.member, "POST", "messages/", {"text": "twice"})
        assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 600
        for _ in range(3):
            moderator.say(room.slug, "I need not wait")


def test_a_removed_message_is_gone_live_in_history_when_resuming_and_from_the_disk(make_server):
    server = make_server()
    room = Room(server)
    secret = f"secret-{uuid.uuid4().hex}"
    with socket(room, room.member) as member, socket(room, room.owner) as owner:
        seq = member.say(room.slug, secret)
        owner.say(room.slug, "after")
        epoch = room.owner.get(f"{room.path}messages/")["epoch"]
        api.answered(room.ask(room.moderator, "DELETE", f"messages/{seq}/"), 204)
        removal = owner.expect(
            lambda frame: frame["type"] == "chat_message" and frame["message"].get("removes") == seq, AT_ONCE)
        assert removal["seq"] == seq + 2 and removal["message"]["text"] == ""
        history = room.owner.history(room.slug)
        assert [message["seq"] for message in history] == list(range(1, len(history) + 1))
        assert history[seq - 1]["removed"] == "moderator" and history[seq - 1]["text"] == ""
        assert secret not in str(history)
        owner.send(type="resume", room=room.slug, epoch=epoch, seq=seq + 1)
        assert owner.expect(lambda frame: frame["type"] == "resumed", AT_ONCE)["reload"] is False
    for person, expected in [(room.member, "author"), (room.owner, None)]:
        seq = room.member.post(f"{room.path}messages/", {"text": "mine"})["seq"]
        api.answered(room.ask(room.member, "DELETE", f"messages/{seq}/"), 204)
        assert room.owner.history(room.slug)[seq - 1]["removed"] == "author", (person, expected)
    server.stop()


def test_a_report_shows_its_reporter_to_those_who_look_after_the_room_alone(room: Room):
    seq = room.member.post(f"{room.path}messages/", {"text": "rude"})["seq"]
    room.owner.post(f"{room.path}messages/{seq}/report/", {"reason": "rudeness"})
    [report] = [found for found in room.moderator.get("/api/reports/")["reports"] if found["room"] == room.slug]
    assert report["reporter"]["username"] == room.owner.username and report["message"]["text"] == "rude"
    assert room.member.get("/api/reports/")["reports"] == []
    with socket(room, room.owner) as owner:
        room.moderator.post(f"/api/reports/{report['id']}/resolve/", {"removeMessage": True})
        owner.expect(lambda frame: frame["type"] == "chat_message" and frame["message"].get("removes") == seq, AT_ONCE)
    again = room.moderator.request("POST", f"/api/reports/{report['id']}/dismiss/")
    assert again.status_code == 404 and api.problem(again)["code"] == "report_not_found"


def test_a_changed_server_role_holds_in_open_sockets(make_server):
    server = make_server(bad_frames_max="10000")
    room = Room(server)
    with socket(room, room.member) as member:
        member.say(room.slug, "as a member")
        api.answered(room.ask(room.owner, "PATCH", "", {"isLocked": True}), 200)
        assert refused(member.command(type="chat_message", room=room.slug, message="x")) == "room_locked"
        # Another process does it; the server hears of it within a second or two.
        run("user", "set-role", room.member.username, "moderator", "--data-dir", server.data)
        until = time.monotonic() + 10
        # The program's next request knows at once; the socket is told.
        assert room.ask(room.member, "POST", "messages/", {"text": "as a moderator"}).status_code == 201
        while member.command(type="chat_message", room=room.slug, message="as a moderator")["type"] == "error":
            assert time.monotonic() < until, "the role never reached the socket"


def test_a_suspended_person_is_out_at_once_and_told_until_when(make_server):
    server = make_server()
    admin, person = api.sign_in(server.url, "admin"), api.register(server.url)
    with Socket(server.ws, person.access) as open_socket:
        assert open_socket.is_open()
        path = f"/api/users/{person.username}/suspension/"
        api.answered(admin.request("PUT", path, json={"seconds": 3600, "reason": "a pause"}), 204)
        assert open_socket.close_code(AT_ONCE) == 4200
    body = {"username": person.username, "password": person.password}
    refusal = requests.post(server.url + "/api/auth/login/", json=body, timeout=15)
    assert refusal.status_code == 403
    assert re.search(r"suspended until \d{4}-\d\d-\d\d \d\d:\d\d UTC", api.problem(refusal)["detail"])
    api.answered(admin.request("DELETE", path), 204)
    api.sign_in(server.url, person.username, person.password)


@pytest.mark.parametrize("action", ["refuse", "mask"])
def test_words_that_the_server_does_not_want_are_refused_or_masked(make_server, action: str):
    server = make_server(word_filter="bad,worse*", word_filter_action=action)
    room = Room(server)
    with socket(room, room.member) as member:
        reply = member.command(type="chat_message", room=room.slug, message="this is BÁD, and worsening")
        if action == "refuse":
            assert refused(reply) == "text_refused"
            assert room.member.history(room.slug) == []
        else:
            assert room.member.history(room.slug)[0]["text"] == "this is ***, and *****ning"
        assert member.command(type="chat_message", room=room.slug, message="badly")["type"] == "ok"


def test_a_word_filter_that_makes_no_sense_is_refused_at_the_start(tmp_path):
    done = run("settings", "--data-dir", tmp_path, check=False, PARLEY_WORD_FILTER="a*b")
    assert done.returncode != 0 and "word-filter" in done.stderr
    assert isinstance(done, subprocess.CompletedProcess)
