"""The OpenAPI document is the truth: schemathesis asks the live server everything it describes, and worse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import requests
from support import api
from support.server import ARTIFACTS, Server, run

CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method"]
# Signing out would end the session that everything else is asked with.
LEFT_OUT = ["/api/auth/logout", "/api/auth/logout/", "/api/profile/sessions/{id}/"]


def document(server: Server) -> dict:
    return api.answered(requests.get(server.url + "/api/openapi.json", timeout=30), 200)


def test_the_server_and_the_command_line_print_the_same_document(server: Server):
    printed, served = json.loads(run("openapi").stdout), document(server)
    printed.pop("servers", None)
    served.pop("servers", None)
    assert printed == served
    assert served["openapi"].startswith("3.1")


def test_every_operation_has_a_name_a_sentence_and_its_errors(server: Server):
    for path, item in document(server)["paths"].items():
        for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
            operation = item[method]
            assert operation.get("operationId") and operation.get("summary"), f"{method} {path}"
            assert any(status.startswith("2") for status in operation["responses"]), f"{method} {path}"


def test_schemathesis_finds_no_server_error_and_no_schema_violation(server: Server, tmp_path: Path):
    person = api.register(server.url)
    person.post("/api/rooms/lobby/join/")
    excluded = [option for path in LEFT_OUT for option in ("--exclude-path", path)]
    done = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "run", server.url + "/api/openapi.json",
         "--header", f"Authorization: Bearer {person.access}", "--checks", ",".join(CHECKS), *excluded,
         "--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--max-time", "80",
         "--generation-deterministic",
         "--request-timeout", "20", "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=170, check=False,
    )
    (ARTIFACTS / "schemathesis.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    assert done.returncode == 0, (done.stdout + done.stderr)[-12_000:]
    assert server.process and server.process.poll() is None
