"""People talk in their browsers: two of them, in a room, through reloads, crashes and lost connections."""

from __future__ import annotations

import uuid
from typing import Callable

import pytest
from playwright.sync_api import expect
from support import api
from support.browser import RECONNECT, Window
from support.server import Server
from support.sockets import Socket

Open = Callable[..., Window]


@pytest.fixture
def room(server: Server, titania: api.Person, oberon: api.Person) -> str:
    """A room that is new, with Titania and Oberon in it."""
    slug = titania.create_room(kind="public")["slug"]
    oberon.post(f"/api/rooms/{slug}/join/")
    return slug


def words() -> str:
    return f"words {uuid.uuid4().hex[:8]}"


def test_two_people_talk_both_ways_and_it_is_all_there_after_a_reload(open_window: Open, room: str):
    titania, oberon = open_window("titania").open(room), open_window("oberon").open(room)
    titania.say("Ill met by moonlight")
    oberon.sees("Ill met by moonlight")
    oberon.say("What, jealous?")
    titania.sees("What, jealous?")
    for window in (titania, oberon):
        assert window.texts() == ["Ill met by moonlight", "What, jealous?"]
        window.page.reload()
        window.is_connected()
        expect(window.settled).to_have_count(2)
        assert window.texts() == ["Ill met by moonlight", "What, jealous?"]


def test_enter_sends_and_shift_enter_breaks_the_line(open_window: Open, room: str, titania: api.Person):
    window = open_window("titania").open(room)
    window.composer.press_sequentially("one")
    window.composer.press("Shift+Enter")
    window.composer.press_sequentially("two")
    expect(window.composer).to_have_value("one\ntwo")
    expect(window.messages).to_have_count(0)
    window.composer.press("Enter")
    expect(window.settled).to_have_count(1)
    expect(window.composer).to_have_value("")
    assert [message["text"] for message in titania.history(room)] == ["one\ntwo"]


def test_enter_in_an_empty_composer_sends_nothing(open_window: Open, room: str, titania: api.Person):
    window = open_window("titania").open(room)
    window.composer.press("Enter")
    window.composer.fill("   ")
    window.composer.press("Enter")
    window.say("something")
    window.sees("something")
    assert len(titania.history(room)) == 1


def test_a_sent_message_shows_at_once_as_pending_and_then_settles(open_window: Open, room: str):
    window = open_window("titania")
    held: list[Callable[[], None]] = []
    holding = True

    def hold(socket) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda data: held.append(lambda: server.send(data)) if holding else server.send(data))

    window.page.route_web_socket("**/ws", hold)
    window.open(room)
    window.say("patience")
    expect(window.pending("patience")).to_have_count(1)
    expect(window.settled).to_have_count(0)
    holding = False
    for release in held:
        release()
    window.sees("patience")
    expect(window.messages).to_have_count(1)


def test_what_is_typed_while_the_server_is_gone_arrives_once_when_it_is_back(make_server, open_window: Open):
    server = make_server()
    titania = open_window("titania", server=server, complains=True).open("lobby")
    oberon = open_window("oberon", server=server, complains=True).open("lobby")
    before, first, second = words(), words(), words()
    titania.say(before)
    oberon.sees(before)
    server.kill()
    titania.is_not_connected()
    for text in (first, second):
        titania.say(text)
        expect(titania.pending(text)).to_have_count(1)
    server.start()
    for window in (titania, oberon):
        window.is_connected()
        for text in (before, first, second):
            window.sees(text, patience=RECONNECT)
        assert window.texts()[-3:] == [before, first, second]
    stored = [message["text"] for message in api.sign_in(server.url, "titania").history("lobby")]
    assert stored[-3:] == [before, first, second] and all(stored.count(text) == 1 for text in (before, first, second))


def test_what_was_not_sent_before_a_reload_is_sent_after_it(make_server, open_window: Open):
    server = make_server()
    window = open_window("titania", server=server, complains=True).open("lobby")
    text = words()
    server.kill()
    window.is_not_connected()
    window.say(text)
    expect(window.pending(text)).to_have_count(1)
    server.start()
    window.page.reload()
    window.sees(text, patience=RECONNECT)
    stored = [message["text"] for message in api.sign_in(server.url, "titania").history("lobby")]
    assert stored.count(text) == 1


