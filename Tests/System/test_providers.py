"""Signing in with an OpenID Connect provider: a real one, over http and over our own TLS, and one that lies.

What every site refuses is `support.provider.refusals`. Behind a proxy: Tests/Proxies/test_providers.py."""

from __future__ import annotations

import json
import sqlite3
from typing import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import expect
from support import api
from support.certificates import Authority
from support.provider import REFUSALS, Liar, Provider, Visitor, code_of, refusals, sentence_of, settings_of_both
from support.server import Server, free_port, run


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def site(make_server, provider: Provider) -> Server:
    return make_server(**provider.setting())


@pytest.fixture
def liar() -> Iterator[Liar]:
    liar = Liar()
    yield liar
    liar.stop()


def password_visitor(site: Server, username: str) -> Visitor:
    visitor = Visitor(site.url)
    visitor.get("/accounts/login/")
    answer = visitor.post("/accounts/login/", username=username, password=api.DEMO_PASSWORD)
    assert answer.headers["Location"] == "/rooms/", answer.text
    return visitor


def audit(site: Server) -> list[dict]:
    admin = api.sign_in(site.url, "admin")
    return [json.loads(line) for line in admin.request("GET", "/admin/audit.jsonl").text.splitlines()]


# MARK: what works


def test_a_new_person_comes_in_and_the_same_one_comes_back_to_the_same_account(site: Server, provider: Provider):
    subject = provider.knows("peaseblossom", email="Pease.Blossom@example.org", email_verified=True, name="Pease Blossom")
    visitor = Visitor(site.url)
    answer = visitor.sign_in(subject)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile/"), answer.text
    me = visitor.me()
    assert (me["username"], me["name"], me["role"]) == ("pease.blossom", "Pease Blossom", "member")
    again = Visitor(site.url)
    assert again.sign_in(subject).headers["Location"] == "/profile/"
    assert again.me()["id"] == me["id"]
    onward = Visitor(site.url)
    assert onward.sign_in(subject, next="/chat/lobby/").headers["Location"] == "/chat/lobby/"


def test_a_username_that_is_taken_gets_a_number_and_a_name_in_another_script_becomes_letters(
    site: Server, provider: Provider
):
    first, second = Visitor(site.url), Visitor(site.url)
    first.sign_in(provider.knows("a1", email="titania@example.org", name="T"))
    second.sign_in(provider.knows("a2", name="Зоя Ångström"))
    assert first.me()["username"] == "titania2"
    assert second.me()["username"].startswith("zoa-angstrom") or second.me()["username"].startswith("zoya-angstrom")


def test_it_works_and_refuses_over_our_own_tls(make_server, provider: Provider, liar: Liar, tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("authority"))
    certificate = authority.issue(tmp_path_factory.mktemp("certificate"))
    port = free_port()
    site = make_server(
        port=port, public_url=f"https://localhost:{port}", authority=str(authority.root),
        tls_certificate=str(certificate.chain), tls_key=str(certificate.key),
        **settings_of_both(provider, liar))
    visitor = Visitor(site.url, verify=str(authority.root))
    address = visitor.begin()
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [f"https://localhost:{port}/auth/club/callback/"]
    answer = visitor.come_back(visitor.consent(address, provider.knows("moth", email="moth@example.org")))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile/"), answer.text
    assert "__Host-parley_session" in visitor.http.cookies and visitor.me()["username"].startswith("moth")
    assert refusals(site.url, provider, liar, verify=str(authority.root)) == REFUSALS


def test_in_a_browser(site: Server, provider: Provider, open_window):
    provider.knows("mustardseed-moth", email="seed.moth@example.org", name="Seed Moth")
    window = open_window(server=site, complains=True)
    window.page.goto("/accounts/login/")
    window.page.get_by_role("button", name="Continue with Moth Club").click()
    window.page.get_by_placeholder("sub").fill("mustardseed-moth")
    window.page.get_by_role("button", name="Authorize").click()
    window.page.wait_for_url("**/profile/")
    expect(window.page.get_by_label("Shown beside what you write")).to_have_value("Seed Moth")
    expect(window.page.get_by_role("button", name="Remove Moth Club")).to_be_visible()
    # The provider's own page wants a style from elsewhere.
    assert not [line for line in window.complaints if not line.startswith(provider.issuer)]


