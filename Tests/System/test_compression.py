"""permessage-deflate: offered by every browser, taken only where a setting says so."""

from __future__ import annotations

import zlib

import pytest
from support import api
from support.handshake import Connection
from support.sockets import Socket

ANSWER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
LONG = "Ill met by moonlight, proud Titania. " * 20


@pytest.fixture(scope="module")
def compressing(make_server):
    return make_server(permessage_deflate="true")


class RawSocket(Connection):
    """A socket whose frames are read as they stand on the wire."""

    def __init__(self, server, token: str, extensions: str | None):
        super().__init__(server.port)
        headers = {"Authorization": f"Bearer {token}"}
        if extensions:
            headers["Sec-WebSocket-Extensions"] = extensions
        self.answer = self.upgrade("/ws", headers)
        assert self.answer.status == 101

    def frame_of(self, text: str) -> tuple[bytes, bool]:
        """The next frame that has this text: its bytes, and whether it was compressed."""
        while True:
            first, length = self.file.read(2)
            if length == 126:
                length = int.from_bytes(self.file.read(2), "big")
            payload = self.file.read(length)
            is_compressed = bool(first & 0x40)
            plain = zlib.decompressobj(-15).decompress(payload + b"\x00\x00\xff\xff") if is_compressed else payload
            if text in plain.decode():
                return payload, is_compressed


def test_nothing_is_compressed_unless_a_setting_says_so(server):
    token = api.sign_in(server.url, "puck").access
    with RawSocket(server, token, "permessage-deflate; client_max_window_bits") as socket:
        assert "sec-websocket-extensions" not in socket.answer.headers


def test_everybody_in_a_room_gets_the_same_compressed_bytes_and_others_the_plain_ones(compressing):
    puck, oberon = api.sign_in(compressing.url, "puck"), api.sign_in(compressing.url, "oberon")
    offer = "permessage-deflate; client_max_window_bits"
    with (
        RawSocket(compressing, puck.access, offer) as one, RawSocket(compressing, oberon.access, offer) as two,
        RawSocket(compressing, oberon.access, offer + "; server_max_window_bits=9") as small,
        RawSocket(compressing, oberon.access, None) as plain, Socket(compressing.ws, puck.access) as sender,
    ):
        assert one.answer.headers["sec-websocket-extensions"] == ANSWER
        assert small.answer.headers["sec-websocket-extensions"] == ANSWER + "; server_max_window_bits=9"
        assert "sec-websocket-extensions" not in plain.answer.headers
        sender.say("lobby", LONG)
        first, second = one.frame_of(LONG), two.frame_of(LONG)
        assert first == second and first[1]
        assert small.frame_of(LONG)[1]
        whole, is_compressed = plain.frame_of(LONG)
        assert not is_compressed and len(first[0]) < len(whole) / 3


def test_a_client_that_compresses_is_understood_and_what_it_missed_comes_compressed(compressing):
    person = api.register(compressing.url)
    room = person.create_room()["slug"]
    with Socket(compressing.ws, person.access, compression="deflate") as socket:
        assert socket.ws.protocol.extensions, "nothing was agreed on"
        seqs = [socket.say(room, f"{number} {LONG}") for number in range(3)]
        for number in range(3):
            socket.expect_message(f"{number} {LONG}")
    epoch = person.get(f"/api/rooms/{room}/")["epoch"]
    with Socket(compressing.ws, person.access, compression="deflate") as socket:
        socket.send(type="resume", room=room, epoch=epoch, seq=seqs[0] - 1)
        for number in range(3):
            socket.expect_message(f"{number} {LONG}")


def test_a_bomb_closes_the_socket_that_sent_it_and_nobody_else(compressing):
    person = api.register(compressing.url)
    room = person.create_room()["slug"]
    with Socket(compressing.ws, person.access) as other:
        with Socket(compressing.ws, person.access, compression="deflate") as socket:
            socket.send_raw("a" * 50_000_000)
            assert socket.close_code() == 1009
        other.say(room, "still here")
