"""The recipes in examples/ work as they are printed there: the browser's is test_browser_chat.py."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import api
from support.server import CHECKOUT, Server
from support.sockets import Socket

EXAMPLES = CHECKOUT / "examples"
# Debian keeps wscat's modules where a node that is not Debian's own does not look.
ENVIRONMENT = os.environ | {"NODE_PATH": "/usr/share/nodejs"}

needs_wscat = pytest.mark.skipif(shutil.which("wscat") is None, reason="wscat is not installed (Debian: node-ws)")


def for_server(example: str, server: Server, folder: Path) -> Path:
    """The example with this server's port in place of the usual one, and nothing else changed."""
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    assert "localhost:8080" in text
    copy = folder / example
    copy.write_text(text.replace("localhost:8080", f"127.0.0.1:{server.port}"), encoding="utf-8")
    return copy


def test_the_python_recipe_connects_sends_and_receives_its_message(server: Server, tmp_path: Path):
    with Socket(server.ws, api.sign_in(server.url, "oberon").access) as other:
        done = subprocess.run([sys.executable, for_server("chat.py", server, tmp_path)], capture_output=True,
                              text=True, timeout=60, check=True, env=ENVIRONMENT | {"PYTHONIOENCODING": "utf-8"})
        assert "Connected!" in done.stdout
        received = json.loads(done.stdout.split("Received: ", 1)[1])
        assert received["type"] == "chat_message" and received["room"] == "lobby"
        assert received["message"]["text"] == "Hello from Python!"
        assert other.expect_message("Hello from Python!")["seq"] == received["seq"]


def token_by_curl(server: Server) -> str:
    """The recipe's first step, word for word."""
    script = f"""curl -s -X POST http://127.0.0.1:{server.port}/api/auth/login/ \
        -H "Content-Type: application/json" \
        -d '{{"username":"titania","password":"faerie123"}}' | jq -r '.access'"""
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30, check=True).stdout.strip()


def test_curl_and_jq_print_a_token_that_the_api_takes(server: Server):
    token = token_by_curl(server)
    script = f'curl -s -H "Authorization: Bearer {token}" http://127.0.0.1:{server.port}/api/auth/me/ | jq -r .username'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "titania", done.stdout


def wscat_says(server: Server, text: str, *options: str) -> None:
    """Connects with wscat, sends a message, and waits until wscat prints it."""
    message = json.dumps({"type": "chat_message", "message": text})
    wscat = subprocess.Popen(
        ["wscat", "-c", f"ws://127.0.0.1:{server.port}/ws/chat/lobby/", *options, "-x", message, "-w", "10"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT,
    )
    try:
        assert wscat.stdout
        line = wscat.stdout.readline()
        assert line.startswith("{"), line + wscat.stdout.read()
        assert json.loads(line)["message"]["text"] == text
    finally:
        wscat.kill()
        wscat.wait()


@needs_wscat
def test_the_wscat_recipe_works_as_written(server: Server):
    token = token_by_curl(server)
    wscat_says(server, "Hello from wscat!", "-H", f"Sec-WebSocket-Protocol: Bearer, {token}")


@needs_wscat
def test_wscat_with_the_token_as_a_subprotocol_works(server: Server):
    wscat_says(server, "Hello again from wscat!", "-s", "Bearer", "-s", token_by_curl(server))


@needs_wscat
def test_the_wscat_script_takes_what_is_typed(server: Server, tmp_path: Path):
    with Socket(server.ws, api.sign_in(server.url, "oberon").access) as other:
        script = subprocess.Popen(["bash", for_server("wscat.sh", server, tmp_path)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT)
        try:
            assert script.stdout
            assert json.loads(script.stdout.readline())["message"]["text"] == "Hello from wscat.sh"
            assert other.expect_message("Hello from wscat.sh")
        finally:
            script.stdin.close() if script.stdin else None
            script.wait(timeout=30)


def test_the_bot_answers_in_its_rooms(server: Server, tmp_path: Path):
    titania = api.sign_in(server.url, "titania")
    token = titania.post("/api/profile/tokens/", {
        "name": "bot", "days": 1, "password": titania.password,
        "scopes": ["account:read", "messages:read", "messages:write"]}, (201,))["token"]
    bot = subprocess.Popen([sys.executable, for_server("bot.py", server, tmp_path)], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT | {"TOKEN": token})
    try:
        assert bot.stdout and bot.stdout.readline() == "titania is listening.\n"
        with Socket(server.ws, api.sign_in(server.url, "oberon").access) as oberon:
            oberon.say("lobby", "ping")
            assert oberon.expect_message("pong")["message"]["sender"]["username"] == "titania"
    finally:
        bot.kill()
        bot.wait()
