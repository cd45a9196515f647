"""Whose account it is that somebody comes to from a provider, and who may link one."""

from __future__ import annotations

import json
import sqlite3

from support import api
from support.provider import Provider, Visitor, code_of
from support.server import Server, run
from support.totp import App
from test_providers import audit, password_visitor, provider, site  # noqa: F401: the last two are fixtures


def test_one_adds_a_provider_signs_in_by_it_and_removes_it_again(site: Server, provider: Provider):
    subject = provider.knows("oberons-moth", email="oberon.moth@example.org")
    visitor = password_visitor(site, "oberon")
    answer = visitor.sign_in(subject, linking="1")
    assert answer.headers["Location"] == "/profile/?done=provider", answer.text
    other = Visitor(site.url)
    other.sign_in(subject)
    assert other.me()["username"] == "oberon"
    # It is nobody else's now.
    taken = password_visitor(site, "luna").sign_in(subject, linking="1")
    assert (taken.status_code, code_of(taken)) == (409, "identity_taken")
    page = visitor.get("/profile/").text
    path = page.split('formaction="')[1].split('"')[0]
    assert path.startswith("/profile/providers/")
    assert visitor.post(path).headers["Location"] == "/profile/?done=provider-removed"
    assert visitor.post(path).status_code == 404
    done = [(line["action"], line["target"]) for line in audit(site)]
    assert ("account.add_provider", "oberon") in done and ("account.remove_provider", "oberon") in done


def test_the_only_way_in_cannot_be_removed_and_a_first_password_makes_another(site: Server, provider: Provider):
    visitor = Visitor(site.url)
    visitor.sign_in(provider.knows("only", email="only@example.org"))
    path = visitor.get("/profile/").text.split('formaction="')[1].split('"')[0]
    refused = visitor.post(path)
    assert refused.status_code == 409 and "This is your only way to sign in." in refused.text
    assert visitor.post("/profile/password/", password="a good password").status_code == 303
    assert visitor.post(path).headers["Location"] == "/profile/?done=provider-removed"
    api.sign_in(site.url, visitor.me()["username"], "a good password")


def test_somebody_elses_address_does_not_open_their_account(site: Server, provider: Provider):
    """The account is one's own that has the same words before the @, and no more."""
    visitor = Visitor(site.url)
    visitor.sign_in(provider.knows("not-puck", email="puck@example.org", email_verified=True, preferred_username="puck"))
    assert visitor.me()["username"] == "puck2"


def test_the_same_address_verified_on_both_sides_is_the_same_account(site: Server, provider: Provider):
    first = Visitor(site.url)
    first.sign_in(provider.knows("here", email="Both@Example.org", email_verified=True))
    again = Visitor(site.url)
    again.sign_in(provider.knows("there", email="both@example.org", email_verified=True))
    assert again.me()["id"] == first.me()["id"]
    # What nobody has verified opens nothing.
    third = Visitor(site.url)
    third.sign_in(provider.knows("nowhere", email="both@example.org", email_verified=False))
    assert third.me()["id"] != first.me()["id"]


def test_an_access_token_links_no_provider_to_the_account_that_it_was_made_for(site: Server, provider: Provider):
    victim = api.register(site.url)
    made = victim.post("/api/profile/tokens/", {
        "name": "x", "scopes": ["account:read", "account:write"], "days": 1, "password": victim.password}, (201,))
    thief = Visitor(site.url)
    thief.get("/accounts/login/")
    thief.http.headers["Authorization"] = f"Bearer {made['token']}"
    refused = thief.post("/auth/club/", linking="1")
    assert refused.status_code == 403 and api.problem(refused)["code"] == "scope_missing", refused.text
    assert victim.username not in refused.text
    # Nor does it do so on the way back of a sign-in that somebody began without it.
    del thief.http.headers["Authorization"]
    back = thief.consent(thief.begin(), provider.knows("thief", email="thief@example.org"))
    thief.http.headers["Authorization"] = f"Bearer {made['token']}"
    thief.come_back(back)
    del thief.http.headers["Authorization"]
    assert thief.me()["username"] != victim.username
    assert "thief" not in json.dumps(victim.post("/api/profile/export/", {"password": victim.password})["identities"])


