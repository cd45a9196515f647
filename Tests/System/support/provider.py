"""Providers of sign-ins: a real one in a process of its own, and one of ours that does what no real one would."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import threading
import time
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from re import search
from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .server import ARTIFACTS, free_port


class Provider:
    """oidc-provider-mock (PyPI). It does not look at PKCE."""

    def __init__(self, *options: str):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        ARTIFACTS.mkdir(exist_ok=True)
        self.log = (ARTIFACTS / f"provider-{self.port}.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(self.port), *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            assert self.process.poll() is None, "the provider ended"
            try:
                requests.get(self.issuer + "/.well-known/openid-configuration", timeout=5).raise_for_status()
                return
            except requests.ConnectionError:
                time.sleep(0.05)  # There is no event to wait for: a port that opens tells nobody.
        raise AssertionError("the provider does not answer")

    def setting(self, name: str = "club", label: str = "Moth Club") -> dict[str, str]:
        return {
            "openid_providers": f'{name} issuer={self.issuer} client-id=parley label="{label}"',
            "openid_secrets": f"{name}=a-secret",
        }

    def knows(self, subject: str, **claims) -> str:
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=15).raise_for_status()
        return subject

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)
        self.log.close()


class Visitor:
    """A browser without JavaScript: cookies, forms and redirects."""

    def __init__(self, url: str, verify: str | bool = True, provider: str = "club"):
        self.url, self.provider = url, provider
        self.http = requests.Session()
        # Told each time: what the environment names would win over the session's.
        self.options = {"timeout": 15, "allow_redirects": False, "verify": verify}

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.url + path, **self.options)

    def post(self, path: str, **fields: str) -> requests.Response:
        """From a page of the site's own."""
        return self.http.post(self.url + path, data=fields, headers={"Origin": self.url}, **self.options)

    def begin(self, page: str = "/accounts/login/", **fields: str) -> str:
        """Presses the provider's button: the address at the provider that it leads to."""
        if "parley_session" not in str(self.http.cookies.keys()):
            self.get(page)
        answer = self.post(f"/auth/{self.provider}/", **fields)
        assert answer.status_code == 200, answer.text
        found = search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
        assert found, answer.text
        return unescape(found.group(1))

    def consent(self, address: str, subject: str) -> str:
        """At the provider: the address that it sends the browser back to."""
        answer = requests.post(address, data={"sub": subject}, timeout=15, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def come_back(self, address: str) -> requests.Response:
        return self.http.get(address, **self.options)

    def sign_in(self, subject: str, page: str = "/accounts/login/", **fields: str) -> requests.Response:
        return self.come_back(self.consent(self.begin(page, **fields), subject))

    def me(self) -> dict:
        answer = self.get("/api/auth/me/")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def is_signed_in(self) -> bool:
        return self.get("/api/auth/me/").status_code == 200


def code_of(response: requests.Response) -> str:
    """The stable code of a refusal's page."""
    found = search(r"<code>([a-z_]+)</code>", response.text)
    assert found, response.text
    return found.group(1)


def sentence_of(response: requests.Response) -> str:
    """What a refusal's page says to the person."""
    found = search(r'role="alert">([^<]+)</p>', response.text)
    assert found, response.text
    return unescape(found.group(1))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Liar:
    """A provider of our own that tells lies on demand, and holds its client to PKCE. Its answers to the browser are made
    by the test itself."""

    def __init__(self):
        self.keys = {"first": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.published = ["first"]
        self.signs_with = "first"
        self.algorithm = "RS256"
        self.lies: dict = {}
        self.asked: dict[str, str] = {}
        self.token_requests: list[dict] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(outer.discovery() if "openid-configuration" in self.path else outer.key_set())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                status, answer = outer.token(form, self.headers.get("Authorization", ""))
                self.answer(answer, status)

            def answer(self, value: dict, status: int = 200) -> None:
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def setting(self, name: str = "club") -> dict[str, str]:
        return {
            "openid_providers": f'{name} issuer={self.issuer} client-id=parley label="Lying Club"',
            "openid_secrets": f"{name}=a-secret",
        }

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def rotate(self, publish: bool = True) -> None:
        name = f"key {len(self.keys)}"
        self.keys[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = name
        if publish:
            self.published = [name]

    def takes_note(self, address: str) -> str:
        """What the browser brings: the query that sends it back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return f"{self.asked['redirect_uri']}?code=the-code&state={self.asked['state']}"

    def discovery(self) -> dict:
        return {
            "issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/token", "jwks_uri": self.issuer + "/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def key_set(self) -> dict:
        def key(name: str) -> dict:
            numbers = self.keys[name].public_key().public_numbers()
            return {
                "kty": "RSA", "kid": name, "use": "sig", "alg": "RS256", "e": "AQAB",
                "n": base64url(numbers.n.to_bytes(256, "big")),
            }

        return {"keys": [key(name) for name in self.published]}

    def token(self, form: dict, authorization: str) -> tuple[int, dict]:
        self.token_requests.append(form | {"authorization": authorization})
        challenge = base64url(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != self.asked["code_challenge"] or form["redirect_uri"] != self.asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.id_token()}

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "moth", "aud": "parley", "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"], "email": "moth@example.org", "email_verified": True,
        } | self.lies
        head = {"alg": self.algorithm, "kid": self.signs_with}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims)).encode()
        if self.algorithm == "none":
            return text.decode() + "."
        if self.algorithm == "HS256":
            mac = hmac.HMAC(b"a-secret", hashes.SHA256())
            mac.update(text)
            return f"{text.decode()}.{base64url(mac.finalize())}"
        signature = self.keys[self.signs_with].sign(text, padding.PKCS1v15(), hashes.SHA256())
        return f"{text.decode()}.{base64url(signature)}"


# MARK: what every site refuses

#: The status, the stable code and the words of each.
REFUSALS = {
    "a state that we never gave": (
        403, "openid_state_unknown", "We do not know this sign-in. Start again from the sign-in page."),
    "a callback that came before": (
        403, "openid_state_replayed",
        "This sign-in has been used already. If it was not you who used it, start again."),
    "a code that was used": (
        403, "openid_code_refused",
        "Moth Club says that this sign-in was used before or took too long. Start again."),
    "a wrong audience": (
        403, "openid_audience_wrong",
        "What Lying Club says about you is meant for another site. You have not been signed in."),
    "a token that is not signed": (
        403, "openid_token_unsigned", "What Lying Club says about you is not signed. You have not been signed in."),
    "an expired token": (
        403, "openid_token_expired", "What Lying Club says about you has expired. Start again."),
}


def settings_of_both(provider: Provider, liar: Liar) -> dict[str, str]:
    """The settings of a site for `refusals`."""
    settings = [provider.setting(), liar.setting("liar")]
    return {key: "; ".join(setting[key] for setting in settings) for key in settings[0]}


def refusals(
    site_url: str, provider: Provider, liar: Liar, verify: str | bool = True
) -> dict[str, tuple[int, str, str]]:
    """Tries each of `REFUSALS` at a site that has `settings_of_both`, and says how each was answered. Nobody is signed
    in by any of them; by the same steps without what is wrong, people are."""

    def answered(visitor: Visitor, address: str) -> tuple[int, str, str]:
        answer = visitor.come_back(address)
        assert not visitor.is_signed_in(), answer.text
        return answer.status_code, code_of(answer), sentence_of(answer)

    def replaced(address: str, name: str, value: str) -> str:
        return address.replace(f"{name}={parse_qs(urlsplit(address).query)[name][0]}", f"{name}={value}")

    found = {}
    subject = provider.knows("refused-moth", email="refused.moth@example.org")
    visitor = Visitor(site_url, verify)
    back = visitor.consent(visitor.begin(), subject)
    found["a state that we never gave"] = answered(visitor, replaced(back, "state", "never-given"))
    assert visitor.come_back(back).status_code == 303 and visitor.is_signed_in()
    found["a callback that came before"] = answered(Visitor(site_url, verify), back)
    thief = Visitor(site_url, verify)
    code = parse_qs(urlsplit(back).query)["code"][0]
    found["a code that was used"] = answered(
        thief, replaced(thief.consent(thief.begin(), subject), "code", code))

    for name, lies, algorithm in [
        ("a wrong audience", {"aud": "somebody-else"}, "RS256"),
        ("a token that is not signed", {}, "none"),
        ("an expired token", {"exp": int(time.time()) - 3600}, "RS256"),
    ]:
        victim = Visitor(site_url, verify, "liar")
        back = liar.takes_note(victim.begin())
        liar.lies, liar.algorithm = lies, algorithm
        found[name] = answered(victim, back)
    liar.lies, liar.algorithm = {}, "RS256"
    honest = Visitor(site_url, verify, "liar")
    assert honest.come_back(liar.takes_note(honest.begin())).status_code == 303 and honest.is_signed_in()
    return found
