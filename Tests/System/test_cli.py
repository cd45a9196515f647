"""The command line: every setting is known by name, every refusal says what to do, nothing is done twice."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import api
from support.server import CHECKOUT, run
from test_admin import browser_session
from test_hooks import form

VARIABLE = re.compile(r"PARLEY_[A-Z0-9_]+")


def refused(*arguments: object, **environment: str) -> str:
    done = run(*arguments, check=False, **environment)
    assert done.returncode != 0, f"{arguments} was taken:\n{done.stdout}"
    return done.stdout + done.stderr


def content(data: Path) -> dict[str, list]:
    """Every table of the database, row by row."""
    with closing(sqlite3.connect(f"file:{database(data)}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)}


def database(data: Path) -> Path:
    found = [path for path in data.iterdir() if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"]
    assert len(found) == 1, f"databases in {data}: {found}"
    return found[0]


@pytest.fixture
def data(demo_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_data, tmp_path / "data"))


def test_settings_are_listed_by_the_names_that_the_environment_has():
    listed = set(VARIABLE.findall(run("settings").stdout))
    assert {"PARLEY_LISTEN", "PARLEY_DATA_DIR", "PARLEY_PUBLIC_URL"} <= listed


def test_the_example_file_is_complete_and_knows_nothing_more():
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    assert set(VARIABLE.findall(example)) == set(VARIABLE.findall(run("settings").stdout))


def test_the_example_file_is_taken_as_it_is(tmp_path: Path):
    run("settings", "--settings-file", CHECKOUT / ".env.example")


def test_a_setting_says_its_value_and_where_it_came_from(tmp_path: Path):
    file = tmp_path / "settings"
    file.write_text("PARLEY_MESSAGE_CHARACTERS_MAX=1234\n", encoding="utf-8")
    assert "1234" in run("settings", "--settings-file", file).stdout
    assert "2345" in run("settings", PARLEY_MESSAGE_CHARACTERS_MAX="2345").stdout
    both = run("settings", "--settings-file", file, PARLEY_MESSAGE_CHARACTERS_MAX="2345").stdout
    assert "2345" in both and "1234" not in both, "the environment comes before the file"


@pytest.mark.parametrize("command", ["serve", "settings", "migrate"])
def test_an_unknown_setting_stops_the_start_with_its_name(tmp_path: Path, command: str):
    file = tmp_path / "settings"
    file.write_text("PARLEY_NO_SUCH_THING=1\n", encoding="utf-8")
    data = ("--data-dir", tmp_path / "data") if command != "settings" else ()
    assert "PARLEY_NO_SUCH_THING" in refused(command, *data, PARLEY_NO_SUCH_THING="1")
    assert "PARLEY_NO_SUCH_THING" in refused(command, *data, "--settings-file", file)
    assert "no-such-thing" in refused(command, *data, "--no-such-thing", "1")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name, value", [
    ("PARLEY_MESSAGE_CHARACTERS_MAX", "plenty"),
    ("PARLEY_MESSAGE_CHARACTERS_MAX", "-1"),
    ("PARLEY_ALLOW_QUERY_TOKEN", "perhaps"),
    ("PARLEY_PUBLIC_URL", "chat.example.org"),
    ("PARLEY_LISTEN", "everywhere"),
    ("PARLEY_LISTEN", "127.0.0.1:99999"),
    ("PARLEY_ACCESS_TOKEN_SECONDS", "soon"),
])
def test_a_malformed_setting_stops_the_start_with_its_name_and_what_was_read(tmp_path: Path, name: str, value: str):
    said = refused("serve", "--data-dir", tmp_path / "data", **{name: value})
    assert name in said and value in said, said
    assert len(said) > len(name) + len(value) + 20, f"what is allowed is not said: {said}"


def test_no_secret_is_printed_by_settings(data: Path):
    done = run("settings", "--data-dir", data)
    names = [name for name in VARIABLE.findall(done.stdout) if re.search("SECRET|(?<!PASS)KEY", name)]
    assert names, "no secret setting is listed"
    for name in set(names):
        # 32 bytes in either of the two usual spellings; whichever is refused is not printed either.
        for value in ("A1b2C3d4" * 5 + "abc=", "0f1e2d3c" * 8):
            said = run("settings", "--data-dir", data, check=False, **{name: value})
            assert value not in said.stdout + said.stderr, name


def test_making_the_demo_data_twice_changes_nothing(data: Path):
    before = content(data)
    run("demo", "--data-dir", data)
    assert content(data) == before


def test_demo_data_is_refused_where_the_public_url_is_not_local_unless_forced(tmp_path: Path):
    options = ("demo", "--data-dir", tmp_path / "data", "--public-url", "https://chat.example.org")
    assert "https://chat.example.org" in refused(*options)
    assert not (tmp_path / "data").exists()
    run(*options, "--force")


def test_a_database_newer_than_the_binary_is_refused_and_untouched(data: Path):
    with closing(sqlite3.connect(database(data))) as connection:
        connection.execute("INSERT INTO grdb_migrations (identifier) VALUES ('9999 from the future')")
        connection.commit()
    before, rows = database(data).read_bytes(), content(data)
    for command in (("serve", "--listen", "127.0.0.1:0"), ("migrate",), ("demo",)):
        assert "newer" in refused(*command, "--data-dir", data)
    assert content(data) == rows and database(data).read_bytes() == before


def test_migrating_twice_is_fine(tmp_path: Path):
    for _ in range(2):
        run("migrate", "--data-dir", tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0, "others may look into the data directory"


def test_people_are_made_listed_and_given_a_role_and_a_password(make_server):
    server = make_server()
    here = ("--data-dir", server.data)
    run("user", "create", "quince", "--name", "Peter Quince", *here, stdin="a carpenter by trade\n")
    assert "quince" in run("user", "list", *here).stdout
    assert "quince" in refused("user", "create", "quince", *here)
    run("user", "set-role", "quince", "admin", *here)
    person = api.sign_in(server.url, "quince", "a carpenter by trade")
    assert person.get("/api/auth/me/")["role"] == "admin"
    run("user", "set-password", "quince", *here, stdin="a director of plays\n")
    api.sign_in(server.url, "quince", "a director of plays")
    run("user", "disable", "quince", *here)
    with pytest.raises(AssertionError, match="account_disabled|wrong_password"):
        api.sign_in(server.url, "quince", "a director of plays")
    assert "nobody-here" in refused("user", "disable", "nobody-here", *here)


def test_the_list_of_people_tells_suspended_ones_and_bots_from_others(make_server):
    server = make_server()
    session = browser_session(server.url, "admin")
    form(session, server, "/admin/people/puck/", do="suspend", seconds="3600")
    form(session, server, "/admin/people/titania/", do="disable")
    form(session, server, "/admin/bots/", username="quince", name="")
    lines = run("user", "list", "--data-dir", server.data).stdout.splitlines()
    listed = {line.split("\t")[0]: line.split("\t")[1:3] for line in lines}
    assert re.fullmatch(r"suspended until \d{4}-\d\d-\d\d \d\d:\d\d UTC", listed["puck"][1])
    assert listed["titania"] == ["member", "disabled"] and listed["admin"] == ["admin", "active"]
    assert listed["quince"] == ["member (bot)", "active"]


def test_rooms_are_made_and_listed(data: Path):
    run("room", "create", "Duke's oak", "--data-dir", data)
    listed = run("room", "list", "--data-dir", data).stdout
    assert "Duke's oak" in listed and "lobby" in listed


@pytest.mark.parametrize("command", ["", "serve", "demo", "migrate", "settings", "user", "room", "openapi", "keys"])
def test_every_verb_explains_itself(command: str):
    said = run(*filter(None, [command]), "--help").stdout
    assert "OVERVIEW" in said and "USAGE" in said
