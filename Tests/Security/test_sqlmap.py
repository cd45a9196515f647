"""sqlmap, signed in and with the forms' tokens, finds no way into the database."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from conftest import IS_LONG, REPORTS, session_of, summarize
from support import api
from support.server import Server


@dataclass(frozen=True)
class Target:
    """`data` is the body of a form, `parameters` what has to be tried."""

    name: str
    path: str
    parameters: tuple[str, ...]
    data: str = ""
    role: str | None = None
    #: The page that has the form's token.
    page: str = ""


TARGETS = [
    Target("login", "/accounts/login/", ("username", "password"), "csrf=x&username=titania&password=wrong",
           page="/accounts/login/"),
    Target("register", "/accounts/register/", ("username", "name"),
           "csrf=x&username=t&name=T&password=short", page="/accounts/register/"),
    Target("search", "/api/users/?q=tit", ("q",), role="titania"),
    Target("history", "/api/rooms/lobby/messages/?after=1&limit=5", ("after", "limit"), role="titania"),
    Target("invitation", "/admin/invitations/", ("days", "usesMax", "role"),
           "csrf=x&days=0&usesMax=1&role=member", role="admin", page="/admin/invitations/"),
    Target("audit", "/admin/audit/?before=1000", ("before",), role="admin"),
    Target("sessions", "/admin/sessions/?before=1000", ("before",), role="admin"),
]


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_sqlmap_finds_nothing(server: Server, target: Target, tmp_path: Path):
    session = session_of(server, target.role)
    if target.page:
        session.get(server.url + target.page, timeout=30)
    command = [
        "sqlmap", "-u", server.url + target.path, "--batch", "--flush-session", "--output-dir", tmp_path,
        "--dbms", "SQLite", "--disable-coloring", "--answers", "redirect=N",
        "--ignore-code", "400,401,403,404,409,422", "-p", ",".join(target.parameters),
        "--technique", "BEUST" if IS_LONG else "BEU", "--level", "3" if IS_LONG else "1", "--risk", "3" if IS_LONG else "1",
        "--headers", f"Origin: {server.url}",
    ]
    if session.cookies:
        command += ["--cookie", "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)]
    if target.data:
        # The origin alone would do: with the token, the way without one is walked as well.
        command += ["--data", target.data, "--csrf-token", "csrf", "--csrf-url", server.url + target.page,
                    "--csrf-method", "GET"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, check=False, stdin=subprocess.DEVNULL)
    output = done.stdout + done.stderr
    (REPORTS / f"sqlmap-{target.name}.txt").write_text(output, encoding="utf-8")
    for parameter in target.parameters:
        assert re.search(rf"parameter '{parameter}' (does not seem|might not be) to be injectable|"
                         rf"parameter '{parameter}' does not seem to be injectable", output), output[-4000:]
    assert "all tested parameters do not appear to be injectable" in output, output[-4000:]
    assert "identified the following injection point" not in output
    requests_made = re.search(r"HTTP\(?s?\)? requests", output)
    summarize(f"sqlmap-{target.name}", f"{', '.join(target.parameters)}: not injectable")
    assert server.process and server.process.poll() is None, requests_made


def test_sqlmap_would_find_what_there_is(tmp_path: Path):
    """The same options on a page of a dozen lines that is open to it."""
    import sqlite3
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread
    from urllib.parse import parse_qs, urlsplit

    class Open(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
            database = sqlite3.connect(":memory:")
            database.executescript("CREATE TABLE user (name TEXT); INSERT INTO user VALUES ('titania'), ('puck')")
            try:
                rows = database.execute(f"SELECT name FROM user WHERE name = '{text}'").fetchall()
                status, body = 200, repr(rows)
            except sqlite3.Error as error:
                status, body = 500, str(error)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Open)
    Thread(target=site.serve_forever, daemon=True).start()
    try:
        done = subprocess.run(
            ["sqlmap", "-u", f"http://127.0.0.1:{site.server_port}/?q=titania", "--batch", "--flush-session",
             "--output-dir", tmp_path, "--dbms", "SQLite", "--disable-coloring", "-p", "q", "--technique", "BEU"],
            capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)
    finally:
        site.shutdown()
        site.server_close()
    assert "identified the following injection point" in done.stdout, done.stdout[-3000:]
