"""A walker that fills every form of every page with hostile input, and looks at what comes of it.

Whatever is typed: no error of the server's, no script that runs, what was typed is still there beside a sentence that says
what is wrong with it, what is refused has changed nothing, and no line of the log is anybody else's."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote

import pytest
import requests
from conftest import IS_LONG, ROLES, summarize
from forms import SECRET_TYPES, Field, Form, Reader, read
from hostile import BODIES, FORGED, KINDS, TEXTS
from database import contents
from pages import NOT_PAGES, cookies_for_browser, pages_of
from support.server import CHECKOUT

#: These end the walker's own sign-in.
LEFT_OUT = re.compile(r"/accounts/logout/")
#: Longer ones than the server takes are refused as a whole, before it is known what they are.
BODY_MAX = 131_072
#: What a form asks for besides the field that is hostile.
SANE = {
    "username": "walker", "password": "a good long password", "name": "Walker", "email": "walker@example.com",
    "topic": "About walking", "message": "A step", "days": "7", "usesMax": "1",
}

#: Forms that an earlier role has had, by test: the long version fills them for each.
walked: dict[str, set[tuple]] = {}
#: An administrator has every form that a member has: what is asked without a word being typed is asked once.
FEWER_ROLES = list(ROLES) if IS_LONG else ["signed out", "admin"]

done: Counter[str] = Counter()


@pytest.fixture(scope="module")
def server(world):
    return world.server


@pytest.fixture(scope="module", autouse=True)
def told():
    yield
    summarize("walker", ", ".join(f"{count} {what}" for what, count in sorted(done.items())))


def answer_to(session: requests.Session, form: Form, data, **options) -> requests.Response:
    done["inputs"] += 1
    return session.post(form.action, data=data, timeout=60, allow_redirects=False, **options)


def is_whole(server, answer: requests.Response, what: str) -> Reader:
    """What is true of every answer, whatever was asked."""
    assert answer.status_code < 500, f"{what}: {answer.status_code} {answer.text[:400]}"
    assert "injected" not in answer.headers.get("Set-Cookie", ""), what
    location = answer.headers.get("Location", "/")
    assert location.startswith("/") and not location.startswith(("//", "/\\")), f"{what}: led to {location}"
    assert "Content-Security-Policy" in answer.headers, what
    # JSON and downloads are no pages, and browsers are told not to guess.
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    assert answer.headers["X-Content-Type-Options"] == "nosniff", what
    page = read(answer.url, answer.text if is_page else "")
    assert not page.foreign, f"{what}: {page.foreign}"
    return page


def forms_of(world, routes, role: str, test: str) -> list[Form]:
    """The forms that have something to fill in, each once."""
    found: dict[tuple, Form] = {}
    for page in pages_of(world, routes, role):
        for form in read(page.url, page.html).forms:
            if form.method != "post" or LEFT_OUT.search(form.action) or not form.attacked:
                continue
            # Of another server, or where a page's own address is that of an answer.
            if not form.action.startswith(world.server.url + "/"):
                continue
            kind = re.sub(
                r"/(people|sessions|rooms|chat|invitations|members|messages|bots|tokens|passkeys|incoming|outgoing)/[^/]+(?=/)",
                r"/\1/*", form.action)
            found.setdefault((kind, tuple(sorted(form.values))), form)
    assert found, role
    before = walked.setdefault(test, set())
    new = [form for kind, form in found.items() if IS_LONG or kind not in before]
    before |= found.keys()
    return new


#: The short version gives a typed field each THIRD text and the next field those after: together they have had them all.
THIRD = 3


def texts_for(field: Field, number: int) -> dict[str, str]:
    """What nobody types into is read by the same code in every form: a few texts are enough in the short version."""
    if IS_LONG:
        return TEXTS
    if field.kind in ("hidden", "select", "button", "radio", "checkbox"):
        return {kind: TEXTS[kind] for kind in ("empty", "too long", "NUL", "CRLF", "an attribute", "SQL", "a huge number")}
    return dict(list(TEXTS.items())[number % THIRD::THIRD])


def filled(form: Form, hostile: Field, text: str) -> dict[str, str]:
    values = {each.name: each.value or SANE.get(each.name, "x") for each in form.fields}
    if hostile.kind != "button" and "do" in values and form["do"].kind == "button":
        del values["do"]
    return values | {hostile.name: text}


def normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("role", ROLES)
def test_hostile_input_is_refused_in_words_or_taken_as_text(world, server, routes, role: str):
    session = world.session(role)
    for form in forms_of(world, routes, role, "texts"):
        done["forms"] += 1
        for hostile in form.attacked:
            done["fields"] += 1
            for kind, text in texts_for(hostile, done["fields"]).items():
                what = f"{role}: {kind} as {hostile.name} of {form.action}"
                before = contents(server.data)
                answer = answer_to(session, form, filled(form, hostile, text))
                page = is_whole(server, answer, what)
                if answer.status_code < 400:
                    done["taken as text"] += 1
                    continue
                done["refused"] += 1
                assert contents(server.data) == before, f"{what}: refused, and something has changed"
                if answer.headers["Content-Type"].startswith("text/html") and answer.status_code != 404:
                    says_what_is_wrong(page, form, hostile, text, f"{what}: {answer.status_code}")
        # A form that signed somebody in or out leaves a session that is another's.
        session = world.session(role)


def says_what_is_wrong(page: Reader, form: Form, hostile: Field, text: str, what: str) -> None:
    again = next((each for each in page.forms if each.action == form.action and each[hostile.name]), None)
    if again is None:
        # A page of its own that says so: what was sent could not be read as this form at all.
        assert not any(each.is_kept for each in form.attacked) or len(text) > BODY_MAX // 4 or not page.forms, (
            f"{what}: the form is not shown again")
        return
    assert any(error.strip() for error in page.errors), f"{what}: nothing says what is wrong"
    for each in again.fields:
        if each.kind in SECRET_TYPES:
            assert each.value == "", f"{what}: a password is shown"
    if hostile.is_kept and "\0" not in text:
        assert normal(again[hostile.name].value) == normal(text), f"{what}: what was typed is gone"


@pytest.mark.parametrize("role", FEWER_ROLES)
def test_bodies_that_no_browser_sends_change_nothing_and_break_nothing(world, server, routes, role: str):
    session = world.session(role)
    for form in forms_of(world, routes, role, "bodies"):
        for hostile in form.attacked:
            if hostile.kind == "button":
                continue
            for kind, body in BODIES.items():
                for claimed in KINDS if IS_LONG else KINDS[:2]:
                    what = f"{role}: {kind} as {claimed or 'nothing'} for {hostile.name} of {form.action}"
                    before = contents(server.data)
                    answer = answer_to(
                        session, form, body.replace(b"{name}", hostile.name.encode()),
                        headers={"Content-Type": claimed} if claimed else {})
                    is_whole(server, answer, what)
                    if answer.status_code >= 400:
                        assert contents(server.data) == before, f"{what}: refused, and something has changed"
        session = world.session(role)


@pytest.mark.parametrize("role", FEWER_ROLES)
def test_addresses_with_hostile_names_and_queries_break_nothing(world, server, routes, role: str):
    """The names of queries are those that the code reads."""
    session = world.session(role)
    names = set()
    for file in (CHECKOUT / "Sources/Web").rglob("*.swift"):
        names |= set(re.findall(r'queryParameters\["(\w+)"\]', file.read_text(encoding="utf-8")))
    assert {"next", "before", "token"} <= names
    for method, path in routes:
        if method not in ("GET", "POST") or NOT_PAGES.match(path) or LEFT_OUT.search(path + "/"):
            continue
        for kind, text in TEXTS.items():
            if len(text) > 2000:
                text = text[:2000]
            value = quote(text, safe="")
            addresses = []
            if "{" in path:
                addresses.append(re.sub(r"{\w+}", value or "%20", path) + "/")
            elif method == "GET":
                addresses.append(path.rstrip("/") + "/?" + "&".join(f"{name}={value}" for name in sorted(names)))
            for address in addresses:
                done["addresses"] += 1
                what = f"{role}: {kind} in {method} {path}"
                answer = session.request(method, server.url + address, timeout=60, allow_redirects=False)
                is_whole(server, answer, what)


def test_no_script_of_what_was_taken_runs_in_a_browser(world, server, routes, browser):
    """After all of that, every page is opened by somebody who may see all."""
    for role in ROLES:
        context = browser.new_context()
        context.add_cookies(cookies_for_browser(world.session(role), server))
        tab = context.new_page()
        told: list[str] = []
        tab.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("console", lambda message: told.append(message.text)
               if "Content Security Policy" in message.text else None)
        for page in pages_of(world, routes, role):
            if page.answers:
                continue
            done["pages in a browser"] += 1
            tab.goto(page.url)
            assert tab.evaluate("window.hacked") is None, page.path
            assert tab.locator("parley-probe, [parley-probe], [onerror], [onclick]").count() == 0, page.path
            assert not told, f"{page.path}: {told}"
        context.close()


def test_every_line_of_the_log_is_the_servers_own(server):
    greeting = re.compile(r"^(|Parley .* is at .*|Demo sign-ins: .*|Press Ctrl-C to stop\.)$")
    lines = server.log.split("\n")
    assert len(lines) > 10
    for line in lines:
        assert re.match(r"time=\d{4}-\d\d-\d\dT[\d:.]+Z level=\w+ message=", line) or greeting.match(line), line[:300]
        assert not line.startswith(FORGED), line
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u2028\u2029]", line), repr(line[:300])
