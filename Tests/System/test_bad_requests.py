"""What the HTTP side does with what it should never have been sent."""

from __future__ import annotations

import pytest
import requests
from support import api
from support.server import Server

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', '{"username":"titania"', "\x00"])
def test_malformed_json_is_a_400(server: Server, body: str):
    answer = requests.post(server.url + "/api/auth/login/", data=body, headers=JSON, timeout=30)
    assert answer.status_code == 400 and api.problem(answer)["code"]


def test_a_wrong_media_type_is_a_415(server: Server):
    answer = requests.post(server.url + "/api/auth/login/", data="username=titania", timeout=30,
                           headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert api.problem(answer)["code"] == "unsupported_media_type"


def test_a_body_that_is_too_large_is_a_413(server: Server):
    answer = requests.post(server.url + "/api/auth/login/", data=b" " * 5_000_000, headers=JSON, timeout=30)
    assert answer.status_code == 413
    assert api.problem(answer)["code"] == "body_too_large"


@pytest.mark.parametrize("path", ["/api/no-such-thing", "/api/no-such-thing/", "/no-such-page"])
def test_an_unknown_route_is_a_problem_to_who_asks_for_json(server: Server, path: str):
    answer = requests.get(server.url + path, headers={"Accept": "application/json"}, timeout=30)
    assert answer.status_code == 404
    assert api.problem(answer)["code"] == "route_not_found"


def test_an_unknown_route_is_a_page_to_a_browser(server: Server):
    answer = requests.get(server.url + "/no-such-page", headers={"Accept": "text/html,*/*;q=0.8"}, timeout=30)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html") and "<h1" in answer.text


@pytest.mark.parametrize("path", ["/api/auth/me", "/api/rooms", "/api/rooms/lobby/messages"])
def test_the_api_answers_with_and_without_the_slash(server: Server, titania: api.Person, path: str):
    for variant in (path, path + "/"):
        answer = titania.request("GET", variant, allow_redirects=False)
        assert answer.status_code == 200, variant


def test_without_a_token_the_api_says_401_with_a_code(server: Server):
    answer = requests.get(server.url + "/api/rooms/", timeout=30)
    assert answer.status_code == 401 and api.problem(answer)["code"] == "credentials_missing"


def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(server: Server):
    person = api.register(server.url)
    renewed = api.answered(requests.post(
        server.url + "/api/auth/refresh/", json={"refresh": person.refresh}, timeout=30), 200)
    for token in (person.refresh, renewed["refresh"]):
        answer = requests.post(server.url + "/api/auth/refresh/", json={"refresh": token}, timeout=30)
        assert answer.status_code == 401, answer.text


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_next_never_leaves_the_site(server: Server, next_page: str):
    answer = requests.post(
        server.url + "/accounts/login/", allow_redirects=False, timeout=30,
        data={"username": "luna", "password": api.DEMO_PASSWORD, "next": next_page},
        headers={"Origin": server.url, "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303
    assert "evil" not in answer.headers["Location"] and "javascript" not in answer.headers["Location"]


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_a_form_from_elsewhere_signs_nobody_in_and_keeps_what_was_typed(server: Server, headers: dict):
    answer = requests.post(
        server.url + "/accounts/login/", headers=headers, allow_redirects=False, timeout=30,
        data={"username": "luna", "password": api.DEMO_PASSWORD, "csrf": "stale"},
    )
    assert answer.status_code != 303 and "Location" not in answer.headers
    assert 'value="luna"' in answer.text and 'role="alert"' in answer.text