def test_what_is_typed_offline_arrives_once_and_what_was_missed_is_caught_up(open_window: Open, room: str):
    titania = open_window("titania", complains=True).open(room)
    oberon = open_window("oberon", complains=True).open(room)
    titania.context.set_offline(True)
    titania.say("written offline")
    oberon.say("said meanwhile")
    oberon.sees("said meanwhile")
    titania.context.set_offline(False)
    for window in (titania, oberon):
        window.sees("written offline", patience=RECONNECT)
        window.sees("said meanwhile", patience=RECONNECT)
        expect(window.messages).to_have_count(2)


def test_history_loads_as_one_scrolls_up_until_the_beginning(open_window: Open, room: str, server, titania):
    total = 130
    with Socket(server.ws, titania.access) as socket:
        for number in range(1, total + 1):
            socket.say(room, f"message {number}")
    window = open_window("oberon").open(room)
    expect(window.page.get_by_text(f"message {total}", exact=True)).to_be_in_viewport()
    shown = window.settled.count()
    assert shown == 50
    while shown < total:
        window.timeline.evaluate("timeline => { timeline.scrollTop = -timeline.scrollHeight }")
        expect(window.settled).not_to_have_count(shown)
        assert window.settled.count() > shown
        shown = window.settled.count()
    window.timeline.evaluate("timeline => { timeline.scrollTop = -timeline.scrollHeight }")
    expect(window.page.locator("[data-timeline-start]")).to_be_visible()
    assert window.texts() == [f"message {number}" for number in range(1, total + 1)]


def test_unread_messages_are_counted_live_and_reading_clears_the_count(open_window, room, server, titania, oberon):
    oberon_token, oberon = oberon, open_window("oberon")
    expect(oberon.badge(room)).to_be_hidden()
    oberon.is_connected()
    with Socket(server.ws, titania.access) as socket:
        socket.say(room, "first")
        socket.say(room, "second")
    expect(oberon.badge(room)).to_be_visible()
    expect(oberon.badge(room).locator("[data-unread]")).to_have_text("2")
    oberon.page.reload()
    expect(oberon.badge(room).locator("[data-unread]")).to_have_text("2")
    with Socket(server.ws, oberon_token.access) as other:
        oberon.page.goto(f"/chat/{room}/")
        other.expect(lambda frame: frame["type"] == "read" and frame["room"] == room and frame["seq"] == 2)
    oberon.page.goto("/rooms/")
    expect(oberon.badge(room)).to_be_hidden()


def test_one_registers_makes_a_room_and_invites_somebody_who_sees_it_at_once(open_window: Open):
    oberon = open_window("oberon")
    oberon.is_connected()
    window, name = open_window(), f"n{uuid.uuid4().hex[:10]}"
    page = window.page
    page.goto("/rooms/")
    page.wait_for_url("**/accounts/login/**")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Username", exact=True).fill(name)
    page.get_by_label("Name", exact=True).fill("Nick Bottom")
    page.get_by_label("Password", exact=True).fill("a weaver of words")
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/rooms/")
    page.locator("#room-name").fill(f"The play {name}")
    page.get_by_label("Private by invitation").check()
    page.get_by_role("button", name="Create room").click()
    page.wait_for_url("**/chat/*/")
    slug = page.url.rstrip("/").rsplit("/", 1)[1]
    window.is_connected()
    window.say("Is all our company here?")
    page.locator(".room-header details.menu summary").click()
    page.locator("#invite-username").fill("oberon")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(oberon.page.locator(f'[data-room="{slug}"]')).to_be_visible()
    oberon.open(slug).sees("Is all our company here?")


def test_signing_out_returns_to_the_login_and_back_shows_the_login(open_window: Open, room: str):
    window = open_window("titania").open(room)
    window.page.get_by_role("button", name="Sign out").click()
    window.page.wait_for_url("**/accounts/login/")
    window.page.go_back()
    expect(window.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(window.messages).to_have_count(0)
