"""The inbox as an agent works in it: live, by keyboard, in both themes, without a violation of WCAG."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eval.served import Served
from tests.browser.agents import drives
from tests.browser.conftest import NewContext
from tests.browser.test_axe import violations

SMOKE = "There is smoke coming out of the charger!"
SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}


def kari(new_context: NewContext, server: Served, **options: object) -> Page:
    """Kari's browser, in the inbox."""
    page = new_context(**options).new_page()
    page.goto(f"{server.url}/agent")
    page.get_by_role("button", name=re.compile("Kari")).click()
    expect(page.locator("h1")).to_have_text(re.compile("Inbox|Innboks"))
    return page


def test_danger_comes_to_the_top_of_the_inbox_by_itself(new_context: NewContext, server: Served) -> None:
    page = kari(new_context, server)
    before = int(page.locator("#waiting").get_attribute("data-waiting") or 0)
    conversation = drives(server.url, SMOKE)
    danger = page.locator(".cases .case.urgent")
    expect(danger.locator(f'[id="case-{conversation}"]')).to_be_visible()
    # Whatever others wrote before: nothing calm stands above a danger.
    expect(page.locator(".cases .case:not(.urgent) ~ .case.urgent")).to_have_count(0)
    expect(page).to_have_title(re.compile(rf"^\({before + 1}!\)"))
    expect(page.locator("#waiting")).to_have_text(str(before + 1))


def test_everything_goes_by_keyboard(new_context: NewContext, server: Served) -> None:
    conversation = drives(server.url, SMOKE, "the cable under the zebra is hot")
    page = kari(new_context, server)
    expect(page.locator(f'[id="case-{conversation}"]')).to_be_visible()
    page.keyboard.press("j")
    first = page.locator("[data-item]").first
    expect(first).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("zebra")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/agent/search\?q=zebra$"))
    expect(page.locator("mark").first).to_have_text("zebra")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/agent/c/[\w-]+$"))
    page.go_back(wait_until="load")
    expect(page.locator("mark").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_a_filter_is_used_as_soon_as_it_is_chosen_and_stays_in_the_address(
    new_context: NewContext, server: Served
) -> None:
    conversation = drives(server.url, "hello, my cable is stuck")
    page = kari(new_context, server)
    page.goto(f"{server.url}/agent?view=all")
    expect(page.locator(f'[id="case-{conversation}"]')).to_be_visible()
    page.locator("#filter-stage").select_option("closed")
    expect(page).to_have_url(re.compile("stage=closed"))
    expect(page.locator(".cases .case")).to_have_count(0)


def test_the_sound_is_off_until_it_is_switched_on_and_is_remembered(new_context: NewContext, server: Served) -> None:
    page = kari(new_context, server)
    switch = page.locator("[data-sound]")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_look_has_a_violation(
    new_context: NewContext, server: Served, keep: Callable[[Page, str], None], scheme: str, size: str
) -> None:
    drives(server.url, SMOKE)
    drives(server.url, "ma carte ne marche pas, borne 4521")
    width, height = SIZES[size]
    page = kari(new_context, server, color_scheme=scheme, viewport={"width": width, "height": height})
    for path, word in (("/agent", "waiting"), ("/agent?view=all", "all"), ("/agent/search?q=borne", "search")):
        page.goto(server.url + path)
        expect(page.locator(".cases .case").first).to_be_visible()
        assert violations(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0
        keep(page, word)
