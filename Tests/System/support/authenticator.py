"""Chromium's virtual authenticator (CDP, domain WebAuthn): what a telephone or a security key does, without a finger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .browser import Window


class Authenticator:
    """One that keeps passkeys, and knows who uses it."""

    def __init__(self, window: Window, **options):
        self.session = window.context.new_cdp_session(window.page)
        self.session.send("WebAuthn.enable")
        wanted = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        } | options
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": wanted})["authenticatorId"]

    @property
    def credentials(self) -> list[dict]:
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def add(self, credential: dict, **changes) -> None:
        """Puts a copy of a credential in, as nobody should be able to."""
        self.session.send(
            "WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential | changes})

    def clear(self) -> None:
        self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})

    def knows_user(self, does: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": does})
