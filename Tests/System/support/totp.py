"""An authenticator app: codes by RFC 6238, of a secret as the page shows it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time


class App:
    def __init__(self, secret: str):
        text = secret.replace(" ", "")
        self.secret = base64.b32decode(text + "=" * (-len(text) % 8))

    def code(self, later: int = 0) -> str:
        """The code of now, or of so many periods of 30 seconds later."""
        step = int(time.time()) // 30 + later
        digest = hmac.new(self.secret, struct.pack(">Q", step), hashlib.sha1).digest()
        offset = digest[-1] & 0xF
        number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06d}"

    def wrong_code(self) -> str:
        """One that is not right now, nor a period before or after."""
        near = {self.code(later) for later in range(-2, 3)}
        return next(code for code in map("{:06d}".format, range(10)) if code not in near)
