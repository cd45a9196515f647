"""Everybody asks everything: each route and each real-time command, for each role, compared with one table. A route or a
command that is not in the table fails the test."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Iterator

import pytest
import requests
from route_table import BODIES, COMMANDS, ON_ROOMS, ON_THE_SERVER, command_frame
from support import api, walk
from support.provider import Provider, Visitor
from support.receiver import Receiver
from support.server import run
from test_bots import make_bot
from test_hooks import incoming, outgoing, room_of
from test_tokens import bearer, make_token

pytestmark = pytest.mark.timeout(300) if hasattr(pytest.mark, "timeout") else []


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def world(make_server, provider: Provider) -> walk.World:
    rates = {name: "1000000/1" for name in ["report_rate", "search_rate", "registration_rate", "sign_in_rate"]}
    return walk.World(make_server(account_tries_max="1000", outgoing_addresses="any", **rates, **provider.setting()))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What the server's own router has."""
    lines = run("routes", "--data-dir", tmp_path_factory.mktemp("routes") / "data").stdout.splitlines()
    return [line.split(" ", 1) for line in lines if not line.startswith("HEAD ")]


def slashed(path: str) -> str:
    return path if path.endswith("/") or "." in path.rsplit("/", 1)[1] or "**" in path else path + "/"


def filled(path: str, things: dict[str, str]) -> str:
    for name, value in things.items():
        path = path.replace("{" + name + "}", value)
    return path.replace("**", "css/base.css")


def statuses(world: walk.World, askers: list[str], route: str, things: dict[str, str], renew) -> str:
    """What each asker is answered. After each answer that may have changed something, there are new things."""
    method, path = route.split(" ")
    if "sessions/{id}" in path:
        # One that there is would end somebody's.
        nobody, renew_others = {"id": "77777"}, renew
        things, renew = things | nobody, lambda: renew_others() | nobody
    found = []
    for name in askers:
        asker = world.askers[name]
        answer = asker.ask(method, filled(slashed(path), things), BODIES.get(route, lambda: {})())
        found.append(str(answer.status_code))
        if method != "GET" and answer.status_code < 400:
            things = renew()
        # Some answers change who is asking.
        if any(word in path for word in ["logout", "register", "password", "sessions"]):
            asker.sign_in()
    return " ".join(found)


def compare(world: walk.World, table: dict[str, str], found: dict[str, str]) -> None:
    if os.environ.get("WALK_RECORD"):
        Path(os.environ["WALK_RECORD"]).open("a").writelines(f'    "{key}": "{value}",\n' for key, value in found.items())
    wrong = [f"{key}: expected {table[key]}, answered {value}" for key, value in found.items() if table[key] != value]
    assert not wrong, "\n".join(wrong)


def test_the_table_has_every_route_and_every_command_and_no_others(known):
    routes = {f"{method} {slashed(path)}" for method, path in known}
    told = set(ON_THE_SERVER) | set(ON_ROOMS)
    assert routes - told == set(), "routes without a line in route_table.py"
    assert told - routes == set(), "lines in route_table.py for routes that there are no more"
    assert set(run("routes", "--frames").stdout.split()) == set(COMMANDS)


def test_every_route_that_is_not_about_a_room_answers_each_role_as_the_table_says(world: walk.World):
    things = world.things()
    found = {
        route: statuses(world, walk.ON_THE_SERVER, route, things, world.things) for route in ON_THE_SERVER
    }
    compare(world, ON_THE_SERVER, found)


@pytest.mark.parametrize("kind", ["public", "private"])
def test_every_route_about_a_room_answers_each_role_as_the_table_says(world: walk.World, kind: str):
    column = ["public", "private"].index(kind)

    def renew() -> dict[str, str]:
        return world.room(kind)

    found = {}
    things = renew()
    for route in ON_ROOMS:
        username = world.outcast if "bans" in route or "mutes" in route else world.target
        # A page's report and a room's are the same thing.
        found[route] = statuses(
            world, walk.IN_A_ROOM, route, things | {"username": username},
            lambda username=username: renew() | {"username": username})
        things = renew()
    compare(world, {route: answers[column] for route, answers in ON_ROOMS.items()}, found)


