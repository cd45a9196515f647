"""Everybody who may knock, and the things that they may ask for, for the walk over all routes."""

from __future__ import annotations

import uuid

import requests
from support import api
from support.server import Server
from support.sockets import Socket

PASSWORD = "walking all day"
# Who asks, in the order of the table's columns. The last three are members of the server, and in the room.
ON_THE_SERVER = ["signed-out", "guest", "member", "moderator", "admin"]
IN_A_ROOM = [*ON_THE_SERVER, "room-member", "room-moderator", "room-owner"]


class Asker:
    """Somebody with a browser and a program; or nobody."""

    def __init__(self, server: Server, username: str | None):
        self.server, self.username = server, username
        self.browser = requests.Session()
        self.program = requests.Session()
        self.sign_in()

    def sign_in(self) -> None:
        self.browser.cookies.clear()
        if self.username is None:
            return
        form = {"username": self.username, "password": PASSWORD}
        answer = self.browser.post(
            self.server.url + "/accounts/login/", data=form, headers={"Origin": self.server.url}, timeout=15)
        assert answer.url.endswith("/rooms/"), answer.text
        self.access = api.sign_in(self.server.url, self.username, PASSWORD).access
        self.program.headers["Authorization"] = f"Bearer {self.access}"

    def ask(self, method: str, path: str, body: dict) -> requests.Response:
        if path.startswith("/api/"):
            json = body if method in ("POST", "PUT", "PATCH") else None
            return self.program.request(method, self.server.url + path, json=json, allow_redirects=False, timeout=30)
        data = body if method == "POST" else None
        return self.browser.request(
            method, self.server.url + path, data=data, allow_redirects=False, timeout=30,
            headers={"Origin": self.server.url, "Accept": "text/html"})


class World:
    """A server with somebody in each role, and rooms to ask about."""

    def __init__(self, server: Server):
        self.server = server
        self.admin = api.sign_in(server.url, "admin")
        self.askers = {"signed-out": Asker(server, None)}
        for role in ["guest", "member", "moderator", "admin", "room-member", "room-moderator", "room-owner"]:
            username = self.make(role)
            if role in ("guest", "moderator", "admin"):
                self.give_role(username, role)
            self.askers[role] = Asker(server, username)
        self.target, self.outcast, self.victim = (self.make(name) for name in ["target", "outcast", "victim"])
        self.make("newcomer")
        self.owner = api.sign_in(server.url, self.name("room-owner"), PASSWORD)
        self.author = api.sign_in(server.url, self.target, PASSWORD)
        self.reporter = api.sign_in(server.url, self.name("room-member"), PASSWORD)

    def name(self, role: str) -> str:
        return f"walker-{role}"

    def make(self, role: str) -> str:
        body = {"username": self.name(role), "password": PASSWORD, "name": role.title()}
        api.answered(requests.post(self.server.url + "/api/auth/register/", json=body, timeout=15), 200, 201)
        return self.name(role)

    def give_role(self, username: str, role: str) -> None:
        browser = requests.Session()
        form = {"username": "admin", "password": api.DEMO_PASSWORD}
        headers = {"Origin": self.server.url}
        browser.post(self.server.url + "/accounts/login/", data=form, headers=headers, timeout=15)
        done = browser.post(
            self.server.url + f"/admin/people/{username}/", data={"do": "role", "role": role}, headers=headers, timeout=15)
        assert done.status_code == 200, done.text

    def room(self, kind: str) -> dict[str, str]:
        """A new room, as the table's room routes need one: with everybody in it, a message that was reported, a ban and
        a mute. What stands in its paths."""
        slug = self.owner.create_room(kind=kind)["slug"]
        path = f"/api/rooms/{slug}"
        for role in ["room-member", "room-moderator", "target"]:
            self.owner.post(f"{path}/invite/", {"username": self.name(role)})
        self.put(f"{path}/members/{self.name('room-moderator')}/role/", {"role": "moderator"})
        for what in ["bans", "mutes"]:
            self.put(f"{path}/{what}/{self.outcast}/", {})
        seq = self.author.post(f"{path}/messages/", {"text": "a message"})["seq"]
        self.reporter.post(f"{path}/messages/{seq}/report/", {"reason": "rude"})
        report = self.owner.get("/api/reports/", limit=1)["reports"][0]
        assert report["room"] == slug
        return {"slug": slug, "seq": str(seq), "username": self.target, "id": str(report["id"])}

    def put(self, path: str, body: dict) -> None:
        api.answered(self.owner.request("PUT", path, json=body), 204)

    def things(self) -> dict[str, str]:
        """What stands in the paths of routes that are not about a room: things of others."""
        browser = requests.Session()
        form = {"username": "admin", "password": api.DEMO_PASSWORD}
        headers = {"Origin": self.server.url}
        browser.post(self.server.url + "/accounts/login/", data=form, headers=headers, timeout=15)
        made = {"days": "1", "usesMax": "1", "role": "member"}
        page = browser.post(self.server.url + "/admin/invitations/", data=made, headers=headers, timeout=15).text
        invitation = page.split("/revoke/")[0].rsplit("/", 1)[1]
        stream = self.admin.post("/api/events/")["stream"]
        return {"username": self.victim, "id": invitation, "stream": stream}

    def socket(self, asker: str) -> Socket:
        return Socket(self.server.ws, self.askers[asker].access)


def unused() -> str:
    return f"w{uuid.uuid4().hex[:12]}"