# MARK: what is refused


def test_each_refusal_has_its_own_words_over_http(make_server, provider: Provider, liar: Liar):
    site = make_server(**settings_of_both(provider, liar))
    assert refusals(site.url, provider, liar) == REFUSALS
    assert len({words for _, _, words in REFUSALS.values()}) == len({code for _, code, _ in REFUSALS.values()}) == 6
    assert all(f"code={code}" in site.log for _, code, _ in REFUSALS.values())
    assert "a-secret" not in site.log and "the-code" not in site.log


def test_a_wrong_state_an_old_one_and_one_of_another_browser_are_refused(site: Server, provider: Provider):
    subject = provider.knows("cobweb-moth", email="cm@example.org")
    visitor, other = Visitor(site.url), Visitor(site.url)
    back = visitor.consent(visitor.begin(), subject)
    wrong = visitor.come_back(back.replace("state=", "state=x"))
    assert (wrong.status_code, code_of(wrong)) == (403, "openid_state_unknown")
    other.get("/accounts/login/")
    assert code_of(other.come_back(back)) == "openid_other_browser"
    # Whoever shows a state uses it up.
    assert code_of(visitor.come_back(back)) == "openid_state_replayed"
    assert not visitor.is_signed_in() and not other.is_signed_in()
    back = visitor.consent(visitor.begin(), subject)
    assert visitor.come_back(back).status_code == 303
    assert code_of(visitor.come_back(back)) == "openid_state_replayed"
    late = visitor.begin()
    with sqlite3.connect(site.data / "parley.db") as database:
        database.execute("UPDATE providerAttempt SET expiresAt = expiresAt - 700000 WHERE usedAt IS NULL")
    database.close()
    assert code_of(visitor.come_back(visitor.consent(late, subject))) == "openid_state_expired"


def test_who_does_not_consent_is_not_signed_in(site: Server):
    visitor = Visitor(site.url)
    state = parse_qs(urlsplit(visitor.begin()).query)["state"][0]
    refused = visitor.get(f"/auth/club/callback/?error=access_denied&state={state}")
    assert code_of(refused) == "openid_provider_refused" and "You did not let Moth Club sign you in" in refused.text


def test_an_expired_token_is_refused(make_server):
    provider = Provider("--token-max-age", "-5")
    try:
        site = make_server(**provider.setting())
        refused = Visitor(site.url).sign_in(provider.knows("moth"))
        assert (refused.status_code, code_of(refused)) == (403, "openid_token_expired")
        assert sentence_of(refused) == "What Moth Club says about you has expired. Start again."
    finally:
        provider.stop()


def test_a_provider_that_is_down_is_told_from_one_that_refuses(make_server):
    provider = Provider()
    site = make_server(**provider.setting())
    visitor = Visitor(site.url)
    back = visitor.consent(visitor.begin(), provider.knows("moth"))
    provider.stop()
    refused = visitor.come_back(back)
    assert (refused.status_code, code_of(refused)) == (502, "openid_unreachable")
    assert "We could not reach Moth Club" in refused.text


