"""Taking one's data along, and leaving for good."""

from __future__ import annotations

import json

import requests
from playwright.sync_api import expect
from support import api
from support.server import run
from support.sockets import Socket
from support.totp import App
from test_admin import browser_session

PASSWORD = api.DEMO_PASSWORD


def talk(server) -> tuple[api.Person, api.Person, str, str]:
    titania, puck = api.sign_in(server.url, "titania"), api.sign_in(server.url, "puck")
    room = titania.create_room()["slug"]
    puck.post(f"/api/rooms/{room}/join/")
    direct = titania.post("/api/direct/", {"usernames": ["puck"]})["slug"]
    with Socket(server.ws, titania.access) as socket:
        socket.say(room, "said by titania")
        socket.say(direct, "between us")
    with Socket(server.ws, puck.access) as socket:
        socket.say(room, "said by puck")
        socket.say(direct, "and us alone")
    return titania, puck, room, direct


def test_an_export_has_what_is_mine_and_nothing_of_others(open_window, make_server, tmp_path):
    server = make_server()
    titania, _, room, direct = talk(server)
    made = titania.post("/api/profile/tokens/", {
        "name": "My script", "scopes": ["messages:read"], "days": 1, "password": PASSWORD})
    window = open_window("titania", server=server, complains=True)
    window.page.goto("/profile/")
    window.page.get_by_role("link", name="Take a copy of your data").click()
    window.page.get_by_label("Your password").fill("wrong")
    window.page.get_by_role("button", name="Download").click()
    expect(window.page.get_by_text("This is not your password.")).to_be_visible()
    window.page.get_by_label("Your password").fill(PASSWORD)
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "parley-titania.json"
    download.value.save_as(tmp_path / "export.json")
    text = (tmp_path / "export.json").read_text()
    export = json.loads(text)
    assert export["format"] == "parley-export" and export["account"]["username"] == "titania"
    said = [(message["room"], message["text"]) for message in export["messages"]]
    assert (room, "said by titania") in said and (direct, "between us") in said
    assert all(message["sender"]["username"] == "titania" for message in export["messages"])
    conversation = next(one for one in export["conversations"] if one["room"] == direct)
    assert [message["text"] for message in conversation["messages"]] == ["between us", "and us alone"]
    assert {person["username"] for person in conversation["people"]} == {"titania", "puck"}
    assert {session["device"] for session in export["sessions"]} >= {"Chrome on Linux"}
    assert [(token["name"], token["scopes"]) for token in export["tokens"]] == [("My script", ["messages:read"])]
    assert made["token"] not in text
    assert export["identities"] == export["passkeys"] == export["bots"] == []
    assert "said by puck" not in text and "argon2" not in text and "passwordHash" not in text
    by_api = titania.post("/api/profile/export/", {"password": PASSWORD})
    assert by_api["messages"] == export["messages"]
    refused = titania.request("POST", "/api/profile/export/", json={"password": "wrong"})
    assert refused.status_code == 422 and api.problem(refused)["field"] == "password"


