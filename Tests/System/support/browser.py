"""The pages as a person sees them. All that these tests know of the client's markup is in this file."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .api import DEMO_PASSWORD
from .server import ARTIFACTS, Server

LAUNCH = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
RECONNECT = 45_000


class Window:
    """One person's browser: its own cookies, and one page."""

    def __init__(self, browser: Browser, server: Server, **options):
        options.setdefault("viewport", DESKTOP)
        self.server = server
        self.context: BrowserContext = browser.new_context(base_url=server.url, reduced_motion="reduce", **options)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self.heard)

    def heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.type}: {message.text}")

    def sign_in(self, username: str, password: str = DEMO_PASSWORD) -> "Window":
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Username", exact=True).fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url("**/rooms/")
        return self

    def open(self, slug: str) -> "Window":
        """Opens a room and waits until the page is live."""
        self.page.goto(f"/chat/{slug}/")
        self.is_connected()
        return self

    def is_connected(self, patience: int = RECONNECT) -> None:
        expect(self.page.locator("html")).to_have_attribute("data-connection-state", "open", timeout=patience)
        expect(self.page.locator("[data-connection]")).to_be_hidden(timeout=patience)

    def is_not_connected(self) -> None:
        expect(self.page.locator("[data-connection]")).to_be_visible(timeout=RECONNECT)

    @property
    def composer(self) -> Locator:
        return self.page.locator("#message")

    @property
    def timeline(self) -> Locator:
        return self.page.locator("[data-timeline]")

    @property
    def messages(self) -> Locator:
        return self.page.locator("[data-messages] li.message")

    @property
    def settled(self) -> Locator:
        """Messages that have a place in the room, that is: that are stored."""
        return self.page.locator("[data-messages] li.message[data-seq]")

    def texts(self) -> list[str]:
        return self.settled.locator(".message-text").all_text_contents()

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.composer).to_have_value("")

    def sees(self, text: str, times: int = 1, patience: int = 15_000) -> Locator:
        """The stored message with this text is on the page, so many times."""
        found = self.settled.filter(has=self.page.get_by_text(text, exact=True))
        expect(found).to_have_count(times, timeout=patience)
        return found

    def pending(self, text: str) -> Locator:
        unsettled = self.page.locator("[data-messages] li.message:not([data-seq])")
        return unsettled.filter(has=self.page.get_by_text(text, exact=True))

    def badge(self, slug: str) -> Locator:
        return self.page.locator(f'[data-room="{slug}"] .badge')

    def screenshot(self, name: str) -> None:
        folder = ARTIFACTS / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")