LIES = {
    "signed with our secret": (
        lambda liar: setattr(liar, "algorithm", "HS256"), "openid_algorithm_refused", "The signature of"),
    "wrong issuer": (
        lambda liar: liar.lies.update(iss="https://evil.example"), "openid_issuer_wrong", "comes from somebody else"),
    "another sign-in": (lambda liar: liar.lies.update(nonce="x"), "openid_nonce_wrong", "belongs to another sign-in"),
    "a key that nobody published": (
        lambda liar: liar.rotate(publish=False), "openid_key_unknown", "has not published"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_provider_that_lies_is_not_believed(make_server, liar: Liar, lie: str):
    tell, code, words = LIES[lie]
    site = make_server(**liar.setting())
    tell(liar)
    visitor = Visitor(site.url)
    refused = visitor.come_back(liar.takes_note(visitor.begin()))
    assert (refused.status_code, code_of(refused)) == (403, code) and words in refused.text
    assert not visitor.is_signed_in()
    assert f"code={code}" in site.log and "a-secret" not in site.log and "the-code" not in site.log


def test_keys_may_change_and_the_code_is_bound_to_who_asked_for_it(make_server, liar: Liar):
    site = make_server(**liar.setting())
    for _ in range(2):
        visitor = Visitor(site.url)
        assert visitor.come_back(liar.takes_note(visitor.begin())).status_code == 303
        liar.rotate()
    # It checks the verifier against the challenge itself; a wrong one is `invalid_grant`.
    assert liar.asked["code_challenge_method"] == "S256"
    assert len({request["code_verifier"] for request in liar.token_requests}) == 2
    assert all(request["authorization"].startswith("Basic ") for request in liar.token_requests)
    visitor = Visitor(site.url)
    back = liar.takes_note(visitor.begin())
    liar.asked["code_challenge"] = "of-another-sign-in"
    assert code_of(visitor.come_back(back)) == "openid_code_refused"


# MARK: guard rails


def test_a_button_on_another_site_begins_nothing(site: Server):
    visitor = Visitor(site.url)
    visitor.get("/accounts/login/")
    answer = visitor.http.post(
        site.url + "/auth/club/", data={}, headers={"Origin": "https://evil.example"}, timeout=15)
    assert answer.status_code == 403 and api.problem(answer)["code"] == "csrf_failed"
    assert visitor.post("/auth/nobody/").status_code == 404


def test_begins_and_callbacks_are_counted_and_many_that_are_under_way_keep_nobody_out(make_server, provider: Provider):
    site = make_server(sign_in_start_rate="3/300", provider_sign_ins_max="10", **provider.setting())

    def begin(address: str) -> requests.Response:
        session = requests.Session()
        session.get(site.url + "/accounts/login/", timeout=15)
        return session.post(
            site.url + "/auth/club/", timeout=15, headers={"Origin": site.url, "X-Forwarded-For": address})

    assert [begin("203.0.113.9").status_code for _ in range(4)] == [200, 200, 200, 429]
    statuses = [begin(f"198.51.100.{number}").status_code for number in range(9)]
    assert statuses == [200] * 9
    refused = [
        requests.get(
            site.url + "/auth/club/callback/?code=x&state=y", timeout=15, headers={"X-Forwarded-For": "192.0.2.7"})
        for _ in range(4)
    ]
    assert [answer.status_code for answer in refused] == [403, 403, 403, 429]


def test_settings_that_cannot_be_used_stop_the_start_and_show_no_secret(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n", encoding="utf-8")
    for providers, secrets, words in [
        ("club client-id=x", "", "needs issuer="), ("club issuer=http://id.example.org client-id=x", "", "https"),
        ("google client-id=x; google client-id=y", "", "there twice"), ("club what=x", "", "none of"),
        ("", "club=hidden-value", "no such name"), ("google client-id=x", "google=@/nowhere", "cannot be read"),
    ]:
        done = run("settings", "--data-dir", tmp_path / "data", check=False,
                   PARLEY_OPENID_PROVIDERS=providers, PARLEY_OPENID_SECRETS=secrets)
        begun = run("user", "list", "--data-dir", tmp_path / "data", check=False,
                    PARLEY_OPENID_PROVIDERS=providers, PARLEY_OPENID_SECRETS=secrets)
        assert begun.returncode != 0 and words in begun.stderr, begun.stderr
        assert "hidden-value" not in done.stdout + done.stderr + begun.stdout + begun.stderr
    run("user", "list", "--data-dir", tmp_path / "data", check=False,
        PARLEY_OPENID_PROVIDERS="google client-id=x", PARLEY_OPENID_SECRETS=f"google=@{secret}")