@pytest.mark.parametrize("kind", ["public", "private"])
def test_every_real_time_command_answers_each_role_as_the_table_says(world: walk.World, kind: str):
    slug = world.room(kind)["slug"]
    column = ["public", "private"].index(kind)
    found = {}
    for command in COMMANDS:
        answers = []
        for name in walk.IN_A_ROOM[1:]:
            with world.socket(name) as socket:
                socket.send(**command_frame(command, slug), id=1)
                reply = socket.expect(
                    lambda frame: frame["type"] in ("ok", "error", "resumed") and frame.get("re") == 1)
                answers.append(reply.get("code", "ok"))
        found[command] = " ".join(answers)
    compare(world, {command: answers[column] for command, answers in COMMANDS.items()}, found)


def test_what_is_anothers_answers_in_the_same_words_as_what_is_not_there(world: walk.World):
    """Of private rooms and all in them, direct rooms, reports and event streams."""
    mine, nobody = world.askers["member"], {"slug": "nothing-here", "seq": "77777", "id": "77777", "stream": "0" * 32}
    room, things = world.room("private"), world.things()
    direct = world.owner.post("/api/direct/", {"usernames": [world.target]})["slug"]
    world.owner.post(f"/api/rooms/{direct}/messages/", {"text": "between us"})
    about_rooms = [
        (route, filled(slashed(route.split(" ")[1]), place | {"username": world.target}))
        for route in ON_ROOMS if "reports" not in route for place in [room, room | {"slug": direct}]]
    others = [
        (route, filled(slashed(route.split(" ")[1]), things | room))
        for route in [*ON_ROOMS, *ON_THE_SERVER]
        if "reports/{id}" in route or "{stream}" in route]
    for route, path in about_rooms + others:
        method, pattern = route.split(" ")
        there = mine.ask(method, path, BODIES.get(route, lambda: {})())
        missing = mine.ask(
            method, filled(slashed(pattern), nobody | {"username": world.target}), BODIES.get(route, lambda: {})())
        assert there.status_code == missing.status_code, f"{route}: {there.status_code}, {missing.status_code}"
        assert there.status_code in (403, 404), f"{route}: {there.status_code}"
        assert there.text == missing.text, f"{route}: {there.text}\n{missing.text}"


MADE_UP = "77777"


