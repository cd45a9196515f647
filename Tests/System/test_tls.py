"""TLS without a proxy: certificates that are renewed under open sockets, HTTP/2, and plain HTTP that is sent on."""

from __future__ import annotations

import os
import re
import socket as sockets
import ssl
import subprocess
import time
import uuid
from pathlib import Path

import pytest
import requests
from support import api
from support.certificates import Authority, Certificate
from support.secure_pipe import connect_securely
from support.server import Server, binary, clean_environment, free_port
from support.sockets import Socket

TOKEN = "LoqXcYV1q5ONbJQxbmR7SC_cjjo-7fX"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def make_site(make_server, authority: Authority, tmp_path_factory: pytest.TempPathFactory):
    """A server that speaks TLS, with a certificate of its own and a port of plain HTTP beside it."""

    def make(**settings: str) -> Server:
        folder = tmp_path_factory.mktemp("certificate")
        challenges = tmp_path_factory.mktemp("webroot") / "challenges"
        challenges.mkdir()
        certificate = authority.issue(folder)
        port, plain = free_port(), free_port()
        server = make_server(
            port=port, public_url=f"https://localhost:{port}{settings.pop('path', '')}", authority=str(authority.root),
            tls_certificate=str(certificate.chain), tls_key=str(certificate.key),
            redirect_listen=f"127.0.0.1:{plain}", acme_directory=str(challenges), **settings)
        server.certificate, server.plain, server.challenges = certificate, plain, challenges
        return server

    return make


@pytest.fixture(scope="module")
def site(make_site) -> Server:
    return make_site()


@pytest.fixture(scope="module")
def context(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.root))


