"""Schemathesis, signed in, in sequences: what one operation makes, the others are asked about."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from conftest import IS_LONG, REPORTS, ROLES, summarize
from support import api

CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method"]
# Not use_after_free, since of an event stream that was ended one may still read the end, nor
# ensure_resource_availability, since what is not found may be another thing than what was made.
# Signing out would end the session that everything else is asked with.
LEFT_OUT = ["/api/auth/logout", "/api/auth/logout/"]


def operations_with_links(document: dict) -> int:
    return sum(
        bool(answer.get("links"))
        for item in document["paths"].values() for operation in item.values() for answer in operation["responses"].values())


@pytest.mark.parametrize("role", ["member", "admin"])
def test_schemathesis_finds_nothing_in_sequences_of_what_somebody_may_do(server, tmp_path: Path, role: str):
    document = api.answered(requests.get(server.url + "/api/openapi.json", timeout=30), 200)
    assert operations_with_links(document) >= 3
    person = api.sign_in(server.url, ROLES[role])
    excluded = [option for path in LEFT_OUT for option in ("--exclude-path", path)]
    done = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "run", server.url + "/api/openapi.json",
         "--header", f"Authorization: Bearer {person.access}", "--checks", ",".join(CHECKS), *excluded,
         "--phases", "examples,fuzzing,stateful" if IS_LONG else "stateful",
         "--max-examples", "200" if IS_LONG else "15", "--max-time", "600" if IS_LONG else "25",
         "--generation-deterministic",
         "--request-timeout", "20", "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=1300, check=False)
    output = done.stdout + done.stderr
    (REPORTS / f"schemathesis-{role}.txt").write_text(output, encoding="utf-8")
    assert done.returncode == 0, output[-12_000:]
    links = re.search(r"API Links:\s+(\d+) covered / (\d+) selected", output)
    cases = re.search(r"(\d+) generated", output)
    assert links and int(links[1]) > 0 and cases, output[-4000:]
    summarize(f"schemathesis-{role}", f"{cases[1]} cases, {links[1]} of {links[2]} links, nothing found")
    assert server.process and server.process.poll() is None
