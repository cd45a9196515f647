"""Webhooks: into a room from outside, and out of a room to a real receiver, signed, through outages and kills."""

from __future__ import annotations

import json
import re

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from support import api
from support.browser import DESKTOP, PHONE
from support.receiver import Receiver
from support.server import Server
from support.sockets import Socket
from test_admin import browser_session
from test_browser_pages import WCAG

QUICK = {"outgoing_addresses": "any", "hook_retry_seconds": "1", "hook_retry_seconds_max": "1"}


def shown_once(answer: requests.Response) -> str:
    """What a page shows once: a hook's address, or its secret."""
    assert answer.status_code == 200, answer.text
    return re.search(r'class="finding-cure" role="status">([^<]+)<', answer.text).group(1)


def form(session: requests.Session, server: Server, path: str, **fields: str) -> requests.Response:
    return session.post(server.url + path, data=fields, headers={"Origin": server.url}, timeout=30)


def incoming(server: Server, session: requests.Session, room: str = "lobby", name: str = "CI server") -> str:
    return shown_once(form(session, server, f"/rooms/{room}/hooks/incoming/", name=name))


def outgoing(server: Server, session: requests.Session, receiver: Receiver, room: str) -> str:
    return shown_once(form(session, server, f"/rooms/{room}/hooks/outgoing/", address=receiver.url))


@pytest.fixture(scope="module")
def hooked(make_server) -> Server:
    return make_server(**QUICK)


def room_of(server: Server, username: str = "titania") -> tuple[api.Person, str, requests.Session]:
    person = api.sign_in(server.url, username)
    return person, person.create_room()["slug"], browser_session(server.url, username)


# Into a room.


def test_what_is_sent_to_a_hook_is_written_in_its_room_by_a_bot_of_its_name(server: Server):
    person, room, session = room_of(server)
    address = incoming(server, session, room)
    assert re.fullmatch(re.escape(server.public_url) + r"/hooks/\d+/parley_hook_[0-9A-Za-z]{46}/", address)
    with Socket(server.ws, person.access) as socket:
        answer = requests.post(address, json={"text": "The build is green."}, timeout=30)
        assert answer.status_code == 200 and answer.json() == {"room": room, "seq": 1}
        message = socket.expect_message("The build is green.")["message"]
        assert message["sender"]["name"] == "CI server" and message["sender"]["isBot"] is True
    # Slack's and Discord's simple shapes; what else is in them is not looked at.
    assert requests.post(address, json={"content": "By Discord.", "tts": False}, timeout=30).json()["seq"] == 2
    assert requests.post(address, json={"text": "Red.", "username": "main", "icon": 1}, timeout=30).json()["seq"] == 3
    assert [message["text"] for message in person.history(room)] == ["The build is green.", "By Discord.", "main: Red."]
    members = person.get(f"/api/rooms/{room}/members/")["members"]
    assert [member["name"] for member in members if member.get("isBot")] == ["CI server"]


def test_a_hook_writes_once_for_each_idempotency_key(server: Server):
    person, room, session = room_of(server)
    address = incoming(server, session, room)
    for _ in range(3):
        answer = requests.post(address, json={"text": "Once."}, headers={"Idempotency-Key": "build-17"}, timeout=30)
        assert answer.json()["seq"] == 1
    assert len(person.history(room)) == 1


@pytest.mark.parametrize("held, code", [("isAnnouncement", "announcements_only"), ("isLocked", "room_locked")])
def test_a_hook_writes_where_only_moderators_do_once_its_bot_is_one(server: Server, held: str, code: str):
    person, room, session = room_of(server)
    address = incoming(server, session, room)
    members = person.get(f"/api/rooms/{room}/members/")["members"]
    bot = next(member["username"] for member in members if member.get("isBot"))
    api.answered(person.request("PATCH", f"/api/rooms/{room}/", json={held: True}), 200)
    refused = requests.post(address, json={"text": "hello"}, timeout=30)
    assert refused.status_code == 403 and api.problem(refused)["code"] == code
    role = f"/api/rooms/{room}/members/{bot}/role/"
    api.answered(person.request("PUT", role, json={"role": "moderator"}), 204)
    api.answered(requests.post(address, json={"text": "hello"}, timeout=30), 200)
    assert [message["text"] for message in person.history(room)] == ["hello"]


def test_a_hook_keeps_to_the_rules_of_texts_and_to_its_rate(make_server):
    server = make_server(hook_rate="3/3600")
    _, room, session = room_of(server)
    address = incoming(server, session, room)
    for body, code in (({}, "missing_field"), ({"text": " "}, "text_empty"), ({"text": "x" * 5000}, "text_too_long"),
                       ({"text": 1}, "invalid_field")):
        answer = requests.post(address, json=body, timeout=30)
        assert api.problem(answer)["code"] == code and answer.status_code == 422
    last = [requests.post(address, json={"text": "Hello."}, timeout=30) for _ in range(4)][-1]
    assert last.status_code == 429 and int(last.headers["Retry-After"]) > 0


