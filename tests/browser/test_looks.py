"""Sizes, themes, directions and preferences, measured where they can be and kept as pictures to be looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.conftest import NewContext
from tests.browser.host import hosted

Keep = Callable[[Page, str], None]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 568}
DESKTOP = {"width": 1280, "height": 800}
STYLE = (
    "([part, name]) => getComputedStyle(document.querySelector('plugdesk-chat').shadowRoot.querySelector(part))[name]"
)
WIDER = """() => { const root = document.querySelector('plugdesk-chat').shadowRoot;
  const log = root.querySelector('.log'), panel = root.querySelector('.panel');
  return [log, panel, document.documentElement].filter((each) => each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.className || each.tagName); }"""
"""What has to be scrolled sideways."""


def style(chat: Chat, part: str, name: str) -> str:
    return str(chat.page.evaluate(STYLE, [part, name]))


def brightness(colour: str) -> float:
    """Of a computed colour, 0 to 1."""
    values = [float(each) for each in re.findall(r"[\d.]+", colour)[:3]]
    return sum(values) / len(values) / (255 if colour.startswith("rgb") else 1)


def box(chat: Chat) -> dict[str, float]:
    found = chat.panel.bounding_box()
    assert found
    return dict(found)


@pytest.fixture
def seen(new_context: NewContext, server: Served, world: World) -> Callable[..., Chat]:
    """Opens the demo page in a browser with these properties."""

    def see(**options: Any) -> Chat:
        return Chat.on(new_context(**options).new_page(), server.url).opened()

    return see


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["narrow", "phone", "desktop"])
def test_nothing_is_wider_than_the_screen(
    seen: Callable[..., Chat], keep: Keep, scheme: str, size: dict[str, int]
) -> None:
    chat = seen(viewport=size, color_scheme=scheme)
    keep(chat.page, "welcome")
    chat.ask("how do I top up my account?").locator("summary").click()
    chat.say("w" * 200)
    chat.ask("is station 4521 free?")
    keep(chat.page, "conversation")
    assert chat.page.evaluate(WIDER) == []
    assert (brightness(style(chat, ".panel", "backgroundColor")) > 0.5) == (scheme == "light")


def test_on_a_phone_it_covers_the_screen(seen: Callable[..., Chat]) -> None:
    assert box(seen(viewport=PHONE)) == {"x": 0, "y": 0, **PHONE}


def test_beside_a_keyboard_it_covers_what_is_left(seen: Callable[..., Chat]) -> None:
    chat = seen(viewport=PHONE)
    chat.page.set_viewport_size({"width": 390, "height": 460})
    expect(chat.panel).to_have_css("height", "460px")
    expect(chat.field).to_be_in_viewport()


def test_on_a_desktop_it_stands_in_the_corner(seen: Callable[..., Chat]) -> None:
    found = box(seen(viewport=DESKTOP))
    assert found["width"] == 400
    assert found["x"] + found["width"] == DESKTOP["width"] - 20


def test_at_twice_the_zoom_everything_is_still_there(seen: Callable[..., Chat], keep: Keep) -> None:
    """200 % on a small laptop's 1280 pixels is a page 640 wide, drawn twice as large (WCAG 2.2, 1.4.4 and 1.4.10)."""
    chat = seen(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    chat.ask("how do I top up my account?")
    assert chat.page.evaluate(WIDER) == []
    for control in (chat.field, chat.button("Send"), chat.button("Close"), chat.button("Talk to a person")):
        expect(control).to_be_in_viewport(ratio=1)
    keep(chat.page, "zoomed")


def test_letters_twice_as_large_cut_nothing_off(seen: Callable[..., Chat], keep: Keep) -> None:
    chat = seen(viewport=DESKTOP)
    chat.page.evaluate(
        "document.querySelector('plugdesk-chat').shadowRoot.querySelector('.root').style.fontSize = '30px'"
    )
    chat.ask("how do I top up my account?")
    assert chat.page.evaluate(WIDER) == []
    keep(chat.page, "large")


def test_an_rtl_page_has_it_mirrored(page: Page, server: Served, keep: Keep) -> None:
    chat = hosted(page, server.url, locale="en", dir="rtl").opened()
    assert box(chat)["x"] == 20
    chat.ask("is station 4521 free?")
    said, answer = chat.messages.last.locator(".bubble").bounding_box(), chat.reply.locator(".bubble").bounding_box()
    assert said and answer and said["x"] < answer["x"]
    keep(page, "mirrored")


def test_a_language_from_right_to_left_needs_no_attribute(page: Page, server: Served) -> None:
    chat = hosted(page, server.url, locale="ar").opened()
    expect(chat.root.locator(".root")).to_have_attribute("dir", "rtl")


def test_the_page_chooses_theme_position_and_colours(page: Page, server: Served) -> None:
    chat = hosted(page, server.url, locale="en", theme="dark", position="bottom-left").opened()
    assert brightness(style(chat, ".panel", "backgroundColor")) < 0.5
    assert box(chat)["x"] == 20
    page.evaluate("document.querySelector('plugdesk-chat').style.setProperty('--plugdesk-dark-accent', 'rgb(1, 2, 3)')")
    assert style(chat, ".badge", "backgroundColor") == "rgb(1, 2, 3)"


def test_forced_colours_keep_edges(seen: Callable[..., Chat], keep: Keep) -> None:
    chat = seen(forced_colors="active")
    chat.ask("how do I top up my account?").locator(".steps label").first.click()
    assert style(chat, ".bubble", "borderTopWidth") == "1px"
    assert style(chat, ".send", "borderTopWidth") == "1px"
    keep(chat.page, "forced")


def test_more_contrast_makes_quiet_words_loud(seen: Callable[..., Chat]) -> None:
    chat = seen(contrast="more")
    assert style(chat, ".disclosure", "color") == style(chat, ".root", "color")


def test_nothing_moves_for_who_wants_it_still(seen: Callable[..., Chat]) -> None:
    moving = seen(reduced_motion="no-preference")
    assert style(moving, ".panel", "animationName") == "rise"
    calm = seen()
    assert style(calm, ".panel", "animationName") == "none"
    assert style(calm, ".log", "scrollBehavior") == "auto"
