"""What a socket does with what it should never have been sent."""

from __future__ import annotations

import json

import pytest
from support import api
from support.server import Server
from support.sockets import Socket


@pytest.fixture
def socket(server: Server, titania: api.Person):
    with Socket(server.ws, titania.access) as socket:
        yield socket


def chat(**fields) -> dict:
    return {"type": "chat_message", "room": "lobby", "message": "hello"} | fields


def without(name: str) -> dict:
    return {key: value for key, value in chat().items() if key != name}


@pytest.mark.parametrize("frame, code", [
    ("", "invalid_json"),
    ("{", "invalid_json"),
    ("null", "invalid_json"),
    ("[]", "invalid_json"),
    ('"chat_message"', "invalid_json"),
    ('{"type":"ping"} trailing', "invalid_json"),
    ("[" * 10_000, "invalid_json"),
    ({}, "unknown_type"),
    ({"type": None}, "unknown_type"),
    ({"type": 7}, "unknown_type"),
    ({"type": "no_such_type"}, "unknown_type"),
    (without("message"), "missing_field"),
    (chat(message=None), "missing_field"),
    (without("room"), "missing_field"),
    ({"type": "read", "room": "lobby"}, "missing_field"),
    (chat(message=7), "invalid_field"),
    (chat(message={"text": "hello"}), "invalid_field"),
    (chat(room=["lobby"]), "invalid_field"),
    (chat(clientId=""), "invalid_field"),
    (chat(clientId="x" * 65), "invalid_field"),
    (chat(message="before\0after"), "invalid_field"),
    ({"type": "read", "room": "lobby", "seq": "7"}, "invalid_field"),
    ({"type": "read", "room": "lobby", "seq": -1}, "invalid_field"),
    (chat(room="no-such-room"), "room_not_found"),
    (chat(room="' OR 1=1 --"), "room_not_found"),
    (chat(room="../lobby"), "room_not_found"),
    (chat(message=""), "text_empty"),
    (chat(message=" \n\t"), "text_empty"),
    (chat(message="x" * 4001), "text_too_long"),
], ids=lambda value: json.dumps(value)[:48])
def test_a_bad_frame_is_answered_with_its_code_and_the_socket_stays(socket: Socket, frame: dict | str, code: str):
    socket.send_raw(frame if isinstance(frame, str) else json.dumps(frame))
    error = socket.error()
    assert error["code"] == code and error["re"] is None and error["message"] and error["temporary"] is False
    assert socket.is_open()


@pytest.mark.parametrize("id", [1, 0, "mine", "x" * 64])
def test_an_error_comes_back_to_the_id_it_belongs_to(socket: Socket, id: int | str):
    assert socket.command(**chat(message="", id=id))["re"] == id


@pytest.mark.parametrize("id", ["x" * 65, 1.5, True, [], {}])
def test_an_unusable_id_is_an_error_to_nobody(socket: Socket, id: object):
    socket.send(type="ping", id=id)
    error = socket.error()
    assert error["code"] == "invalid_field" and error["re"] is None


def test_a_room_that_one_did_not_join_is_told_from_one_that_is_not_there(server, socket, oberon):
    public = oberon.create_room(kind="public")["slug"]
    private = oberon.create_room(kind="private")["slug"]
    assert socket.command(**chat(room=public))["code"] == "not_a_member"
    assert socket.command(**chat(room=private))["code"] == "room_not_found"


@pytest.mark.parametrize("text", [
    "x" * 4000,
    "\U0001f9da" * 4000,
    "'; DROP TABLE messages; --",
    "<script>alert(1)</script>&amp;",
    "\u202eright to left\u202c \u0645\u0631\u062d\u0628\u0627",
    "zero\u200bwidth\u200djoined \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "  spaces kept  ",
    "line one\nline two\r\nline three",
], ids=["longest", "longest in emoji", "SQL", "HTML", "RTL", "zero width", "spaces", "lines"])
def test_an_odd_text_is_stored_as_what_it_is(socket: Socket, titania: api.Person, text: str):
    room = titania.create_room()["slug"]
    socket.send_raw(json.dumps(chat(room=room, message=text), ensure_ascii=False))
    assert socket.expect_message(text)["seq"] == 1
    assert [message["text"] for message in titania.history(room)] == [text]


def test_half_a_surrogate_pair_never_breaks_the_socket(socket: Socket):
    socket.send_raw('{"type":"chat_message","id":"half","room":"lobby","message":"\\ud800"}')
    assert socket.expect(lambda frame: frame.get("re") == "half")["code"] == "invalid_field"
    assert socket.is_open()


def test_a_message_in_fragments_is_one_message(socket: Socket, titania: api.Person):
    room = titania.create_room()["slug"]
    text = json.dumps(chat(room=room, message="in three parts"))
    socket.send_raw([text[:10], text[10:30], text[30:]])
    assert socket.expect_message("in three parts")["seq"] == 1


def test_text_that_is_not_utf8_closes_with_1007(socket: Socket):
    socket.send_raw(b'{"type":"ping","id":"\xff\xfe"}', text=True)
    assert socket.close_code() == 1007


def test_a_binary_frame_closes_with_1003(socket: Socket):
    socket.send_raw(b'{"type":"ping"}')
    assert socket.close_code() == 1003


def test_a_frame_over_the_limit_closes_with_1009(socket: Socket):
    socket.send_raw("x" * 65_537)
    assert socket.close_code() == 1009


def test_fragments_that_add_up_to_more_than_the_limit_close_with_1009(socket: Socket):
    socket.send_raw(["x" * 40_000, "x" * 40_000])
    assert socket.close_code() == 1009


def test_too_many_bad_frames_in_a_row_close_with_1008(socket: Socket):
    for _ in range(21):
        socket.send_raw("{")
    assert socket.close_code() == 1008


def test_a_good_frame_between_bad_ones_is_forgiving(socket: Socket):
    for _ in range(3):
        for _ in range(15):
            socket.send_raw("{")
            assert socket.error()["code"] == "invalid_json"
        assert socket.is_open()