def test_a_wrong_address_tells_nothing_of_which_hooks_there_are(server: Server):
    _, room, session = room_of(server)
    address = incoming(server, session, room)
    number, token = address.rstrip("/").split("/")[-2:]
    answers = [requests.post(f"{server.url}/hooks/{path}/", json={"text": "Hello."}, timeout=30)
               for path in (f"{number}/{token[:-1]}x", f"{int(number) + 1000}/{token}", f"0/{token}", "x/y")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1 and api.problem(answers[0])["code"] == "hook_not_found"


def test_a_hooks_address_is_stored_as_a_hash_is_not_in_the_log_and_ends_with_a_new_one(make_server):
    server = make_server(log_level="debug")
    _, room, session = room_of(server)
    address = incoming(server, session, room)
    requests.post(address, json={"text": "Hello."}, timeout=30)
    token = address.rstrip("/").split("/")[-1]
    requests.post(f"{server.url}//hooks/1/{token}", json={"text": "Hello."}, timeout=30)
    assert token not in server.log
    for file in server.data.iterdir():
        if file.is_file():
            assert token.encode() not in file.read_bytes(), file
    number = address.rstrip("/").split("/")[-2]
    renewed = shown_once(form(session, server, f"/rooms/{room}/hooks/incoming/{number}/", do="renew"))
    assert requests.post(address, json={"text": "Hello."}, timeout=30).status_code == 404
    assert requests.post(renewed, json={"text": "Hello."}, timeout=30).status_code == 200
    form(session, server, f"/rooms/{room}/hooks/incoming/{number}/", do="delete")
    assert requests.post(renewed, json={"text": "Hello."}, timeout=30).status_code == 404


# Out of a room.


def test_what_people_write_reaches_the_receiver_signed_as_the_standard_says(hooked: Server):
    person, room, session = room_of(hooked)
    with Receiver() as receiver:
        secret = outgoing(hooked, session, receiver, room)
        person.post(f"/api/rooms/{room}/messages/", {"text": "Ill met by moonlight. ☾"})
        [received] = receiver.wait_for(1)
        event = Webhook(secret).verify(received.body.decode(), received.headers)
        assert event["type"] == "message.created" and event["data"]["room"]["slug"] == room
        message = event["data"]["message"]
        assert message == person.history(room)[0] and event["timestamp"] == message["sentAt"]
        assert received.headers["Content-Type"] == "application/json"
        with pytest.raises(WebhookVerificationError):
            Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").verify(received.body.decode(), received.headers)


def test_what_bots_and_hooks_write_is_not_sent_on(hooked: Server):
    person, room, session = room_of(hooked)
    with Receiver() as receiver:
        outgoing(hooked, session, receiver, room)
        address = incoming(hooked, session, room)
        requests.post(address, json={"text": "By the hook."}, timeout=30)
        person.post(f"/api/rooms/{room}/messages/", {"text": "By a person."})
        [received] = receiver.wait_for(1)
        assert json.loads(received.body)["data"]["message"]["text"] == "By a person."


def test_nothing_is_lost_while_the_receiver_is_down_or_refuses(hooked: Server):
    person, room, session = room_of(hooked)
    with Receiver() as receiver:
        outgoing(hooked, session, receiver, room)
        receiver.status = 503
        person.post(f"/api/rooms/{room}/messages/", {"text": "one"})
        receiver.wait_for(1)
    person.post(f"/api/rooms/{room}/messages/", {"text": "two"})
    with Receiver(receiver.port) as again:
        received = again.wait_for(2)
        texts = {json.loads(one.body)["data"]["message"]["text"] for one in received}
        assert texts == {"one", "two"}
        assert {one.headers["webhook-id"] for one in received} >= {receiver.received[0].headers["webhook-id"]}


def test_nothing_is_lost_when_the_server_is_killed(make_server):
    server = make_server(**QUICK)
    person, room, session = room_of(server)
    receiver = Receiver()
    with receiver:
        outgoing(server, session, receiver, room)
    said = []
    for turn in range(3):
        for number in range(20):
            said.append(f"{turn}-{number}")
            person.post(f"/api/rooms/{room}/messages/", {"text": said[-1]})
        server.kill()
        server.start()
    ids: dict[str, str] = {}
    with Receiver(receiver.port) as again:
        # Killed in the middle of sending as well.
        again.wait_for(10)
        server.kill()
        server.start()
        person.post(f"/api/rooms/{room}/messages/", {"text": "last"})
        with again.arrived:
            def texts() -> set[str]:
                return {json.loads(one.body)["data"]["message"]["text"] for one in again.received}
            assert again.arrived.wait_for(lambda: texts() == {*said, "last"}, 60), sorted({*said} - texts())
            for one in again.received:
                # Twice, maybe; then under the same id, so that the receiver can tell.
                text = json.loads(one.body)["data"]["message"]["text"]
                assert ids.setdefault(text, one.headers["webhook-id"]) == one.headers["webhook-id"]
    assert len(set(ids.values())) == len(said) + 1


@pytest.mark.parametrize("address", [
    "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/", "https://localhost/",
    "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://10.0.0.1/",
    "http://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:25/", "https://user:pass@example.com/", "", "x"])
def test_a_hook_to_our_own_networks_or_to_no_address_is_refused(server: Server, address: str):
    _, room, session = room_of(server)
    answer = form(session, server, f"/rooms/{room}/hooks/outgoing/", address=address)
    assert answer.status_code == 422 and "whsec_" not in answer.text
    assert re.search(r'id="address-error">[^<]+<', answer.text), answer.text
    assert "Disable" not in session.get(f"{server.url}/rooms/{room}/hooks/", timeout=30).text


def test_where_a_refused_address_leads_is_in_the_log_alone(server: Server):
    _, room, session = room_of(server)
    answer = form(session, server, f"/rooms/{room}/hooks/outgoing/", address="https://10.0.3.4/")
    why = re.search(r'id="address-error">([^<]+)<', answer.text).group(1)
    assert why == "It leads to an address that is not on the internet."
    assert "refused=10.0.3.4" in server.log


def test_a_redirect_is_not_followed(hooked: Server):
    person, room, session = room_of(hooked)
    with Receiver() as receiver, Receiver() as inside:
        outgoing(hooked, session, receiver, room)
        receiver.status, receiver.location = 302, inside.url
        person.post(f"/api/rooms/{room}/messages/", {"text": "Hello."})
        receiver.wait_for(2)
        assert not inside.received


def test_a_hook_ends_with_its_makers_place_in_the_room(hooked: Server):
    titania, room, _ = room_of(hooked)
    titania.post(f"/api/rooms/{room}/invite/", {"username": "admin"})
    session = browser_session(hooked.url, "admin")
    with Receiver() as receiver, Receiver() as other:
        outgoing(hooked, session, receiver, room)
        outgoing(hooked, browser_session(hooked.url, "titania"), other, room)
        api.sign_in(hooked.url, "admin").post(f"/api/rooms/{room}/leave/")
        titania.post(f"/api/rooms/{room}/messages/", {"text": "They do not hear this."})
        other.wait_for(1)
        assert not receiver.received


def test_a_hook_that_fails_again_and_again_is_disabled_with_a_note(make_server):
    server = make_server(outgoing_addresses="any", hook_failures_max="2")
    person, room, session = room_of(server)
    with Receiver() as receiver:
        outgoing(server, session, receiver, room)
        receiver.status = 410
        person.post(f"/api/rooms/{room}/messages/", {"text": "Hello."})
        receiver.wait_for(1)
    page = session.get(f"{server.url}/rooms/{room}/hooks/", timeout=30).text
    deadline = 50
    while "410 Gone" not in page and deadline:
        page, deadline = session.get(f"{server.url}/rooms/{room}/hooks/", timeout=30).text, deadline - 1
    assert "disabled" in page and "410 Gone" in page


@pytest.mark.parametrize("path", ["", "incoming/", "incoming/1/", "outgoing/", "outgoing/1/"])
def test_a_rooms_hooks_are_for_its_members(server: Server, path: str):
    titania = api.sign_in(server.url, "titania")
    room = titania.create_room(kind="private")["slug"]
    session = browser_session(server.url, "puck")
    address = f"{server.url}/rooms/{room}/hooks/{path}"
    answer = form(session, server, f"/rooms/{room}/hooks/{path}", name="x") if path else session.get(address, timeout=30)
    assert answer.status_code == 404, answer.text


# On the page.


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_hooks_are_made_and_looked_after_on_the_page(hooked: Server, open_window, size: dict, scheme: str):
    titania = api.sign_in(hooked.url, "titania")
    room = titania.create_room()["slug"]
    window = open_window("titania", server=hooked, viewport=size, color_scheme=scheme)
    page = window.page
    name = f"{scheme}-{'phone' if size is PHONE else 'desktop'}"

    def looks_right(what: str) -> None:
        window.screenshot(f"{what}-{name}")
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    window.open(room)
    page.locator(".menu summary", has_text="Room options").click()
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_label("Name that it writes under").fill("CI server")
    page.get_by_role("button", name="Make an incoming hook").click()
    address = page.get_by_role("status").inner_text()
    requests.post(address, json={"text": "The build is green."}, timeout=30)
    with Receiver() as receiver:
        page.get_by_label("Address that it is sent to").fill(receiver.url)
        page.get_by_role("button", name="Make an outgoing hook").click()
        assert page.get_by_role("status").inner_text().startswith("whsec_")
        looks_right("hooks")
        titania.post(f"/api/rooms/{room}/messages/", {"text": "Well done."})
        receiver.wait_for(1)
        page.get_by_role("link", name="deliveries").click()
        expect(page.get_by_text("status 200")).to_have_count(1)
        looks_right("deliveries")
        page.get_by_role("button", name="Send again message").click()
        receiver.wait_for(2)
        assert receiver.received[0].headers["webhook-id"] == receiver.received[1].headers["webhook-id"]
    window.open(room)
    by_hook = window.sees("The build is green.")
    expect(by_hook.locator(".bot-mark")).to_be_visible()
    expect(window.sees("Well done.").locator(".bot-mark")).to_be_hidden()
    looks_right("bot-message")
