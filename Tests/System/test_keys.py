"""The server's keys are changed one by one, and nobody is signed out by it."""

from __future__ import annotations

import shutil
import stat

import pytest
from support import api
from support.server import run
from test_admin import browser_session

PURPOSES = ("access-tokens", "form-tokens", "pending-sign-ins", "doctor")


def test_a_new_key_of_each_kind_signs_nobody_out(make_server):
    server = make_server()
    person, browser = api.sign_in(server.url, "titania"), browser_session(server.url, "titania")
    page = browser.get(server.url + "/profile/", timeout=15).text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    for purpose in PURPOSES:
        run("keys", "rotate", purpose, "--data-dir", server.data)
    server.stop()
    server.start()
    assert person.get("/api/auth/me/")["username"] == "titania"
    browser.headers.pop("Origin", None)
    changed = browser.post(
        server.url + "/profile/", data={"csrf": token, "name": "Titania"}, timeout=15, allow_redirects=False)
    assert changed.status_code == 303, "a form of before is still good"
    renewed = api.sign_in(server.url, "puck")
    assert renewed.get("/api/auth/me/")["username"] == "puck"
    listed = run("keys", "list", "--data-dir", server.data).stdout
    assert all(f"{purpose}\tchanged 2" in listed for purpose in PURPOSES)
    assert "messages\tkey 1" in listed


def test_the_file_is_for_its_owner_alone_and_no_key_is_shown(demo_copy):
    done = run("keys", "rotate", "access-tokens", "--data-dir", demo_copy)
    file = demo_copy / "server-keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = file.read_text(encoding="utf-8").split()[2]
    shown = run("keys", "list", "--data-dir", demo_copy).stdout + done.stdout + done.stderr
    assert secret not in shown
    file.chmod(0o644)
    assert "readable by others" in run("doctor", "--data-dir", demo_copy, check=False).stdout


def test_an_unknown_kind_is_told_apart(demo_copy):
    done = run("keys", "rotate", "nonsense", "--data-dir", demo_copy, check=False)
    assert done.returncode != 0 and "access-tokens" in done.stderr
    assert not (demo_copy / "server-keys").exists()


@pytest.mark.parametrize("name, value", [
    ("PARLEY_TOKEN_KEY", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA=="),
    ("PARLEY_MESSAGE_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
])
def test_a_key_that_somebody_made_up_is_refused_where_strangers_come(tmp_path, name: str, value: str):
    public = {name: value, "PARLEY_PUBLIC_URL": "https://chat.example.com"}
    done = run("settings", "--data-dir", tmp_path, check=False, **public)
    assert done.returncode == 1 and "is not random" in done.stderr and value.split(":")[-1] not in done.stderr
    assert run("settings", "--data-dir", tmp_path, **{name: value}).returncode == 0, "on one's own machine it may do"


@pytest.fixture
def demo_copy(demo_data, tmp_path):
    shutil.copytree(demo_data, tmp_path / "data")
    return tmp_path / "data"
