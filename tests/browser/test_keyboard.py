"""Everything by keyboard, and what screen readers hear."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.host import hosted

FOCUSED = """() => { let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute("aria-label") || at?.textContent?.trim() || at?.tagName || ""; }"""


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate(FOCUSED))


def walked(page: Page, steps: int, key: str = "Tab") -> list[str]:
    """What has the focus after each press of the key."""
    found = []
    for _ in range(steps):
        page.keyboard.press(key)
        found.append(focused(page))
    return found


def test_a_whole_conversation_by_keyboard(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en")
    page.keyboard.press("Tab")
    expect(chat.launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    page.keyboard.type("station 7781 is dead, nothing happens")
    chat.answered(lambda: page.keyboard.press("Enter"))
    expect(chat.field).to_be_focused()
    choice = chat.reply.locator(".choices button").first
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if choice.evaluate("(button) => button === button.getRootNode().activeElement"):
            break
    expect(choice).to_be_focused()
    chat.answered(lambda: page.keyboard.press("Space"))
    expect(chat.log).to_be_focused()
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_focus_goes_from_top_to_bottom(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en").opened()
    chat.panel.get_by_role("heading").first.focus()
    assert walked(page, 11) == [
        "More",
        "Close",
        "Help with charging",
        "Charging does not start",
        "The station is broken",
        "Where is my invoice?",
        "Your message",
        "Add a photo",
        "Share my location",
        "Talk to a person",
        "Send",
    ]


def test_escape_closes_the_menu_first_and_then_the_chat(chat: Chat) -> None:
    menu = chat.more()
    expect(menu.get_by_role("combobox")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert focused(chat.page) == "More"
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_the_menu_closes_when_focus_leaves_it(chat: Chat) -> None:
    menu = chat.more()
    chat.page.keyboard.press("Tab")
    expect(menu).to_be_hidden()


def test_shift_and_enter_begin_a_new_line(chat: Chat) -> None:
    chat.field.fill("one")
    chat.field.press("Shift+Enter")
    chat.field.type("two")
    expect(chat.field).to_have_value("one\ntwo")
    expect(chat.messages).to_have_count(0)


def test_the_conversation_can_be_scrolled_by_keyboard(chat: Chat) -> None:
    for _ in range(3):
        chat.ask("how do I top up my account?")
    chat.log.focus()
    chat.page.keyboard.press("Home")
    chat.page.wait_for_function(
        "() => document.querySelector('plugdesk-chat').shadowRoot.querySelector('.log').scrollTop === 0"
    )


def test_there_is_one_polite_region_and_one_alarm(chat: Chat) -> None:
    expect(chat.root.locator("[aria-live=polite]")).to_have_count(1)
    expect(chat.root.get_by_role("alert")).to_have_count(1)
    expect(chat.log).to_have_attribute("aria-live", "off")


def test_every_control_is_large_enough_to_tap(chat: Chat) -> None:
    chat.ask("how do I top up my account?")
    chat.more()
    controls = chat.panel.locator("button:visible, select:visible, a:visible, textarea:visible, .steps label:visible")
    for control in controls.all():
        box = control.bounding_box()
        assert box and min(box["height"], box["width"]) >= 44, control.inner_text()


def test_every_control_has_a_name(chat: Chat) -> None:
    chat.ask("how do I top up my account?")
    chat.more()
    for control in chat.panel.locator(
        "button:visible, select:visible, a:visible, textarea:visible, .steps input"
    ).all():
        expect(control).to_have_accessible_name(re.compile(r"\w"))


def test_modal_on_a_phone_keeps_the_focus_inside(page: Page, server: Served, world: World) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    chat = hosted(page, server.url, locale="en", body="<button>behind</button>").opened()
    expect(chat.panel).to_have_js_property("open", True)
    assert "behind" not in walked(page, 16)
