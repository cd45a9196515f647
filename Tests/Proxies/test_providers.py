"""Signing in with a real provider at a chat behind a real proxy: the third environment beside those of
Tests/System/test_providers.py."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from site_under_test import site_behind
from support.certificates import Authority
from support.provider import Provider, Visitor, code_of


def test_a_provider_signs_people_in_behind_nginx(demo_data: Path, authority: Authority):
    provider = Provider()
    try:
        with site_behind(["nginx"], demo_data, authority, **provider.setting()) as site:
            visitor = Visitor(site.url, verify=str(authority.root))
            address = visitor.begin()
            assert parse_qs(urlsplit(address).query)["redirect_uri"] == [site.url + "/auth/club/callback/"]
            back = visitor.consent(address, provider.knows("moth", email="moth@example.org"))
            answer = visitor.come_back(back)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/profile/"), answer.text
            assert visitor.me()["username"] == "moth"
            assert code_of(visitor.come_back(back)) == "openid_state_replayed"
            wrong = visitor.come_back(site.url + "/auth/club/callback/?code=x&state=y")
            assert code_of(wrong) == "openid_state_unknown"
    finally:
        provider.stop()