class Others:
    """One of each thing that has a number, of other people: titania's, of somebody who came by a provider, and the
    operator's."""

    def __init__(self, world: walk.World, provider: Provider):
        self.world, self.server = world, world.server
        self.titania, self.room, self.browser = room_of(self.server)
        sessions = self.titania.get("/api/profile/sessions/")["sessions"]
        self.session = next(str(each["id"]) for each in sessions if each["isCurrent"])
        self.token_text, token = make_token(self.titania, "account:read")
        self.token = str(token)
        self.linked = Visitor(self.server.url)
        self.linked.sign_in(provider.knows("linked", email="linked@example.org"))
        self.identity = self.number(self.linked.get("/profile/").text, r"/profile/providers/(\d+)/remove/")
        self.bots = ["walker-bot", "walker-robot"]
        self.bot_token_text, _ = [make_bot(self.server, name) for name in self.bots]
        page = world.operator.get(f"{self.server.url}/profile/bots/{self.bots[0]}/", timeout=15).text
        self.bot_token = self.number(page, r"/tokens/(\d+)/revoke/")
        self.hook_address = incoming(self.server, self.browser, self.room)
        self.incoming = self.hook_address.split("/")[-3]
        with Receiver() as receiver:
            outgoing(self.server, self.browser, receiver, self.room)
            self.titania.post(f"/api/rooms/{self.room}/messages/", {"text": "a message"})
            receiver.wait_for(1)
        self.outgoing = self.number(self.hooks_page(), r"/hooks/outgoing/(\d+)/")
        until = time.monotonic() + 15
        while 'name="delivery"' not in self.deliveries_page():
            assert time.monotonic() < until, self.deliveries_page()
            time.sleep(0.05)  # There is no event to wait for: that it is sent is written down after it has arrived.
        self.delivery = self.number(self.deliveries_page(), r'name="delivery" value="(\d+)"')
        self.invitation = world.things()["id"]

    @staticmethod
    def number(page: str, pattern: str) -> str:
        found = re.search(pattern, page)
        assert found, page
        return found.group(1)

    def hooks_page(self) -> str:
        return self.browser.get(f"{self.server.url}/rooms/{self.room}/hooks/", timeout=15).text

    def deliveries_page(self) -> str:
        path = f"/rooms/{self.room}/hooks/outgoing/{self.outgoing}/"
        return without_times(self.browser.get(self.server.url + path, timeout=15).text)

    def unharmed(self) -> None:
        """All are there, and are worth what they were."""
        self.titania.get("/api/auth/me/")
        for token in [self.token_text, self.bot_token_text]:
            answer = requests.get(self.server.url + "/api/auth/me/", headers=bearer(token), timeout=15)
            assert answer.status_code == 200, answer.text
        assert f"/profile/providers/{self.identity}/remove/" in self.linked.get("/profile/").text
        api.answered(requests.post(self.hook_address, json={"text": "By the hook."}, timeout=15), 200)
        assert f"/hooks/outgoing/{self.outgoing}/" in self.hooks_page() and ">Disable<" in self.hooks_page()
        page = self.world.operator.get(self.server.url + "/admin/invitations/", timeout=15).text
        assert f"/admin/invitations/{self.invitation}/revoke/" in page

    def end(self) -> None:
        """Whose they are may do with each what others may not: it was not the numbers that were wrong."""
        origin = {"Origin": self.server.url}
        hooks = f"/rooms/{self.room}/hooks"
        operator, titania, linked = self.world.operator, self.browser, self.linked.http
        # The only way in is no more where there is a password.
        self.linked.post("/profile/password/", password=walk.PASSWORD)
        for session, path, body in [
            (titania, f"{hooks}/outgoing/{self.outgoing}/", {"do": "resend", "delivery": self.delivery}),
            (titania, f"{hooks}/outgoing/{self.outgoing}/", {"do": "delete"}),
            (titania, f"{hooks}/incoming/{self.incoming}/", {"do": "delete"}),
            (titania, f"/profile/tokens/{self.token}/revoke/", {}),
            (titania, f"/profile/sessions/{self.session}/end/", {}),
            (linked, f"/profile/providers/{self.identity}/remove/", {}),
            (operator, f"/profile/bots/{self.bots[0]}/tokens/{self.bot_token}/revoke/", {}),
            (operator, f"/admin/invitations/{self.invitation}/revoke/", {}),
        ]:
            answer = session.post(
                self.server.url + path, data=body, headers=origin, allow_redirects=False, timeout=15)
            assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text}"
        assert self.titania.request("GET", "/api/auth/me/").status_code == 401


def without_times(text: str) -> str:
    return re.sub(r"<time [^>]*>[^<]*</time>", "", text)


