"""A server with everything turned on, and somebody in each of the places that a page is shown in."""

from __future__ import annotations

import re
import time
from typing import Callable

import requests
from conftest import ROLES, session_of
from pages import Page
from support import api
from support.letters import PASSWORD, code_in, letter, link_in, mailing
from support.mailserver import MailServer
from support.provider import Provider, Visitor
from support.receiver import Receiver
from support.server import Server, free_port
from support.totp import App

#: Nothing is refused for being asked often.
OFTEN = {f"{name}_rate": "1000000/1" for name in (
    "reset_network", "report", "profile", "export", "hook", "sign_in_start", "room")}
#: Seconds that the first step of signing in is used for; it is good for longer.
HALF_WAY = 60


class World:
    def __init__(self, make_server: Callable[..., Server], make_empty: Callable[[], Server], browser):
        self.mail, self.provider, self.receiver = MailServer().start(), Provider(), Receiver().__enter__()
        try:
            port = free_port()
            # Passkeys need a name.
            self.server = make_server(
                port=port, public_url=f"http://localhost:{port}", members_make_bots="true", outgoing_addresses="any",
                **mailing(self.mail), **self.provider.setting(), **OFTEN)
            self.server.url = self.server.public_url
            self.empty = make_empty()
            #: What no link leads to, by role: asked before all else, so that it stands for what is alike.
            self.addresses: dict[str, list[str]] = {role: [] for role in ROLES}
            #: What forms are answered with, by role.
            self.answers: dict[str, list[Page]] = {role: [] for role in ROLES}
            self.half_way: tuple[float, requests.Session] | None = None
            self.give_roles()
            self.make_things()
            self.lose_a_password()
            self.begin_with_a_provider()
            self.be_careful(browser)
            self.see_what_is_seen_once()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.mail.stop()
        self.provider.stop()
        self.receiver.__exit__(None, None, None)

    def session(self, role: str) -> requests.Session:
        """A browser's session, without a browser."""
        if role == "half way":
            if self.half_way is None or time.monotonic() - self.half_way[0] > HALF_WAY:
                visitor = Visitor(self.server.url)
                answer = visitor.sign_in("thistle")
                assert answer.headers["Location"].startswith("/accounts/login/code/"), answer.text
                self.half_way = time.monotonic(), self.like_browser(visitor.http)
            return self.copied(self.half_way[1])
        if role == "careful":  # Each of the app's codes is good once.
            return self.copied(self.careful)
        session = session_of(self.server, ROLES[role])
        # The page before brings the cookie that a form goes with.
        session.get(self.server.url + "/accounts/login/", timeout=30)
        return session

    def like_browser(self, session: requests.Session) -> requests.Session:
        session.headers.update({"Origin": self.server.url, "Accept": "text/html"})
        return session

    def copied(self, session: requests.Session) -> requests.Session:
        copy = self.like_browser(requests.Session())
        copy.cookies.update(session.cookies)
        return copy

    def send(self, session: requests.Session, path: str, status: int = 200, **fields: str) -> requests.Response:
        answer = session.post(self.server.url + path, data=fields, timeout=30)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer

    def keep(self, role: str, answer: requests.Response, name: str) -> None:
        """Takes an answer to a form as a page. `name` tells it from the page at the same address."""
        self.answers[role].append(Page(role, answer.url, answer.text, answer.status_code, answers=name))

    # What there is.

    def give_roles(self) -> None:
        admin = self.session("admin")
        for role in ("moderator", "guest"):
            self.send(admin, f"/admin/people/{ROLES[role]}/", do="role", role=role)

    def make_things(self) -> None:
        admin = self.session("admin")
        self.keep("admin", self.send(admin, "/admin/invitations/", days="7", usesMax="1", role="member"), "a link")
        self.send(admin, "/admin/people/bramble/", do="disable")
        self.send(admin, "/people/cobweb/", do="suspend", seconds="3600")
        titania = api.sign_in(self.server.url, "titania")
        titania.post("/api/rooms/lobby/messages/3/report/", {"reason": "It was he."})
        room = titania.create_room(name="Hooked")["slug"]
        member, hooks = self.session("member"), f"/rooms/{room}/hooks/"
        self.keep("member", self.send(member, hooks + "incoming/", name="CI server"), "the address of a hook")
        self.keep("member", self.send(member, hooks + "outgoing/", address=self.receiver.url), "the secret of a hook")
        outgoing = re.search(rf"{hooks}outgoing/\d+/", member.get(self.server.url + hooks, timeout=30).text).group()
        with self.receiver.arrived:
            titania.post(f"/api/rooms/{room}/messages/", {"text": "Is all our company here?"})
            assert self.receiver.arrived.wait_for(lambda: self.receiver.received, 20)
        self.addresses["member"] += [hooks, outgoing]
        # Of a room that they are not in.
        self.addresses["moderator"] += [f"/rooms/{room}/settings/", f"/chat/{room}/"]
        for path in ("mutes/puck", "bans/luna"):
            api.answered(titania.request("PUT", f"/api/rooms/{room}/{path}/", json={}), 204)
        titania.request("DELETE", "/api/rooms/lobby/messages/2/")
        for role, page in (("member", "/profile/bots/"), ("admin", "/admin/bots/")):
            session, bot = self.session(role), f"{role}s-bot"
            self.send(session, page, username=bot, name="A bot")
            self.keep(role, self.send(
                session, f"/profile/bots/{bot}/tokens/", name="The play", days="7", password=api.DEMO_PASSWORD,
                **{"scope:messages:write": "on"}), "the token of a bot")
            self.addresses[role].append(f"/profile/bots/{bot}/")
        self.keep("member", self.send(
            member, "/profile/tokens/", name="A script", days="7", password=api.DEMO_PASSWORD,
            **{"scope:messages:read": "on"}), "a token")

    def lose_a_password(self) -> None:
        for username in ("fern", ROLES["moderator"]):
            owner, address = session_of(self.server, username), f"{username}@chat.test"
            self.send(owner, "/verify/address/", email=address, password=api.DEMO_PASSWORD)
            self.send(owner, "/verify/", code=code_in(letter(self.mail, address, "code")))
            letter(self.mail, address, "Welcome")
        nobody = self.session("signed out")
        self.keep("signed out", self.send(nobody, "/password/reset/", account="fern"), "sent")
        link = link_in(letter(self.mail, "fern@chat.test", "new password"))
        self.addresses["signed out"].append(link.removeprefix(self.server.url))

    def begin_with_a_provider(self) -> None:
        self.provider.knows("thistle", email="thistle@example.org", email_verified=True)
        self.keep("signed out", self.send(self.session("signed out"), "/auth/club/"), "on to it")

    def be_careful(self, browser) -> None:
        """Somebody with an app, a passkey, a provider and an address that is not verified yet."""
        self.careful = session_of(self.server, "thistle")
        visitor = Visitor(self.server.url)
        visitor.http = self.careful
        visitor.sign_in("thistle", page="/profile/", linking="1")
        self.send(self.careful, "/verify/address/", email="thistle@chat.test", password=api.DEMO_PASSWORD)
        page = self.careful.get(self.server.url + "/profile/two-factor/", timeout=30).text
        enrolment = re.search(r'name="enrolment" value="([^"]+)"', page).group(1)
        app = App(re.search(r'aria-labelledby="scan-title".*?<code[^>]*>([^<]+)</code>', page, re.S).group(1))
        self.keep("careful", self.send(
            self.careful, "/profile/two-factor/", enrolment=enrolment, password=api.DEMO_PASSWORD, code=app.code()),
            "recovery codes")
        self.add_passkey(browser)

    def add_passkey(self, browser) -> None:
        from support.authenticator import Authenticator
        from support.browser import Window

        window = Window(browser, self.server)
        window.context.add_cookies([
            {"name": cookie.name, "value": cookie.value, "url": self.server.url} for cookie in self.careful.cookies])
        Authenticator(window)
        window.page.goto("/profile/passkeys/")
        window.page.get_by_label("What you will know it by").fill("A telephone")
        window.page.get_by_role("button", name="Add a passkey").click()
        window.page.get_by_role("listitem").filter(has_text="A telephone").wait_for()
        window.context.close()

    def see_what_is_seen_once(self) -> None:
        nobody = self.session("signed out")
        link = re.search(r"http\S+/setup/\?token=\S+", self.empty.log).group()
        self.keep("signed out", requests.get(link, timeout=30), "a new server")
        self.keep("signed out", self.send(nobody, "/accounts/login/", 401, username="puck", password="wrong"), "wrong")
        self.keep("signed out", self.send(
            nobody, "/accounts/register/", 422, username="", name="", password=""), "nothing")
        leaving = self.session("signed out")
        self.send(leaving, "/accounts/register/", username="starveling", name="Robin", password=PASSWORD)
        self.keep("signed out", self.send(leaving, "/profile/delete/", password=PASSWORD), "farewell")
