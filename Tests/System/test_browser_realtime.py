"""What the network does to people who chat: restarts, proxies without WebSocket, and who is there and writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from support import api
from support.browser import RECONNECT, Window
from support.proxy import Proxy
from support.server import Server
from support.sockets import Socket

Open = Callable[..., Window]
#: Two refused handshakes with their waits, and the first word of what comes after.
FALLBACK = 60_000


@pytest.fixture
def room(server: Server, titania: api.Person, oberon: api.Person) -> str:
    slug = titania.create_room()["slug"]
    oberon.post(f"/api/rooms/{slug}/join/")
    return slug


@pytest.fixture
def proxied(make_server, browser: Browser) -> Iterator[tuple[Server, Proxy, Window]]:
    proxy = Proxy()
    server = make_server(allowed_origins=proxy.url, poll_seconds="2")
    proxy.server = server
    window = Window(browser, proxy)
    yield server, proxy, window
    window.context.close()
    proxy.close()


def uses(window: Window, transport: str) -> None:
    expect(window.page.locator("html")).to_have_attribute("data-transport", transport, timeout=FALLBACK)
    window.is_connected(FALLBACK)


def talk(server: Server, window: Window) -> None:
    with Socket(server.ws, api.sign_in(server.url, "oberon").access) as socket:
        socket.say("lobby", f"to {window.server.url} by socket")
        window.sees(f"to {window.server.url} by socket", patience=FALLBACK)
        window.say(f"from {window.server.url}")
        window.sees(f"from {window.server.url}", patience=FALLBACK)
        socket.expect_message(f"from {window.server.url}")


@pytest.mark.parametrize(("holds", "transport"), [(False, "stream"), (True, "polling")])
def test_where_websocket_is_blocked_messages_flow_by_another_way(
    proxied: tuple[Server, Proxy, Window], holds: bool, transport: str
):
    server, proxy, window = proxied
    proxy.holds_streams = holds
    window.sign_in("titania")
    window.page.goto("/chat/lobby/")
    uses(window, transport)
    talk(server, window)
    assert proxy.upgrades >= 2, "WebSocket was tried first"
    # What works is remembered, so that the next page does not begin with failures.
    before = proxy.upgrades
    window.page.reload()
    uses(window, transport)
    assert proxy.upgrades == before


def test_another_way_survives_a_restart_without_loss_or_doubles(proxied: tuple[Server, Proxy, Window]):
    server, _, window = proxied
    window.sign_in("titania")
    window.page.goto("/chat/lobby/")
    uses(window, "stream")
    window.say("before the restart")
    window.sees("before the restart")
    server.kill()
    window.say("while it is away")
    server.start()
    api.sign_in(server.url, "oberon").post("/api/rooms/lobby/messages/", {"text": "missed meanwhile"})
    window.sees("while it is away", patience=FALLBACK)
    window.sees("missed meanwhile", patience=FALLBACK)
    assert len(set(window.texts())) == len(window.texts())


def test_a_kill_in_the_middle_of_a_conversation_loses_and_doubles_nothing(make_server, browser: Browser):
    server = make_server()
    titania, oberon = (Window(browser, server).sign_in(name).open("lobby") for name in ("titania", "oberon"))
    said = []
    for number in range(12):
        if number % 4 == 2:
            server.kill()
        for window, name in ((titania, "T"), (oberon, "O")):
            said.append(f"{name}{number}")
            window.say(said[-1])
        if number % 4 == 2:
            server.start()
    for window in (titania, oberon):
        for text in said:
            window.sees(text, patience=RECONNECT)
    stored = [m["text"] for m in api.sign_in(server.url, "puck").history("lobby") if m["text"] in said]
    assert sorted(stored) == sorted(said)
    assert titania.texts()[-len(said):] == oberon.texts()[-len(said):], "the same order for both"
    for window in (titania, oberon):
        window.context.close()


def test_a_restored_database_is_loaded_anew(make_server, browser: Browser, tmp_path: Path):
    server = make_server()
    window = Window(browser, server).sign_in("titania").open("lobby")
    window.say("in the backup")
    window.sees("in the backup")
    database, backup = server.data / "parley.db", tmp_path / "backup.db"
    with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(backup)) as copy:
        live.backup(copy)
    window.say("said after the backup")
    window.sees("said after the backup")
    server.kill()
    for name in ("parley.db-wal", "parley.db-shm"):
        (server.data / name).unlink(missing_ok=True)
    database.write_bytes(backup.read_bytes())  # The same file with other contents, as `cp` does it.
    server.start()
    window.is_connected()
    window.sees("said after the backup", times=0, patience=RECONNECT)
    window.sees("in the backup")
    window.context.close()


def test_others_see_that_somebody_writes_until_they_stop_or_have_said_it(open_window: Open, room: str):
    titania, oberon = open_window("titania").open(room), open_window("oberon").open(room)
    line = oberon.page.locator("[data-typing]")
    titania.composer.press_sequentially("I think")
    expect(line).to_have_text("Titania Moonweaver is writing …")
    expect(titania.page.locator("[data-typing]")).to_have_text("")
    titania.composer.fill("")
    expect(line).to_have_text("")
    titania.composer.press_sequentially("I know")
    expect(line).to_have_text("Titania Moonweaver is writing …")
    oberon.screenshot("typing")
    titania.composer.press("Enter")
    oberon.sees("I know")
    expect(line).to_have_text("")


def test_three_tabs_are_one_person_whose_dot_goes_with_the_last(make_server, browser: Browser):
    server = make_server(presence_grace_seconds="1")
    api.sign_in(server.url, "oberon").post("/api/direct/", {"usernames": ["titania"]})
    oberon = Window(browser, server).sign_in("oberon")
    slug = next(r["slug"] for r in api.sign_in(server.url, "oberon").get("/api/rooms/")["rooms"]
                if r["kind"] == "direct" and {"oberon", "titania"} == {m["username"] for m in r["members"]})
    oberon.open("lobby")
    dot = oberon.page.locator(f'[data-room="{slug}"] [data-online]')
    expect(dot).to_be_hidden()
    titania = Window(browser, server).sign_in("titania").open("lobby")
    expect(dot).to_be_visible()
    tabs = [titania.context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto("/chat/lobby/")
        expect(tab.locator("[data-connection]")).to_be_hidden()
    oberon.screenshot("presence")
    titania.page.close()
    tabs[0].close()
    expect(dot).to_be_visible()
    titania.context.close()
    expect(dot).to_be_hidden()
    oberon.context.close()
