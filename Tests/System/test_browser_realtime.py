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
from support.server import Server, free_port
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
    expect(window.page.get_by_title("Connected without WebSocket")).to_be_visible()
    window.screenshot(f"detour-{transport}")
    # What works is remembered, so that the next page does not begin with failures.
    before = proxy.upgrades
    window.page.reload()
    uses(window, transport)
    assert proxy.upgrades == before


def test_a_handshake_that_leads_nowhere_is_noticed_and_gone_around(proxied: tuple[Server, Proxy, Window]):
    server, proxy, window = proxied
    proxy.handshakes = "hollow"
    window.sign_in("titania")
    window.page.goto("/chat/lobby/")
    window.is_connected()
    window.say("into a hollow socket")
    uses(window, "stream")
    window.sees("into a hollow socket")
    talk(server, window)


def test_websocket_gets_another_chance_when_the_memory_of_its_failure_is_old(proxied: tuple[Server, Proxy, Window]):
    server, proxy, window = proxied
    window.sign_in("titania")
    window.page.goto("/chat/lobby/")
    uses(window, "stream")
    proxy.handshakes = "passed"
    window.page.evaluate('''() => {
        const memory = JSON.parse(sessionStorage.getItem("parley.transport"))
        sessionStorage.setItem("parley.transport", JSON.stringify({ ...memory, until: Date.now() }))
    }''')
    server.kill()
    server.start()
    uses(window, "websocket")
    expect(window.page.get_by_title("Connected without WebSocket")).to_be_hidden()
    talk(server, window)


def test_whoever_leaves_an_event_stream_is_gone_as_soon_as_with_a_socket(make_server, browser: Browser):
    proxy = Proxy()
    server = make_server(allowed_origins=proxy.url, presence_grace_seconds="1")
    proxy.server = server
    slug = api.sign_in(server.url, "oberon").post("/api/direct/", {"usernames": ["titania"]})["slug"]
    oberon, titania = Window(browser, server).sign_in("oberon").open(slug), Window(browser, proxy).sign_in("titania")
    dot = oberon.page.locator(".room-title [data-online]")
    titania.page.goto("/chat/lobby/")
    uses(titania, "stream")
    expect(dot).to_be_visible()
    oberon.screenshot("presence-header")
    titania.page.goto("about:blank")
    expect(dot).to_be_hidden(timeout=15_000)
    for window in (oberon, titania):
        window.context.close()
    proxy.close()


def test_one_window_too_many_ends_the_oldest_until_it_is_wanted_again(make_server, browser: Browser):
    server = make_server(sockets_per_person_max="1")
    first = Window(browser, server).sign_in("titania").open("lobby")
    second = Window(browser, server).sign_in("titania").open("lobby")
    here = first.page.get_by_role("button", name="Use it here")
    expect(here).to_be_visible()
    expect(first.page.get_by_text("Parley is open in too many windows.")).to_have_count(2)  # To see, and to hear.
    first.screenshot("too-many-windows")
    api.sign_in(server.url, "oberon").post("/api/rooms/lobby/messages/", {"text": "said to the other window"})
    second.sees("said to the other window")
    first.sees("said to the other window", times=0)
    here.click()
    first.is_connected()
    first.sees("said to the other window")
    expect(second.page.get_by_role("button", name="Use it here")).to_be_visible()
    for window in (first, second):
        window.context.close()


def test_a_reload_loses_nothing_that_was_typed(make_server, browser: Browser):
    server = make_server()
    window = Window(browser, server).sign_in("titania").open("lobby")
    server.kill()
    window.say("sent into the dark")
    window.composer.press_sequentially("begun and not se")
    server.start()
    window.page.reload()
    window.sees("sent into the dark", patience=RECONNECT)
    expect(window.composer).to_have_value("begun and not se")
    window.context.close()


@pytest.mark.parametrize("place", ["/chat/lobby/", "/rooms/"])
def test_what_was_not_sent_when_its_tab_was_closed_is_sent_by_the_next(make_server, browser: Browser, place: str):
    server = make_server()
    window = Window(browser, server).sign_in("titania").open("lobby")
    window.context.set_offline(True)
    for text in ("written first", "written second"):
        window.say(text)
        expect(window.pending(text)).to_have_count(1)
    window.page.close()
    window.context.set_offline(False)
    window.page = window.context.new_page()
    oberon = Window(browser, server).sign_in("oberon").open("lobby")
    window.page.goto(place)
    oberon.sees("written second", patience=RECONNECT)
    assert oberon.texts()[-2:] == ["written first", "written second"]
    for each in (window, oberon):
        each.context.close()


def test_two_tabs_that_both_wait_with_the_same_messages_send_them_once(make_server, browser: Browser):
    server = make_server()
    window = Window(browser, server).sign_in("titania").open("lobby")
    second = window.context.new_page()
    second.goto("/chat/lobby/")
    expect(second.locator("html")).to_have_attribute("data-connection-state", "open")
    window.context.set_offline(True)
    window.say("written once")
    expect(second.locator(".message.is-pending")).to_have_count(1)
    window.context.set_offline(False)
    window.sees("written once", patience=RECONNECT)
    for page in (window.page, second):
        expect(page.locator("[data-messages]").get_by_text("written once", exact=True)).to_have_count(1)
        expect(page.locator(".message.is-pending")).to_have_count(0)
    stored = [m["text"] for m in api.sign_in(server.url, "oberon").history("lobby")]
    assert stored.count("written once") == 1
    window.context.close()


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
    api.sign_in(server.url, "oberon").post("/api/rooms/lobby/messages/", {"text": "said after the backup"})
    window.sees("said after the backup")
    window.context.set_offline(True)
    window.say("still on its way")
    server.kill()
    for name in ("parley.db-wal", "parley.db-shm"):
        (server.data / name).unlink(missing_ok=True)
    database.write_bytes(backup.read_bytes())  # The same file with other contents, as `cp` does it.
    server.start()
    # It gets the number that the lost message had.
    api.sign_in(server.url, "oberon").post("/api/rooms/lobby/messages/", {"text": "said to the restored server"})
    window.context.set_offline(False)
    window.sees("said to the restored server", patience=RECONNECT)
    window.sees("said after the backup", times=0)
    window.sees("in the backup")
    window.sees("still on its way")
    expect(window.page.get_by_text("The history of this room was loaded anew.")).to_have_count(2)  # To see, and to hear.
    window.screenshot("reloaded")
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


def test_below_a_path_the_page_works_as_it_does_at_the_root(make_server, open_window):
    port = free_port()
    server = make_server(public_url=f"http://127.0.0.1:{port}/team", also_listen=f"127.0.0.1:{port}")
    server.url = f"http://127.0.0.1:{port}"
    window = open_window("puck", server=server)
    window.page.get_by_role("link", name="Lobby").first.click()
    window.page.wait_for_url("**/team/chat/lobby/")
    window.is_connected()
    window.say("Below a path")
    window.sees("Below a path")