def test_a_deleted_account_is_felt_by_open_pages_within_a_second_and_is_gone(open_window, make_server):
    server = make_server()
    titania, puck, room, direct = talk(server)
    watching = open_window("puck", server=server).open(room)
    window = open_window("titania", server=server, complains=True)
    elsewhere = open_window("titania", server=server, complains=True).open(room)
    window.page.goto("/profile/")
    window.page.get_by_role("link", name="Delete your account").click()
    expect(window.page.get_by_text("stays where it is, under the name “Deleted person”")).to_be_visible()
    window.page.get_by_label("Your password").fill("wrong")
    window.page.get_by_role("button", name="Delete my account for good").click()
    expect(window.page.get_by_text("This is not your password.")).to_be_visible()
    with Socket(server.ws, titania.access) as socket:
        window.page.get_by_label("Your password").fill(PASSWORD)
        window.page.get_by_role("button", name="Delete my account for good").click()
        assert socket.close_code() == 4200
    expect(window.page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    expect(watching.settled.first.locator(".message-sender")).to_have_text("Deleted person")
    expect(watching.page.get_by_text("said by titania")).to_be_visible()
    expect(watching.page.locator(f'[data-room="{direct}"] .room-link-name')).to_have_text("Deleted person")
    elsewhere.page.goto("/rooms/")
    elsewhere.page.wait_for_url("**/accounts/login/**")
    assert titania.request("GET", "/api/rooms/").status_code == 401
    assert puck.request("GET", "/api/users/titania/").status_code == 404
    again = requests.post(
        server.url + "/api/auth/register/", json={"username": "titania", "password": PASSWORD}, timeout=15)
    assert again.status_code == 409 and api.problem(again)["code"] == "username_taken"
    assert [message["text"] for message in puck.history(direct)] == ["between us", "and us alone"]
    admin = browser_session(server.url, "admin")
    assert "user.delete" in admin.get(server.url + "/admin/audit.jsonl", timeout=15).text
    assert "Titania" not in admin.get(server.url + "/admin/people/", timeout=15).text


def test_messages_go_along_where_the_setting_says_so(open_window, make_server):
    server = make_server(deleted_messages="remove")
    _, puck, room, direct = talk(server)
    watching = open_window("puck", server=server).open(room)
    titania = api.sign_in(server.url, "titania")
    titania.post("/api/profile/delete/", {"password": PASSWORD}, (204,))
    expect(watching.settled.first.locator(".message-text")).to_have_text("Removed by its author.")
    watching.page.reload()
    watching.is_connected()
    expect(watching.settled.first.locator(".message-text")).to_have_text("Removed by its author.")
    assert [(one["seq"], one["text"]) for one in puck.history(room)] == [(1, ""), (2, "said by puck")]
    assert [one["text"] for one in puck.history(direct)] == ["", "and us alone"]


def test_the_second_factor_is_asked_for(open_window, make_server):
    server = make_server()
    window = open_window("titania", server=server, complains=True)
    window.page.goto("/profile/two-factor/")
    app = App(window.page.locator("code").first.inner_text())
    window.page.get_by_label("Your password").fill(PASSWORD)
    window.page.get_by_label("The six digits").fill(app.code())
    window.page.get_by_role("button", name="Turn it on").click()
    recovery = window.page.locator(".recovery-codes code").first.inner_text()
    window.page.goto("/profile/delete/")
    for code, words in [(app.wrong_code(), "This is not the code"), (recovery, None)]:
        window.page.get_by_label("Your password").fill(PASSWORD)
        window.page.get_by_label("A code of your app").fill(code)
        window.page.get_by_role("button", name="Delete my account for good").click()
        if words:
            expect(window.page.get_by_text(words)).to_be_visible()
    expect(window.page.get_by_role("heading", name="Your account is deleted")).to_be_visible()


def test_the_last_administrator_stays_and_administrators_and_the_operator_delete_others(open_window, make_server):
    server = make_server()
    admin = open_window("admin", server=server, complains=True)
    admin.page.goto("/profile/delete/")
    admin.page.get_by_label("Your password").fill(PASSWORD)
    admin.page.get_by_role("button", name="Delete my account for good").click()
    expect(admin.page.get_by_role("alert")).to_contain_text("last administrator")
    puck = api.sign_in(server.url, "puck")
    admin.page.goto("/admin/people/")
    with Socket(server.ws, puck.access) as socket:
        admin.page.get_by_text("Delete Puck Trickfoot").click()
        admin.page.get_by_role("button", name="Delete puck for good").click()
        assert socket.close_code() == 4200
    expect(admin.page.get_by_text("Puck Trickfoot")).to_have_count(0)
    luna = api.sign_in(server.url, "luna")
    with Socket(server.ws, luna.access) as socket:
        run("user", "delete", "luna", "--data-dir", server.data)
        assert socket.close_code() == 4200
