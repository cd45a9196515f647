"""A real mail server for the tests (aiosmtpd), with TLS and sign-in, that keeps what it is given."""

from __future__ import annotations

import asyncio
import email
import email.policy
import queue
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Callable

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from support.certificates import Certificate
from support.server import free_port

USERNAME, PASSWORD = "parley", "a password with spaces & ümlauts"


@dataclass
class Delivery:
    """One mail as it came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes
    own_name: str
    was_secure: bool
    username: str | None

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


@dataclass
class Behaviour:
    """What the server answers instead of taking a mail; each reply is used up, the last stays."""

    recipient: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    #: Called with a delivery before it is answered.
    on_data: Callable[[Delivery], None] | None = None

    @staticmethod
    def next(replies: list[str]) -> str | None:
        return (replies.pop(0) if len(replies) > 1 else replies[0]) if replies else None


class Handler:
    def __init__(self, server: "MailServer"):
        self.server = server

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = Behaviour.next(self.server.behaviour.recipient)
        self.server.tries.put(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        delivery = Delivery(
            envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content or b"", session.host_name or "",
            session.ssl is not None or self.server.is_implicit,
            session.auth_data.decode() if session.auth_data else None,
        )
        if self.server.behaviour.on_data:
            await asyncio.get_running_loop().run_in_executor(None, self.server.behaviour.on_data, delivery)
        refusal = Behaviour.next(self.server.behaviour.data)
        if refusal:
            return refusal
        self.server.deliveries.put(delivery)
        return "250 2.0.0 Taken as number 42"


class MailServer:
    """Listens on `port` while it is started. `implicit` is TLS from the first byte, else STARTTLS is offered where there
    is a certificate. With `wants_login` nothing is taken from somebody who is not signed in."""

    def __init__(self, certificate: Certificate | None = None, implicit: bool = False, wants_login: bool = False):
        self.port = free_port()
        self.is_implicit = implicit
        self.behaviour = Behaviour()
        self.deliveries: queue.Queue[Delivery] = queue.Queue()
        self.tries: queue.Queue[str] = queue.Queue()
        self.wants_login = wants_login
        self.context = None
        if certificate:
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(certificate.chain, certificate.key)
        self.controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"{'smtps' if self.is_implicit else 'smtp'}://localhost:{self.port}"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword):
        if (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode()):
            return AuthResult(success=True, auth_data=data.login)
        # `handled` would end the connection without a reply.
        return AuthResult(success=False, handled=False)

    def start(self) -> "MailServer":
        options = {}
        if self.is_implicit:
            options["ssl_context"] = self.context
        elif self.context:
            options["tls_context"] = self.context
        if self.wants_login:
            # On implicit TLS aiosmtpd does not see that there is any.
            options |= {"authenticator": self.authenticate, "auth_required": True,
                        "auth_require_tls": not self.is_implicit}
        self.controller = Controller(Handler(self), hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()
        return self

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    def __enter__(self) -> "MailServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def take(self, seconds: float = 20) -> Delivery:
        """The next mail, waited for."""
        return self.deliveries.get(timeout=seconds)


def plain(delivery: Delivery) -> str:
    part = delivery.message.get_body(("plain",))
    assert part is not None, delivery.content
    return part.get_content()
