"""Signing in with a provider at a chat behind a real proxy: the third environment beside those of
Tests/System/test_providers.py."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from site_under_test import site_behind
from support.certificates import Authority
from support.provider import REFUSALS, Liar, Provider, Visitor, refusals, settings_of_both


def test_a_provider_signs_people_in_behind_nginx_and_each_refusal_has_its_own_words(
    demo_data: Path, authority: Authority
):
    provider, liar = Provider(), Liar()
    try:
        with site_behind(["nginx"], demo_data, authority, **settings_of_both(provider, liar)) as site:
            trust = str(authority.root)
            visitor = Visitor(site.url, verify=trust)
            address = visitor.begin()
            assert parse_qs(urlsplit(address).query)["redirect_uri"] == [site.url + "/auth/club/callback/"]
            answer = visitor.come_back(visitor.consent(address, provider.knows("moth", email="moth@example.org")))
            assert (answer.status_code, answer.headers["Location"]) == (303, "/profile/"), answer.text
            assert visitor.me()["username"] == "moth"
            assert refusals(site.url, provider, liar, verify=trust) == REFUSALS
            assert all(f"code={code}" in site.server.log for _, code, _ in REFUSALS.values())
    finally:
        provider.stop()
        liar.stop()
