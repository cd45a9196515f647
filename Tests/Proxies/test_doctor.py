"""The doctor is content with what `parley proxy-config` writes, and names each line that is broken, and no other.

The 403 that looks like Cloudflare's is a simulation; all else is what real nginx does with that configuration."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator

import pytest
from support.certificates import Authority, Certificate
from configurations import Wanted, configuration
from site_under_test import Site, installed
from support.server import Server, binary, clean_environment, run

#: What cannot be judged here: the doctor's own address is one that is trusted, the port is not 443, no minute is waited.
UNSEEN = {"forgery", "http", "idle"}


def examine(url: str, server: Server, authority: Authority, *options: str) -> dict[str, dict]:
    """What the doctor finds, by check."""
    key = run("doctor-key", "--data-dir", server.data).stdout.strip()
    done = subprocess.run(
        [binary(), "doctor", url, "--authorities", str(authority.root), "--quick", "--json", *options],
        env=clean_environment(PARLEY_DOCTOR_KEY=key), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1, 2) and done.stdout, done.stderr
    return {finding["check"]: finding for finding in json.loads(done.stdout)}


def wrong(findings: dict[str, dict]) -> set[str]:
    return {check for check, finding in findings.items() if finding["severity"] in ("warning", "failure")}


def test_the_doctor_is_content_with_what_proxy_config_writes(site: Site):
    findings = examine(site.url, site.server, site.authority)
    assert not wrong(findings), findings
    assert {check for check, finding in findings.items() if finding["severity"] == "untested"} <= UNSEEN, findings
    assert {"answer", "visitor", "scheme", "host", "socket", "socket-headers", "headers", "form", "upload"} <= set(findings)


@dataclass
class Fault:
    #: What stands in nginx's configuration, and what stands there instead.
    old: str
    new: str
    #: The checks that find it.
    checks: set[str]
    #: What the cure, or what was seen, has to say.
    says: str
    settings: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)


LOCATION = "    location / {\n        proxy_pass"
HEADERS = "        proxy_set_header X-Forwarded-For $remote_addr;\n"
FAULTS = {
    "no Upgrade": Fault("        proxy_set_header Upgrade $http_upgrade;\n", "", {"socket"}, "Upgrade $http_upgrade"),
    "no Connection": Fault(
        "        proxy_set_header Connection $parley_connection;\n", "", {"socket"}, "Connection $parley_connection"),
    "Connection upgrade always": Fault(
        "Connection $parley_connection;", 'Connection "upgrade";', {"connection"}, "with a map of $http_upgrade"),
    "Host without its port": Fault("Host $http_host;", "Host $host;", {"host"}, "Host $http_host"),
    "Host of the upstream": Fault(
        "        proxy_set_header Host $http_host;\n", "", {"host"}, "Host $http_host"),
    "no scheme": Fault("        proxy_set_header X-Forwarded-Proto $scheme;\n", "", {"scheme"}, "X-Forwarded-Proto $scheme"),
    "wrong scheme": Fault("X-Forwarded-Proto $scheme;", "X-Forwarded-Proto http;", {"scheme"}, "X-Forwarded-Proto $scheme"),
    "misspelt scheme": Fault("X-Forwarded-Proto $scheme;", "X-Forward-Proto $scheme;", {"scheme"}, "X-Forwarded-Proto $scheme"),
    "no address": Fault(HEADERS, "", {"visitor"}, "X-Forwarded-For $remote_addr"),
    "address that is none": Fault(
        "X-Forwarded-For $remote_addr;", "X-Forwarded-For nobody;", {"visitor"}, "X-Forwarded-For $remote_addr"),
    "everybody trusted": Fault("", "", {"forgery"}, "trusted-proxies=127.0.0.1", {"trusted_proxies": "0.0.0.0/0"}),
    "proxy not trusted": Fault("", "", {"visitor", "scheme"}, "trusted-proxies=10.0.0.1,127.0.0.1", {"trusted_proxies": "10.0.0.1"}),
    "small bodies": Fault("client_max_body_size 2m;", "client_max_body_size 64k;", {"upload"}, "client_max_body_size 110m"),
    "no upgrade below /ws": Fault(
        LOCATION, "    location /ws { proxy_pass http://127.0.0.1:UPSTREAM; }\n" + LOCATION, {"socket"}, "Upgrade $http_upgrade"),
    "headers lost below /ws": Fault(
        LOCATION, "    location /ws { proxy_pass http://127.0.0.1:UPSTREAM; proxy_http_version 1.1; proxy_set_header Upgrade "
        "$http_upgrade; proxy_set_header Connection $parley_connection; }\n" + LOCATION, {"socket-headers"},
        "one location that serves both"),
    "/ws redirected": Fault(
        LOCATION, "    location = /ws { return 301 https://$http_host/ws/; }\n" + LOCATION, {"socket"}, "without a redirect"),
    "/ws of somebody else": Fault(
        LOCATION, "    location /ws { return 200 hello; }\n" + LOCATION, {"socket"}, "where the pages go"),
    "microphone forbidden": Fault(
        LOCATION, '    add_header Permissions-Policy "microphone=()" always;\n' + LOCATION, {"headers"}, "add_header"),
    "second policy": Fault(
        LOCATION, "    add_header Content-Security-Policy \"connect-src 'self'\" always;\n" + LOCATION, {"headers"},
        "there twice"),
    "policy hidden": Fault(
        LOCATION, "    proxy_hide_header Content-Security-Policy;\n" + LOCATION, {"headers"}, "is missing"),
    "cookies hidden": Fault(LOCATION, "    proxy_hide_header Set-Cookie;\n" + LOCATION, {"form"}, "Set-Cookie"),
    "no POST": Fault(
        LOCATION, "    location /accounts/ { limit_except GET { deny all; } proxy_pass http://127.0.0.1:UPSTREAM; }\n" + LOCATION,
        {"form"}, "let POST requests pass"),
    "caching": Fault(
        LOCATION, '    proxy_hide_header Cache-Control; add_header Cache-Control "public, max-age=60";\n' + LOCATION, {"cache"},
        "Cache-Control"),
    "wrong port": Fault("127.0.0.1:UPSTREAM;", "127.0.0.1:9;", {"upstream"}, "setting listen"),
    "another site": Fault(LOCATION, "    location /api/ { return 200 hello; }\n" + LOCATION, {"answer"}, "server name"),
    "a page instead": Fault(LOCATION, "    location /api/ { return 404; }\n" + LOCATION, {"answer"}, "server name"),
    "a password before it": Fault(
        LOCATION, "    location /api/ { return 401; }\n" + LOCATION, {"wall"}, "a login of its own"),
    "a login before it": Fault(
        LOCATION, "    location /api/ { return 302 https://login.example/; }\n" + LOCATION, {"wall"}, "a login of its own"),
    "a loop": Fault(
        LOCATION, "    location /api/ { return 301 https://$http_host$request_uri; }\n" + LOCATION, {"loop"},
        "outermost proxy redirect"),
    "a challenge, simulated": Fault(
        LOCATION, "    location /api/ { add_header cf-mitigated challenge always; return 403; }\n" + LOCATION, {"challenge"},
        "bot protection"),
}


@contextmanager
def broken(
    fault: Fault, demo_data: Path, authority: Authority, folder: Path,
    certify: Callable[[Authority, Path], Certificate] = Authority.issue,
) -> Iterator[tuple[str, Server]]:
    with installed("nginx") as (nginx,):
        server = Server(shutil.copytree(demo_data, folder / "data"), "doctor", **fault.settings)
        url = server.public_url = f"https://localhost:{nginx.port}"
        wanted = Wanted(
            url, nginx.port, nginx.redirect_port, f"127.0.0.1:{server.port}", nginx.folder, certify(authority, nginx.folder))
        files = configuration("nginx", wanted)
        old, new = (text.replace("UPSTREAM", str(server.port)) for text in (fault.old, fault.new))
        assert old in files["parley.conf"], f"{old} is not in {files['parley.conf']}"
        if old:
            files["parley.conf"] = files["parley.conf"].replace(old, new)
        try:
            server.start()
            nginx.start(files)
            yield url, server
        finally:
            nginx.stop()
            server.stop()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_the_doctor_names_the_broken_line_and_no_other(
    fault: Fault, demo_data: Path, authority: Authority, tmp_path: Path
):
    with broken(fault, demo_data, authority, tmp_path) as (url, server):
        findings = examine(url, server, authority, *fault.options)
    assert wrong(findings) == fault.checks, findings
    said = [f"{finding.get('saw')} {finding.get('cure')}" for check, finding in findings.items() if check in fault.checks]
    assert any(fault.says in text for text in said), said
    assert not any(finding["severity"] == "ok" for check, finding in findings.items() if check in fault.checks)


def test_a_proxy_that_believes_its_visitors_is_named(demo_data: Path, authority: Authority, tmp_path: Path):
    """Looked at from 127.0.0.2, which is a visitor's address here: the proxy alone is trusted, at 127.0.0.1."""
    fault = Fault("", "", set(), "", {"trusted_proxies": "127.0.0.1"})
    with broken(fault, demo_data, authority, tmp_path / "good") as (url, server):
        findings = examine(url.replace("localhost", "127.0.0.1"), server, authority, "--from", "127.0.0.2")
        assert findings["forgery"]["severity"] == "ok", findings
    # What the visitor says is passed on as it is.
    fault = Fault(
        "X-Forwarded-For $remote_addr;", "X-Forwarded-For $http_x_forwarded_for;", set(), "",
        {"trusted_proxies": "127.0.0.1"})
    with broken(fault, demo_data, authority, tmp_path / "bad") as (url, server):
        findings = examine(url.replace("localhost", "127.0.0.1"), server, authority, "--from", "127.0.0.2")
        assert findings["visitor"]["severity"] == "failure", findings


