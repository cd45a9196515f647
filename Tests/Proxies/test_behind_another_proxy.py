"""Each proxy behind another one, as `parley proxy-config NAME --without-tls --inner 127.0.0.1` has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest
from support.certificates import Authority
from site_under_test import Site, site_behind
from visitors import CLIENT, FORGED, cookies, refusal_line, sign_in_by_form, sign_in_line

#: Neither the outer proxy nor anybody whom the server trusts.
STRANGER = "127.0.0.3"


@pytest.fixture(scope="module", params=["nginx", "caddy-debian", "caddy", "apache", "haproxy", "traefik"])
def chain(request: pytest.FixtureRequest, demo_data: Path, authority: Authority) -> Iterator[Site]:
    outer = "caddy-debian" if request.param == "nginx" else "nginx"
    with site_behind([outer, request.param], demo_data, authority, trusted_proxies="127.0.0.1") as site:
        yield site


def test_the_clients_address_comes_through_both(chain: Site):
    line = sign_in_line(chain, CLIENT)
    assert FORGED not in line and re.search(rf"\b{re.escape(CLIENT)}\b", line), line


def from_a_stranger(chain: Site) -> dict[str, str]:
    """Where a stranger finds the inner proxy, past the outer one."""
    return {"address": STRANGER, "url": f"http://127.0.0.1:{chain.proxies[1].port}",
            "Host": chain.url.removeprefix("https://")}


def test_a_stranger_who_reaches_the_inner_one_cannot_choose_an_address(chain: Site):
    line = sign_in_line(chain, **from_a_stranger(chain))
    assert FORGED not in line and re.search(rf"\b{re.escape(STRANGER)}\b", line), line


def test_the_scheme_comes_through_both_and_a_stranger_cannot_choose_it(chain: Site):
    assert " scheme=https" in refusal_line(chain)
    assert " scheme=http\n" in refusal_line(chain, **from_a_stranger(chain), **{"X-Forwarded-Proto": "https"}) + "\n"


def test_the_cookie_opens_a_socket_through_both(chain: Site):
    session = sign_in_by_form(chain)
    with chain.socket(additional_headers={"Cookie": cookies(session)}, origin=chain.url) as socket:
        assert socket.is_open()
