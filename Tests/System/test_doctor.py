"""The doctor without a proxy: this machine, and what it says where it cannot look. Tests/Proxies has the rest."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests
from support.server import run


@pytest.fixture
def data(demo_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo_data, tmp_path / "data")


def preflight(data: Path, *options: object, **settings: str) -> tuple[int, dict[str, dict]]:
    done = run("doctor", "--json", "--data-dir", data, *options, check=False, **settings)
    return done.returncode, {finding["check"]: finding for finding in json.loads(done.stdout)}


def bad(findings: dict[str, dict]) -> set[str]:
    return {check for check, finding in findings.items() if finding["severity"] in ("warning", "failure")}


def test_a_healthy_machine_has_no_faults(data: Path):
    status, findings = preflight(data, "--public-url", "https://chat.example.com")
    assert bad(findings) <= {"files"}, findings
    assert status == (1 if bad(findings) else 0)
    assert findings["database"]["saw"] == "whole"


def test_nothing_is_made_where_nothing_is(tmp_path: Path):
    _, findings = preflight(tmp_path / "none")
    assert "not there yet" in findings["data-dir"]["saw"]
    assert not (tmp_path / "none").exists()


def open_key(data: Path) -> None:
    (data / "token-key").chmod(0o644)


def lost_key(data: Path) -> None:
    (data / "message-keys").unlink()


def lost_secret(data: Path) -> None:
    (data / "token-key").unlink()


def torn_database(data: Path) -> None:
    path = data / "parley.db"
    with closing(sqlite3.connect(path)) as database:  # all of it into the one file, whatever was still in the journal
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    assert len(content) > 20 * 4096
    path.write_bytes(content[: 2 * 4096] + b"\xff" * (len(content) - 2 * 4096))


def open_directory(data: Path) -> None:
    data.chmod(0o755)


@pytest.mark.parametrize(
    ("harm", "check", "says"),
    [
        (open_key, "keys", "chmod 600"), (lost_key, "keys", "backup"), (lost_secret, "keys", "backup"),
        (torn_database, "database", "backup"), (open_directory, "data-dir", "chmod 700"),
    ])
def test_what_is_wrong_with_the_data_is_named(harm, check: str, says: str, data: Path):
    harm(data)
    status, findings = preflight(data, "--public-url", "https://chat.example.com")
    assert bad(findings) - {"files"} == {check}, findings
    assert status in (1, 2) and says in findings[check]["cure"]


def test_a_lost_key_is_named_with_what_is_lost_by_it_unless_a_setting_has_it(data: Path):
    lost_secret(data)
    _, findings = preflight(data)
    assert findings["keys"]["severity"] == "failure"
    assert findings["keys"]["saw"].endswith("token-key is missing, and without it no authenticator code works")
    _, findings = preflight(data, PARLEY_TOKEN_KEY=base64.b64encode(bytes(range(32))).decode())
    assert findings["keys"]["severity"] == "ok"


def test_settings_that_cannot_be_are_named(data: Path):
    status, findings = preflight(data, PARLEY_PUBLIC_URL="chat.example.com")
    assert status == 2 and "PARLEY_PUBLIC_URL" in findings["settings"]["saw"]


def test_a_public_address_without_tls_is_warned_of(data: Path):
    status, findings = preflight(data, "--public-url", "http://chat.example.com")
    assert status >= 1 and "proxy-config" in findings["public-url"]["cure"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "parley doctor-key"), (["--key", "x"], "no key of"), (["--key", "parley-doctor-1.1." + "A" * 43], "expired"),
    ])
def test_without_a_good_key_it_says_how_to_get_one(options: list[str], says: str):
    done = run("doctor", "https://chat.example.com", *options, check=False)
    assert done.returncode != 0 and says in done.stderr


def test_what_is_no_address_is_refused():
    done = run("doctor", "chat.example.com", check=False)
    assert done.returncode != 0 and "no public URL" in done.stderr


def test_an_address_where_nobody_is_is_said_to_be_one(data: Path):
    key = run("doctor-key", "--data-dir", data).stdout.strip()
    done = run("doctor", "http://127.0.0.1:9", "--quick", "--key", key, check=False)
    assert done.returncode == 2 and "Nobody answers" in done.stdout


def test_whoever_has_no_key_is_told_nothing(server):
    import requests

    answer = requests.get(server.url + "/api/doctor/", headers={"X-Parley-Doctor": "9999999999.abc.AAAA"}, timeout=15)
    assert answer.status_code == 404 and "X-Parley-Proof" not in answer.headers