def curl(site: Server, path: str, *options: str) -> str:
    """The head and the body of an answer over HTTP/2, or over what the options say."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--include", "--max-time", "15", "--cacert", site.authority,
         *(options or ["--http2"]), site.url + path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def open_socket(site: Server, context: ssl.SSLContext, token: str | None = None, **options) -> Socket:
    return Socket(
        site.ws.replace("wss:", "ws:"), token, sock=connect_securely(site.port, context), **options)


def serial_of(site: Server, context: ssl.SSLContext) -> str:
    """Of the certificate that a new connection is shown."""
    with sockets.create_connection(("127.0.0.1", site.port), timeout=15) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            return "serial=" + secure.getpeercert()["serialNumber"]


def trusting(site: Server) -> requests.Session:
    session = requests.Session()
    session.verify = site.authority
    session.trust_env = False  # It may name other authorities, which would count for more.
    return session


def sign_in(site: Server) -> api.Person:
    return api.sign_in(site.url, "titania", session=trusting(site))


def test_pages_and_the_api_are_there_over_tls(site):
    page = requests.get(site.url + "/accounts/login/", verify=site.authority, timeout=15)
    assert page.status_code == 200 and "max-age" in page.headers["Strict-Transport-Security"]
    assert page.headers["Set-Cookie"].startswith("__Host-") and "Secure" in page.headers["Set-Cookie"]
    assert sign_in(site).get("/api/auth/me/")["username"] == "titania"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_with_strong_suites(site, authority, version: ssl.TLSVersion):
    context = ssl.create_default_context(cafile=str(authority.root))
    context.minimum_version = context.maximum_version = version
    with sockets.create_connection(("127.0.0.1", site.port), timeout=15) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            assert re.search("GCM|CHACHA20", secure.cipher()[0]), secure.cipher()


@pytest.mark.parametrize("suites", ["ECDHE+AES128+SHA:@SECLEVEL=0", "AES128-GCM-SHA256:@SECLEVEL=0"])
def test_weak_suites_are_refused(site, suites: str):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites)
    with pytest.raises(ssl.SSLError), sockets.create_connection(("127.0.0.1", site.port), timeout=15) as plain:
        context.wrap_socket(plain)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_1_1_is_refused(site):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError), sockets.create_connection(("127.0.0.1", site.port), timeout=15) as plain:
        context.wrap_socket(plain)


class TestHTTP2:
    def test_it_is_spoken_with_whoever_offers_it(self, site):
        assert curl(site, "/api/health/").startswith("HTTP/2 200")
        assert curl(site, "/api/health/", "--http1.1").startswith("HTTP/1.1 200")
        assert curl(site, "/api/health/", "--no-alpn").startswith("HTTP/1.1 200")

    def test_cookies_bodies_and_refusals_are_the_same(self, site, tmp_path):
        jar = str(tmp_path / "jar")
        page = curl(site, "/accounts/login/", "--http2", "--cookie-jar", jar)
        token = re.search(r'name="([^"]+)" value="([^"]+)"', page)
        answer = curl(
            site, "/accounts/login/", "--http2", "--cookie", jar, "--cookie-jar", jar,
            "--header", f"Origin: {site.url}", "--data-urlencode", f"{token[1]}={token[2]}",
            "--data-urlencode", "username=titania", "--data-urlencode", "password=faerie123")
        assert answer.startswith("HTTP/2 303"), answer
        assert "Rooms" in curl(site, "/rooms/", "--http2", "--cookie", jar)
        assert curl(site, "/api/auth/me/").startswith("HTTP/2 401")
        (tmp_path / "large").write_bytes(b"x" * 2_000_000)
        answer = curl(
            site, "/api/auth/login/", "--http2", "--data-binary", f"@{tmp_path}/large",
            "--header", "Content-Type: application/json")
        assert "body_too_large" in answer

    def test_a_request_for_another_host_is_refused(self, site):
        assert "host_unknown" in curl(site, "/", "--http2", "--header", "Host: evil.example")

    def test_an_address_of_sockets_says_so_without_what_belongs_to_http_1(self, site):
        answer = curl(site, "/ws")
        assert answer.startswith("HTTP/2 426")
        assert not re.search("^(connection|upgrade):", answer, re.MULTILINE | re.IGNORECASE), answer

    def test_a_connection_that_asks_for_nothing_is_closed(self, make_site, authority):
        site = make_site(http_idle_seconds="1")
        context = ssl.create_default_context(cafile=str(authority.root))
        context.set_alpn_protocols(["h2"])
        with sockets.create_connection(("127.0.0.1", site.port), timeout=15) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                assert secure.selected_alpn_protocol() == "h2"
                secure.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
                while secure.recv(4096):
                    pass

    def test_events_stream(self, site):
        person = sign_in(site)
        path = f"/api/events/{person.post('/api/events/', status=(201,))['stream']}/"
        stream = subprocess.Popen(
            ["curl", "--silent", "--no-buffer", "--http2", "--include", "--cacert", site.authority, "--max-time", "20",
             "--header", f"Authorization: Bearer {person.access}", "--header", "Accept: text/event-stream",
             site.url + path],
            stdout=subprocess.PIPE, text=True)
        try:
            assert stream.stdout.readline().startswith("HTTP/2 200")
            assert person.request("POST", path, json={"type": "ping", "id": 1}).status_code == 202
            assert any(line.startswith("data:") for line in stream.stdout)
        finally:
            stream.kill()
            stream.communicate()


class TestSockets:
    def test_with_a_token(self, site, context):
        with open_socket(site, context, sign_in(site).access) as socket:
            assert socket.is_open()
            text = uuid.uuid4().hex * 1000
            room = sign_in(site).create_room()["slug"]
            socket.command(type="subscribe", room=room)
            assert socket.say(room, text[:3999]) == 1
            assert socket.expect_message(text[:3999])

    def test_with_a_cookie_and_only_for_the_public_urls_pages(self, site, context):
        browser = trusting(site)
        page = browser.get(site.url + "/accounts/login/", timeout=15)
        name, value = re.search(r'name="([^"]+)" value="([^"]+)"', page.text).groups()
        browser.post(
            site.url + "/accounts/login/", data={name: value, "username": "titania", "password": "faerie123"},
            headers={"Origin": site.url}, timeout=15).raise_for_status()
        cookie = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
        with open_socket(site, context, origin=site.url, additional_headers={"Cookie": cookie}) as socket:
            assert socket.is_open()
        with pytest.raises(Exception, match="403"):
            open_socket(
                site, context, origin=site.url.replace("https", "http"), additional_headers={"Cookie": cookie})

    def test_a_renewed_certificate_is_served_while_a_socket_goes_on(self, make_site, authority, context):
        site = make_site()
        token = sign_in(site).access
        with open_socket(site, context, token) as socket:
            before = serial_of(site, context)
            assert before == site.certificate.serial()
            site.certificate.key.write_text("half a file", encoding="utf-8")
            until(lambda: "renewed certificate cannot be used" in site.log)
            assert serial_of(site, context) == before
            renewed = authority.issue(site.certificate.chain.parent)
            until(lambda: serial_of(site, context) == renewed.serial())
            assert renewed.serial() != before
            assert socket.is_open()
            with open_socket(site, context, token) as other:
                assert other.is_open()
        assert site.log.count("renewed certificate cannot be used") == 1
        assert site.log.count("a renewed certificate is in use") == 1

    def test_they_get_a_close_frame_when_the_server_ends(self, make_site, context):
        site = make_site()
        with open_socket(site, context, sign_in(site).access) as socket:
            assert socket.is_open()
            site.terminate()
            assert socket.close_code() in (1001, 1012)
            assert site.wait() == 0


def test_a_browser_has_its_pages_over_http_2_and_its_socket_beside_them(site, open_window):
    # The certificate's own validity is what all other tests look at.
    window = open_window("titania", server=site, ignore_https_errors=True)
    window.page.goto("/rooms/")
    protocol = "performance.getEntriesByType('navigation')[0].nextHopProtocol"
    assert window.page.evaluate(protocol) == "h2"
    window.page.locator("a[href^='/chat/']").first.click()
    window.is_connected()


class TestWhatIsNotTLS:
    def test_plain_http_is_answered_in_plain_words_and_said_once(self, site):
        for _ in range(3):
            answer = requests.get(f"http://localhost:{site.port}/", timeout=15)
            assert answer.status_code == 400 and "https://" in answer.text
        assert site.log.count("This port speaks TLS") == 1

    def test_one_who_says_nothing_is_let_go(self, make_site):
        site = make_site(head_seconds="1")
        with sockets.create_connection(("127.0.0.1", site.port), timeout=15) as idle:
            assert idle.recv(1) == b""
        with sockets.create_connection(("127.0.0.1", site.port), timeout=15) as slow:
            slow.sendall(b"\x16\x03\x01")
            assert slow.recv(1) == b""

    def test_the_proxy_protocol_may_come_first(self, make_site, authority):
        site = make_site(proxy_protocol="true", trusted_proxies="127.0.0.2")
        context = ssl.create_default_context(cafile=str(authority.root))
        proxy = ("127.0.0.2", 0)
        with sockets.create_connection(("127.0.0.1", site.port), timeout=15, source_address=proxy) as plain:
            plain.sendall(b"PROXY TCP4 203.0.113.9 192.0.2.1 1234 443\r\n")
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                body = b'{"username":"puck","password":"not it"}'
                secure.sendall(
                    b"POST /api/auth/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
                assert b" 401 " in secure.recv(4096)
        assert "auth-failure address=203.0.113.9" in site.log


class TestRedirect:
    def ask(self, site: Server, target: str, method: str = "GET") -> requests.Response:
        request = requests.Request(method, f"http://127.0.0.1:{site.plain}/").prepare()
        request.url = f"http://127.0.0.1:{site.plain}{target}"  # As it stands: requests would tidy it.
        return requests.Session().send(request, allow_redirects=False, timeout=15)

    @pytest.mark.parametrize("target", ["/", "/rooms/?next=%2Fa&b=1", "/chat/x/", "/ws", "//evil.example/"])
    @pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
    def test_path_and_query_are_kept(self, site, target: str, method: str):
        answer = self.ask(site, target, method)
        assert answer.status_code == 308
        assert answer.headers["Location"] == site.url + target

    def test_a_socket_is_sent_on_too(self, site):
        opening = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        answer = requests.get(
            f"http://127.0.0.1:{site.plain}/ws", headers=opening, allow_redirects=False, timeout=15)
        assert answer.status_code == 308

    def test_below_a_path(self, make_site):
        site = make_site(path="/chat")
        base = site.public_url
        assert self.ask(site, "/chat/rooms/").headers["Location"] == base + "/rooms/"
        assert self.ask(site, "/rooms/?a").headers["Location"] == base + "/rooms/?a"

    @pytest.mark.parametrize("target", ["/api/me/", "/api/auth/login/", "/hooks/1/parley_hook_x/", "/api/"])
    def test_programs_are_refused_so_that_their_tokens_do_not_go_on_in_the_clear(self, site, target: str):
        for method in ("GET", "POST"):
            answer = self.ask(site, target, method)
            assert answer.status_code == 403 and answer.json()["code"] == "tls_required", answer.text
            assert "Location" not in answer.headers

    def test_health_is_told(self, site):
        assert self.ask(site, "/api/health/").json()["status"] == "ok"

    def test_what_an_authority_asks_for_is_served(self, site):
        (site.challenges / TOKEN).write_text("proof", encoding="utf-8")
        answer = self.ask(site, f"/.well-known/acme-challenge/{TOKEN}")
        assert answer.status_code == 200 and answer.text == "proof"

    def test_nothing_else_is(self, site):
        secret = site.challenges.parent / "secret"
        secret.write_text("secret", encoding="utf-8")
        (site.challenges / "link").symlink_to(secret)
        (site.challenges / "folder").mkdir()
        (site.challenges / "with.dot").write_text("secret", encoding="utf-8")
        os.mkfifo(site.challenges / "pipe")
        names = ["", "missing", "link", "folder", "folder/", "with.dot", "pipe", "../secret", "..%2Fsecret", "%2e%2e/secret",
                 "..", ".", "a" * 200, "link%00", "/etc/passwd"]
        for name in names:
            answer = self.ask(site, f"/.well-known/acme-challenge/{name}")
            assert answer.status_code == 404 and "secret" not in answer.text, name


class TestFaultsAtTheStart:
    def start(self, tmp_path: Path, certificate: object, key: object, *more: object) -> str:
        """What a server says that must not start."""
        done = subprocess.run(
            [binary(), "serve", "--data-dir", tmp_path / "data", "--listen", f"127.0.0.1:{free_port()}",
             "--tls-certificate", certificate, "--tls-key", key, *more],
            env=clean_environment(), capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1, done.stderr
        return done.stderr

    def test_a_file_that_is_not_there(self, tmp_path, authority):
        certificate = authority.issue(tmp_path)
        said = self.start(tmp_path, tmp_path / "none.pem", certificate.key)
        assert f"Error: The file {tmp_path}/none.pem cannot be read: No such file or directory" in said
        assert "none.key cannot be read" in self.start(tmp_path, certificate.chain, tmp_path / "none.key")

    def test_files_that_hold_something_else(self, tmp_path, authority):
        certificate = authority.issue(tmp_path)
        assert "holds no certificate" in self.start(tmp_path, certificate.key, certificate.key)
        assert "holds no key" in self.start(tmp_path, certificate.chain, certificate.chain)
        (tmp_path / "other").mkdir()
        other: Certificate = authority.issue(tmp_path / "other")
        assert "is not the key of the first certificate" in self.start(tmp_path, certificate.chain, other.key)

    def test_settings_that_do_not_go_together(self, tmp_path, authority):
        certificate = authority.issue(tmp_path)
        assert "belong together" in self.start(tmp_path, certificate.chain, "")
        said = self.start(tmp_path, certificate.chain, certificate.key, "--public-url", "http://chat.test")
        assert "begin with https://" in said
        said = self.start(tmp_path, "", "", "--redirect-listen", "127.0.0.1:0")
        assert "redirect-listen sends everybody to the public-url" in said


def until(is_so, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)  # Files are looked at now and then; nobody tells when.
