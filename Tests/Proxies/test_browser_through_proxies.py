"""Two people in their browsers, through each reverse proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from playwright.sync_api import expect

if TYPE_CHECKING:
    from support.browser import Window


def test_two_windows_talk_over_websocket(open_window: Callable[[str], Window], room: str):
    titania, oberon = open_window("titania").open(room), open_window("oberon").open(room)
    for window in (titania, oberon):
        expect(window.page.locator("html")).to_have_attribute("data-transport", "websocket")
    titania.say("Ill met by moonlight")
    oberon.sees("Ill met by moonlight")
    oberon.say("What, jealous?")
    titania.sees("What, jealous?")
    for window in (titania, oberon):
        window.page.reload()
        window.is_connected()
        window.sees("Ill met by moonlight")
        expect(window.page.locator("html")).to_have_attribute("data-transport", "websocket")