def test_the_number_of_anothers_thing_answers_in_the_same_words_as_one_that_is_nobodys(
    world: walk.World, provider: Provider
):
    """Where it takes something of one's own to ask, the asker has it: a room with a hook, or a bot."""
    member, moderator, admin = (world.askers[role] for role in ["member", "moderator", "admin"])
    others = Others(world, provider)
    room = member.ask("POST", "/api/rooms/", {"name": "A room of one's own"}).json()["slug"]
    made = member.ask("POST", f"/rooms/{room}/hooks/outgoing/", {"address": "http://127.0.0.1:9/"})
    hook = Others.number(made.text, r"/hooks/outgoing/(\d+)/")
    hooks, theirs = f"/rooms/{room}/hooks", f"/rooms/{others.room}/hooks"
    bot = f"/profile/bots/{others.bots[0]}"
    # The id is what `{id}` stands for: in the path, or in what is sent.
    asked = [
        (asker, method, path, {}, number)
        for asker in [member, moderator, admin] for method, path, number in [
            ("POST", "/profile/sessions/{id}/end/", others.session),
            ("DELETE", "/api/profile/sessions/{id}/", others.session),
            ("POST", "/profile/tokens/{id}/revoke/", others.token),
            ("DELETE", "/api/profile/tokens/{id}/", others.token),
            # Tokens and sign-ins are of one kind inside.
            ("POST", "/profile/sessions/{id}/end/", others.token),
            ("DELETE", "/api/profile/tokens/{id}/", others.session),
            ("POST", "/profile/tokens/{id}/revoke/", others.bot_token),
            ("DELETE", "/api/profile/tokens/{id}/", others.bot_token),
            ("POST", "/profile/providers/{id}/remove/", others.identity),
        ]
    ] + [
        (member, "POST", "/admin/sessions/{id}/end/", {}, others.session),
        (member, "POST", "/admin/invitations/{id}/revoke/", {}, others.invitation),
        (moderator, "POST", "/admin/sessions/{id}/end/", {}, others.session),
        (moderator, "POST", "/admin/invitations/{id}/revoke/", {}, others.invitation),
        # The token of a bot, asked for as a person's and as another bot's by who may manage both.
        (member, "POST", bot + "/tokens/{id}/revoke/", {}, others.bot_token),
        (admin, "POST", f"/profile/bots/{others.bots[1]}/tokens/{{id}}/revoke/", {}, others.bot_token),
        (admin, "POST", bot + "/tokens/{id}/revoke/", {}, others.token),
        (member, "GET", hooks + "/outgoing/{id}/", {}, others.outgoing),
        (member, "GET", theirs + "/outgoing/{id}/", {}, others.outgoing),
        (member, "POST", f"{hooks}/outgoing/{hook}/", {"do": "resend", "delivery": "{id}"}, others.delivery),
        *[(member, "POST", place + "/incoming/{id}/", {"do": what}, others.incoming)
          for place in [hooks, theirs] for what in ["renew", "delete"]],
        *[(member, "POST", place + "/outgoing/{id}/", {"do": what, "delivery": others.delivery}, others.outgoing)
          for place in [hooks, theirs] for what in ["renew", "disable", "enable", "delete", "resend"]],
    ]
    before = others.deliveries_page()
    wrong = []
    for asker, method, path, body, number in asked:
        def ask(number: str) -> tuple[int, str]:
            filled_body = {name: value.replace("{id}", number) for name, value in body.items()}
            answer = asker.ask(method, path.replace("{id}", number), filled_body)
            return answer.status_code, without_times(answer.text)

        there, missing = ask(number), ask(MADE_UP)
        if there != missing or there[0] not in (403, 404):
            wrong.append(f"{asker.username} {method} {path} {body}:\n{there}\n{missing}")
    assert not wrong, "\n".join(wrong)
    assert others.deliveries_page() == before, "sent again"
    others.unharmed()
    others.end()


def test_a_bot_of_anothers_answers_in_the_same_words_as_one_that_is_not_there(world: walk.World):
    member = world.askers["member"]
    make_bot(world.server, "walker-servant")
    for method, path, body in [
        ("GET", "/", {}), ("POST", "/", {"do": "disable"}), ("POST", "/", {"do": "delete"}),
        ("POST", "/tokens/", {"name": "x", "days": "1", "password": walk.PASSWORD, "scope:rooms:read": "on"}),
        ("POST", f"/tokens/{MADE_UP}/revoke/", {}),
    ]:
        there, missing = (
            member.ask(method, f"/profile/bots/{name}{path}", body) for name in ["walker-servant", "nobody-at-all"])
        assert there.status_code == missing.status_code == 404 and there.text == missing.text, there.text
