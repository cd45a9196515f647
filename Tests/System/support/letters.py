"""Accounts with addresses, and the letters that a real mail server gets about them."""

from __future__ import annotations

import queue
import re
import time
import uuid
from typing import Callable, Iterator

import pytest
import requests

from support import api, mailserver
from support.mailserver import MailServer
from support.server import Server

PASSWORD = "a good long password"


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def mailing(mail_server: MailServer, **more: str) -> dict[str, str]:
    return {"smtp_url": mail_server.url, "smtp_starttls": "never", "mail_from": "Parley <chat@chat.test>",
            "email_code_rate": "1000/1", "reset_rate": "1000/1"} | more


@pytest.fixture(scope="module")
def strict(make_server: Callable[..., Server], mail_server: MailServer) -> Server:
    """Wants a verified address of everybody."""
    return make_server(**mailing(mail_server, email_verification="required"))


@pytest.fixture(scope="module")
def lax(make_server: Callable[..., Server], mail_server: MailServer) -> Server:
    return make_server(**mailing(mail_server))


def some_name() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


def letter(mail_server: MailServer, to: str, subject: str) -> str:
    """The next mail to an address, which is that one. Others wait: mails overtake each other."""
    others = []
    try:
        while (delivery := mail_server.take()).recipients != [to]:
            others.append(delivery)
    finally:
        for other in others:
            mail_server.deliveries.put(other)
    assert subject in delivery.message["Subject"], delivery.content
    return mailserver.plain(delivery)


def code_in(text: str) -> str:
    return re.search(r"^\s*(\d{6})\s*$", text, re.M).group(1)


def link_in(text: str) -> str:
    return re.search(r"http\S+/password/new/\?token=\S+", text).group()


def register(server: Server, email: str | None = None, **more: str) -> requests.Response:
    body = {"username": some_name(), "password": PASSWORD} | ({"email": email} if email else {}) | more
    return requests.post(server.url + "/api/auth/register/", json=body, timeout=30)


def join(server: Server, email: str, **more: str) -> api.Person:
    answer = register(server, email, **more)
    body = api.answered(answer, 201)
    return api.Person(server.url, body["user"]["username"], PASSWORD, requests.Session(), body)


def verified(server: Server, mail_server: MailServer, email: str, **more: str) -> api.Person:
    person = join(server, email, **more)
    person.post("/api/auth/email/verify/", {"code": code_in(letter(mail_server, email, "code"))})
    letter(mail_server, email, "Welcome")
    return person


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def no_mail(mail_server: MailServer, to: str) -> None:
    """None comes, also not in the time in which the queue is looked at twice: there is nothing to wait for."""
    until = time.monotonic() + 2
    with pytest.raises(queue.Empty):
        while mail_server.take(max(until - time.monotonic(), 0.01)).recipients != [to]:
            pass
