"""axe finds nothing in any state of the chat, in any look: WCAG 2.2 AA and best practice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.conftest import NewContext
from tests.browser.test_photos import attached, choose, photo
from tests.browser.watched import Watched

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "right-to-left": {"color_scheme": "light"},
    "phone": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
}
"""What the browser is like."""


@cache
def axe() -> Axe:
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe finds on the page, or within an element, by rule and element."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = axe().run(page, within, options).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}: {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_has_a_violation(
    new_context: NewContext,
    server: Served,
    world: World,
    look: str,
    keep: Callable[[Page, str], None],
    watched: Watched,
) -> None:
    watched.network_may_fail = True
    page = new_context(**LOOKS[look]).new_page()
    chat = Chat.on(page, server.url)
    if look == "right-to-left":
        page.evaluate("document.querySelector('plugdesk-chat').dir = 'rtl'")
    found: dict[str, list[str]] = {}

    def looked(state: str, within: str | None = "plugdesk-chat") -> None:
        keep(page, state)
        if wrong := violations(page, within):
            found[state] = wrong

    looked("closed", None)
    chat.opened()
    looked("welcome", None)
    answer = chat.ask("how do I top up my account?")
    answer.locator(".steps label").first.click()
    answer.locator("summary").click()
    looked("steps")
    chat.ask("is station 4521 free?")
    chat.ask("I want to report that station 4521 has a broken screen")
    choose(chat, "broken.jpg", "image/jpeg", photo((200, 100)))
    expect(attached(chat)).to_be_visible()
    looked("photo")
    chat.answered(chat.button("Send").click)
    looked("card")
    chat.more()
    looked("menu")
    chat.menu.get_by_role("button", name="Rate this chat").click()
    chat.log.locator(".star").nth(3).click()
    looked("rating")
    chat.ask("there is smoke coming out of the charger")
    looked("danger")
    page.route("**/messages", lambda route: route.fulfill(status=422, json={}))
    chat.say("refused")
    expect(chat.messages.last).to_contain_text("Not sent")
    page.context.set_offline(True)
    expect(chat.notices).to_have_count(1)
    looked("failed")
    assert found == {}