def leaf_alone(authority: Authority, folder: Path) -> Certificate:
    made = authority.issue(folder)
    shutil.copy(made.leaf, made.chain)
    return made


CERTIFICATES: dict[str, tuple[Callable[[Authority, Path], Certificate], str, str]] = {
    "without its chain": (leaf_alone, "failure", "fullchain.pem"),
    "for another name": (lambda a, folder: a.issue(folder, names="DNS:other.example"), "failure", "get one for localhost"),
    "expired": (lambda a, folder: a.issue(folder, days=-1), "failure", "renew it"),
    "soon to end": (lambda a, folder: a.issue(folder, days=5), "warning", "certbot renew"),
}


@pytest.mark.parametrize("case", CERTIFICATES.values(), ids=CERTIFICATES.keys())
def test_a_certificate_is_named_that_phones_refuse(case, demo_data: Path, authority: Authority, tmp_path: Path):
    certify, severity, says = case
    with broken(Fault("", "", set(), ""), demo_data, authority, tmp_path, certify) as (url, server):
        findings = examine(url, server, authority)
    assert wrong(findings) == {"certificate"}, findings
    assert findings["certificate"]["severity"] == severity and says in findings["certificate"]["cure"], findings


def test_without_a_key_the_server_tells_nothing_and_the_doctor_says_how_to_get_one(
    demo_data: Path, authority: Authority, tmp_path: Path
):
    with broken(Fault("", "", set(), ""), demo_data, authority, tmp_path) as (url, server):
        other = Server(tmp_path / "other", "doctor-other")
        run("migrate", "--data-dir", other.data)
        findings = examine(url, other, authority)
        assert wrong(findings) == {"key"} and "parley doctor-key" in findings["key"]["cure"]
