"""Everybody asks everything: each route and each real-time command, for each role, compared with one table. A route or a
command that is not in the table fails the test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from route_table import BODIES, COMMANDS, ON_ROOMS, ON_THE_SERVER, command_frame
from support import walk
from support.server import run

pytestmark = pytest.mark.timeout(300) if hasattr(pytest.mark, "timeout") else []


@pytest.fixture(scope="module")
def world(make_server) -> walk.World:
    rates = {name: "1000000/1" for name in ["report_rate", "search_rate", "registration_rate", "sign_in_rate"]}
    return walk.World(make_server(account_tries_max="1000", **rates))


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
    """Of private rooms and all in them, direct rooms, reports, invitations, sign-ins and event streams."""
    mine, nobody = world.askers["member"], {"slug": "nothing-here", "seq": "77777", "id": "77777", "stream": "0" * 32}
    room, things = world.room("private"), world.things()
    direct = world.owner.post("/api/direct/", {"usernames": [world.target]})["slug"]
    world.owner.post(f"/api/rooms/{direct}/messages/", {"text": "between us"})
    session = world.owner.request("GET", "/profile/").text
    assert session is not None
    about_rooms = [
        (route, filled(slashed(route.split(" ")[1]), place | {"username": world.target}))
        for route in ON_ROOMS if "reports" not in route for place in [room, room | {"slug": direct}]]
    others = [
        (route, filled(slashed(route.split(" ")[1]), things | room))
        for route in [*ON_ROOMS, *ON_THE_SERVER]
        if "reports/{id}" in route or "{stream}" in route or "sessions/{id}" in route]
    for route, path in about_rooms + others:
        method, pattern = route.split(" ")
        there = mine.ask(method, path, BODIES.get(route, lambda: {})())
        missing = mine.ask(
            method, filled(slashed(pattern), nobody | {"username": world.target}), BODIES.get(route, lambda: {})())
        assert there.status_code == missing.status_code, f"{route}: {there.status_code}, {missing.status_code}"
        assert there.status_code in (403, 404) or "sessions" in route, f"{route}: {there.status_code}"
        assert there.text == missing.text, f"{route}: {there.text}\n{missing.text}"
