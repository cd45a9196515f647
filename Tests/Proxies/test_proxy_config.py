"""What `parley proxy-config` writes is right in the eyes of the programs that are to read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.certificates import Authority
from site_under_test import installed
from support.server import run

URL = "https://chat.test"


def check(name: str, *options: object) -> str:
    with installed("caddy-debian" if name == "caddy" else name):
        return run("proxy-config", name, "--public-url", URL, "--check", *options).stderr


@pytest.mark.parametrize("name", ["nginx", "caddy", "apache", "haproxy"])
def test_its_program_finds_no_fault_with_a_proxy_at_the_edge(name: str, authority: Authority, tmp_path: Path):
    certificate = authority.issue(tmp_path)
    assert "finds no fault" in check(name, "--certificate", certificate.chain, "--key", certificate.key)


@pytest.mark.parametrize("inner", ["127.0.0.1", "private", "cloudflare", "10.0.0.0/8,2001:db8::/32"])
@pytest.mark.parametrize("name", ["nginx", "caddy", "apache", "haproxy"])
def test_its_program_finds_no_fault_with_an_inner_proxy(name: str, inner: str):
    assert "finds no fault" in check(name, "--without-tls", "--inner", inner)