def test_an_old_sign_in_needs_the_password_to_add_a_provider(make_server, provider: Provider):
    site = make_server(recent_sign_in_seconds="30", **provider.setting())
    visitor = password_visitor(site, "fern")
    with sqlite3.connect(site.data / "parley.db") as database:
        database.execute("UPDATE session SET createdAt = createdAt - 3600000")
    database.close()
    refused = visitor.post("/auth/club/", linking="1", providerPassword="wrong")
    assert refused.status_code == 422 and "This is not your password." in refused.text
    answer = visitor.sign_in(provider.knows("ferns"), linking="1", providerPassword=api.DEMO_PASSWORD)
    assert answer.headers["Location"] == "/profile/?done=provider"


def test_the_second_factor_is_asked_for_all_the_same(site: Server, provider: Provider):
    subject = provider.knows("thistles", email="thistles@example.org")
    visitor = password_visitor(site, "thistle")
    visitor.sign_in(subject, linking="1")
    page = visitor.get("/profile/two-factor/").text
    app = App(page.split("Or type this into the app: <code>")[1].split("<")[0])
    enrolment = page.split('name="enrolment" value="')[1].split('"')[0]
    visitor.post("/profile/two-factor/", enrolment=enrolment, password=api.DEMO_PASSWORD, code=app.code())
    other = Visitor(site.url)
    answer = other.sign_in(subject, next="/chat/lobby/")
    assert answer.headers["Location"].startswith("/accounts/login/code/"), answer.text
    assert not other.is_signed_in()
    step = other.get(answer.headers["Location"]).text
    pending = step.split('name="pending" value="')[1].split('"')[0]
    answer = other.post("/accounts/login/code/", pending=pending, code=app.code(later=1), next="/chat/lobby/")
    assert answer.headers["Location"] == "/chat/lobby/" and other.me()["username"] == "thistle"


def test_who_may_register_holds_for_providers_too(make_server, provider: Provider):
    subject = provider.knows("stranger", email="stranger@example.org")
    closed = make_server(registration="closed", **provider.setting())
    refused = Visitor(closed.url).sign_in(subject)
    assert (refused.status_code, code_of(refused)) == (403, "registration_closed")
    invited = make_server(registration="invitation", **provider.setting())
    assert code_of(Visitor(invited.url).sign_in(subject)) == "registration_closed"
    admin = password_visitor(invited, "admin")
    page = admin.post("/admin/invitations/", days="1", usesMax="1", role="guest").text
    token = page.split("invitation=")[1].split('"')[0].split("<")[0].split("&")[0]
    visitor = Visitor(invited.url)
    assert f'value="{token}"' in visitor.get(f"/accounts/register/?invitation={token}").text
    assert visitor.sign_in(subject, invitation=token).headers["Location"] == "/profile/"
    assert visitor.me()["role"] == "guest"
    other = provider.knows("other", email="other@example.org")
    assert code_of(Visitor(invited.url).sign_in(other, invitation=token)) == "invitation_invalid"


def test_by_domain_only_an_address_that_the_provider_verified_there_lets_in(make_server, provider: Provider):
    site = make_server(
        registration="domain", registration_domains="moths.example", email_verification="required",
        smtp_url="smtp://127.0.0.1:9", smtp_starttls="never", mail_from="chat@moths.example", **provider.setting())
    for subject, address, is_verified in [
        ("elsewhere", "moth@elsewhere.example", True), ("unverified", "moth@moths.example", False), ("none", "", False),
    ]:
        claims = {"email": address, "email_verified": is_verified} if address else {}
        refused = Visitor(site.url).sign_in(provider.knows(subject, **claims))
        assert (refused.status_code, code_of(refused)) == (403, "registration_closed"), subject
    visitor = Visitor(site.url)
    subject = provider.knows("domestic", email="moth@moths.example", email_verified=True)
    assert visitor.sign_in(subject).headers["Location"] == "/profile/"
    assert "moth@moths.example" in run("mail", "queue", "--data-dir", site.data).stdout, "they are welcomed"


def test_a_disabled_account_is_not_opened(site: Server, provider: Provider):
    subject = provider.knows("brambles")
    visitor = password_visitor(site, "bramble")
    visitor.sign_in(subject, linking="1")
    run("user", "disable", "bramble", "--data-dir", site.data)
    refused = Visitor(site.url).sign_in(subject)
    assert (refused.status_code, code_of(refused)) == (403, "account_disabled")
