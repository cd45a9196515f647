"""A fault of one proxy: what stands in the configuration that `parley proxy-config` writes, what stands there instead,
and what the doctor has to say of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator

import requests
from configurations import Wanted, configuration
from proxies import PATIENCE, Proxy
from site_under_test import installed
from support.certificates import Authority, Certificate
from support.server import Server, binary, clean_environment, run

#: What cannot be judged here: the doctor's own address is one that is trusted, the port is not 443, no minute is waited.
UNSEEN = {"forgery", "http", "idle"}
#: The file that the chat's part of the configuration is in, for each kind of proxy.
FILES = {"nginx": "parley.conf", "apache": "parley.conf", "caddy": "Caddyfile", "caddy-debian": "Caddyfile",
         "haproxy": "haproxy.cfg", "traefik": "parley.yml"}


@dataclass
class Fault:
    #: In docs/front-door.md, and in what the doctor says.
    row: str
    #: What is replaced, and by what, in the configuration of the innermost proxy. UPSTREAM is the server's port, PORT the
    #: proxy's own, FOLDER the proxy's.
    edits: list[tuple[str, str]]
    #: The checks that find it.
    checks: set[str]
    #: What the cure, or what was seen, has to say.
    says: str
    settings: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    #: The proxies, the outermost first.
    kinds: list[str] = field(default_factory=lambda: ["nginx"])
    #: In place of the chat's own file.
    file: str = ""
    #: Behind the public URL's host.
    path: str = ""
    certify: Callable[[Authority, Path], Certificate] = Authority.issue
    #: Around the doctor: a command with its arguments.
    around: tuple[str, ...] = ()
    #: Whether the server itself speaks TLS, with a certificate of the same authority.
    tls: bool = False


def examine(url: str, server: Server, authority: Authority, *options: str, around: tuple[str, ...] = ()) -> list[dict]:
    """All that the doctor finds. Quick, unless it is told how long a silence lasts."""
    key = run("doctor-key", "--data-dir", server.data).stdout.strip()
    quick = () if "--silence" in options else ("--quick",)
    done = subprocess.run(
        [*around, binary(), "doctor", url, "--authorities", str(authority.root), *quick, "--json", *options],
        env=clean_environment(PARLEY_DOCTOR_KEY=key), capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode in (0, 1, 2) and done.stdout, done.stderr
    return json.loads(done.stdout)


def by_check(findings: list[dict]) -> dict[str, dict]:
    return {finding["check"]: finding for finding in findings}


def is_wrong(finding: dict) -> bool:
    return finding["severity"] in ("warning", "failure")


def wrong(findings: list[dict]) -> set[str]:
    return {finding["check"] for finding in findings if is_wrong(finding)}


def assert_it_names(fault: Fault, findings: list[dict]) -> None:
    """The row, and no other; what finds it, and no other; the line to change."""
    named = [finding for finding in findings if is_wrong(finding)]
    assert {finding.get("fault") for finding in named} == {fault.row}, named
    assert {finding["check"] for finding in named} == fault.checks, named
    said = [f"{finding['saw']} {finding.get('cure')}" for finding in named]
    assert any(fault.says in text for text in said), said
    assert not any(finding["severity"] == "ok" for finding in findings if finding["check"] in fault.checks), findings


@contextmanager
def broken(fault: Fault, demo_data: Path, authority: Authority) -> Iterator[tuple[str, Server, list[Proxy]]]:
    """A site with this fault."""
    with ExitStack() as ends:
        proxies = ends.enter_context(installed(*fault.kinds))
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="parley-fault-")))
        settings = dict(fault.settings)
        if fault.tls:
            own = authority.issue(folder)
            settings |= {"tls_certificate": str(own.chain), "tls_key": str(own.key)}
        server = Server(shutil.copytree(demo_data, folder / "data"), f"fault-{fault.kinds[-1]}", **settings)
        url = f"https://localhost:{proxies[0].port}{fault.path}"
        server.public_url = fault.settings.get("public_url", url)
        if fault.tls:
            server.authority, server.url = str(authority.root), f"https://localhost:{server.port}"
        ends.callback(server.stop)
        server.start()
        upstreams = [*(f"127.0.0.1:{proxy.port}" for proxy in proxies[1:]), f"127.0.0.1:{server.port}"]
        for proxy, upstream in zip(proxies, upstreams, strict=True):
            certificate = fault.certify(authority, proxy.folder) if proxy is proxies[0] else None
            wanted = Wanted(url, proxy.port, proxy.redirect_port, upstream, proxy.folder, certificate, proxy.version)
            files = configuration(proxy.kind, wanted)
            if proxy is proxies[-1]:
                edit(files, fault.file or FILES[fault.kinds[-1]], fault.edits, server, proxy)
            ends.callback(proxy.stop)
            proxy.start(files)
            if proxy.kind == "traefik":
                wait_until_it_has_read_its_file(proxy, certificate)
        yield url, server, proxies


def wait_until_it_has_read_its_file(traefik: Proxy, certificate: Certificate | None) -> None:
    """It listens before that."""
    if certificate:
        return traefik.wait_until_it_serves(certificate.leaf)
    until = time.monotonic() + PATIENCE
    while requests.get(f"http://localhost:{traefik.port}/", timeout=5, allow_redirects=False).status_code == 404:
        assert time.monotonic() < until, traefik.log()
        time.sleep(0.02)  # There is no event to wait for: it tells nobody.


def edit(files: dict[str, str], file: str, edits: list[tuple[str, str]], server: Server, proxy: Proxy) -> None:
    def filled(text: str) -> str:
        for name, value in (("UPSTREAM", server.port), ("PORT", proxy.port), ("FOLDER", proxy.folder)):
            text = text.replace(name, str(value))
        return text

    for old, new in edits:
        assert filled(old) in files[file], f"{filled(old)!r} is not in {files[file]}"
        files[file] = files[file].replace(filled(old), filled(new))
