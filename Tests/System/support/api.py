"""The HTTP API as a person uses it."""

from __future__ import annotations

import uuid

import requests

DEMO_PASSWORD = "faerie123"


class Person:
    """Somebody who is signed in by token."""

    def __init__(self, url: str, username: str, password: str, session: requests.Session, tokens: dict):
        self.url, self.username, self.password = url, username, password
        self.access, self.refresh = tokens["access"], tokens["refresh"]
        self.http = session
        self.http.headers["Authorization"] = f"Bearer {self.access}"

    def request(self, method: str, path: str, **options) -> requests.Response:
        return self.http.request(method, self.url + path, timeout=30, **options)

    def get(self, path: str, **query) -> dict:
        return answered(self.request("GET", path, params=query), 200)

    def post(self, path: str, body: dict | None = None, status: tuple[int, ...] = (200, 201, 204)) -> dict:
        return answered(self.request("POST", path, json={} if body is None else body), *status)

    def create_room(self, name: str | None = None, **fields) -> dict:
        return self.post("/api/rooms/", {"name": name or f"Room {uuid.uuid4().hex[:12]}", **fields}, (201,))

    def history(self, slug: str) -> list[dict]:
        """All messages of a room, oldest first, page by page."""
        messages: list[dict] = []
        while True:
            last = messages[-1]["seq"] if messages else 0
            page = self.get(f"/api/rooms/{slug}/messages/", after=last, limit=100)
            messages += page["messages"]
            if not page["hasMore"]:
                return messages

    def ticket(self) -> str:
        return self.post("/api/auth/ws-ticket/")["ticket"]


def answered(response: requests.Response, *status: int) -> dict:
    request = f"{response.request.method} {response.url}"
    assert response.status_code in status, f"{request}: {response.status_code} {response.text}"
    return response.json() if response.content else {}


def sign_in(
    url: str, username: str, password: str = DEMO_PASSWORD, session: requests.Session | None = None
) -> Person:
    session = session or requests.Session()
    body = {"username": username, "password": password}
    tokens = answered(session.post(url + "/api/auth/login/", json=body, timeout=30), 200)
    return Person(url, username, password, session, tokens)


def register(url: str, name: str | None = None) -> Person:
    """Somebody new, so that a test owes nothing to another one."""
    username = f"t{uuid.uuid4().hex[:12]}"
    password = f"pw-{uuid.uuid4().hex}"
    body = {"username": username, "password": password, "name": name or username.title()}
    answered(requests.post(url + "/api/auth/register/", json=body, timeout=30), 200, 201)
    return sign_in(url, username, password)


def problem(response: requests.Response) -> dict:
    """The body of a refusal, held to RFC 9457."""
    kind = response.headers["Content-Type"]
    assert kind.split(";")[0] == "application/problem+json", f"{kind}: {response.text}"
    body = response.json()
    assert body["status"] == response.status_code and body["code"], body
    return body
