"""Every page of the panel: by whom it is opened, how it looks in both themes and three sizes, and texts in it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import jwt
import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import expect

from bot.assembly import SystemClock
from bot.entry import open_sign_in
from bot.panel.accounts import Accounts
from bot.panel.web.navigation import ENTRIES
from bot.panel.web.router import PAGES
from eval.served import Served
from tests.browser.agents import LUC, MARIA, Desk, drives
from tests.browser.chat import Kept
from tests.browser.conftest import NewContext
from tests.browser.test_axe import violations
from tests.browser.test_markup import CORPUS, MARKUP
from tests.browser.watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

Keep = Callable[["Page", str], None]
PASSWORD = "copper kettle under nine maps"
ADMIN, ODD = "ada@example.org", "odd@example.org"
ODD_NAME = CORPUS[1]
KEY = "0123456789abcdef0123456789abcdef"
SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
STUCK = "the cable is stuck in the car"
ENDLESS = "/agent/stream"
ASKED = {
    "/agent": "?view=all",
    "/agent/search": "?q=station",
    "/agent/tickets": "?state=all",
    "/agent/c/{conversation}/do": "?action=restart&target=310244",
}
"""What a page is asked for, where it would have little to show otherwise."""
BROKEN_WORDS = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll("th, td, label, button, .button, .tag, h1, h2, dt")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.parentElement.checkVisibility() || text.parentElement.closest(".hidden, select, textarea")) continue;
      for (const word of text.data.matchAll(/\\p{L}{2,20}/gu)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((each) => Math.round(each.top))).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken; }"""
"""Words of headings, tables, buttons and labels that go on in another line without a hyphen."""
FOREIGN = "main :is(script, iframe, math, style, mglyph, svg[onload], img[src=x], a[href^=javascript])"


@pytest.fixture(scope="module")
def furnished(browser: object, shipped_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo server with accounts that have passwords: an administrator, and an agent with an odd name."""
    folder = tmp_path_factory.mktemp("furnished")
    with ExitStack() as stack:
        accounts = Accounts(open_sign_in(folder / "panel.db", SystemClock(), True, stack.callback))
        accounts.add("Ada Admin", ADMIN, "admin", "en", "a test", PASSWORD)
        accounts.add(ODD_NAME, ODD, "agent", "en", "a test", PASSWORD)
    settings = {"INDEX": str(shipped_root), "DEMO": "on", "LIMITS": "off", "IDENTITY_KEY": KEY}
    with Served(folder, settings) as one:
        yield one


@pytest.fixture(scope="module")
def talk(furnished: Served) -> str:
    """A conversation that has something to show on every page: danger, a report, a question that nobody answers."""
    drives(furnished.url, "There is smoke coming out of the charger!")
    drives(furnished.url, "how do I bake bread at home?")
    report = ("I want to report that station 4521 has a broken screen", "no photo", "yes")
    return drives(furnished.url, *report, "a person, please", STUCK)


def signs_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """By the form and by the keyboard alone, on whatever page asks for it."""
    page.locator("#email").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.fixture
def ada(new_context: NewContext, furnished: Served) -> Page:
    """The page of an administrator, who may open everything."""
    page = new_context().new_page()
    page.goto(f"{furnished.url}/agent")
    signs_in(page, ADMIN)
    page.wait_for_url(f"{furnished.url}/agent")
    return page


@pytest.fixture
def opened(ada: Page, furnished: Served, talk: str, watched: Watched) -> Callable[[], Iterator[str]]:
    """Goes to every page of the panel, one after the other; gives what each is called in the routes."""
    watched.network_may_fail = True  # pages that say what is not possible are pages as well

    def visit() -> Iterator[str]:
        ada.goto(f"{furnished.url}/agent/tickets?state=all")
        ids = {"conversation": talk, "ticket": ada.locator("th a").first.inner_text()}
        routes = [each for pages in PAGES for each in pages().routes if isinstance(each, APIRoute)]
        for path in sorted({each.path for each in routes if "GET" in (each.methods or ())} - {ENDLESS}):
            address = re.sub(r"{(\w+)(:\w+)?}", lambda found: ids.get(found[1], "1"), path) + ASKED.get(path, "")
            answer = ada.request.get(furnished.url + address)
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            ada.goto(furnished.url + address)
            yield path

    return visit


def name_of(path: str) -> str:
    """What a picture of a page is called."""
    return re.sub(r"\W+", "-", path).strip("-")


def test_no_page_has_a_violation_in_either_theme(ada: Page, opened: Callable[[], Iterator[str]], keep: Keep) -> None:
    found: dict[str, list[str]] = {}
    looked_at = set()
    for path in opened():
        looked_at.add(path)
        for scheme in ("light", "dark"):
            ada.emulate_media(color_scheme=scheme)
            keep(ada, f"{name_of(path)}-{scheme}")
            if wrong := violations(ada):
                found[f"{path} {scheme}"] = wrong
    assert found == {}
    assert looked_at >= {each.path for each in ENTRIES}


def test_on_no_screen_a_page_is_too_wide_or_a_word_breaks(
    ada: Page, opened: Callable[[], Iterator[str]], keep: Keep
) -> None:
    found: dict[str, object] = {}
    for path in opened():
        for size, (width, height) in SIZES.items():
            ada.set_viewport_size({"width": width, "height": height})
            keep(ada, f"{name_of(path)}-{size}")
            if broken := ada.evaluate(BROKEN_WORDS):
                found[f"{path} {size}: broken"] = broken
            root = "document.documentElement"
            if wide := ada.evaluate(f"{root}.scrollWidth - {root}.clientWidth"):
                found[f"{path} {size}: too wide by"] = wide
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_over_a_conversation_has_no_violation(
    new_context: NewContext, furnished: Served, keep: Keep, scheme: str
) -> None:
    talk = drives(furnished.url, "station 4521 is broken, my account is 20917")
    desk = Desk.of(new_context(color_scheme=scheme).new_page(), furnished.url, MARIA).takes(talk)
    Kept(furnished.url, talk).say(STUCK)
    page, found = desk.page, dict[str, list[str]]()

    def looked(state: str) -> None:
        keep(page, state)
        if wrong := violations(page):
            found[state] = wrong

    page.locator(".suggestion").first.wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    looked("opened")
    for state, key, shown in (
        ("menu", "g m", ".sheet"),
        ("shortcuts", "?", "#shortcuts"),
        ("canned", "Control+k", "#canned li"),
    ):
        for each in key.split(" "):
            page.keyboard.press(each)
        page.locator(shown).first.wait_for()
        looked(state)
        page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#signed-out').showModal()")
    looked("signed out")
    assert found == {}


@pytest.mark.parametrize("size", [(1366, 650), (1280, 800), (1440, 900)], ids=str)
def test_the_answer_and_the_last_line_are_in_sight_whatever_was_said(
    new_context: NewContext, furnished: Served, size: tuple[int, int]
) -> None:
    talk = drives(furnished.url, "how do I top up my account?", "station 4521 is broken, my account is 20917")
    context = new_context(viewport={"width": size[0], "height": size[1]})
    desk = Desk.of(context.new_page(), furnished.url, LUC).takes(talk)
    Kept(furnished.url, talk).say(STUCK)
    desk.page.locator(".suggestion").nth(1).wait_for()
    expect(desk.field).to_be_in_viewport(ratio=1)
    expect(desk.send).to_be_in_viewport(ratio=1)
    below = "const log = document.querySelector('#lines'); return log.scrollHeight - log.clientHeight - log.scrollTop"
    desk.page.wait_for_function(f"() => {{ {below} < 2; }}")


def test_a_password_opens_the_page_that_was_asked_for(
    context: BrowserContext, furnished: Served, talk: str, watched: Watched
) -> None:
    watched.network_may_fail = True
    page = context.new_page()
    page.goto(f"{furnished.url}/agent/c/{talk}")
    signs_in(page, ADMIN, "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#email")).to_have_value(ADMIN)
    expect(page.locator("#password")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{furnished.url}/agent/c/{talk}")
    assert {each["httpOnly"] for each in context.cookies() if each["name"] == "plugdesk-session"} == {True}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_has_no_violation(new_context: NewContext, furnished: Served, keep: Keep, scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(f"{furnished.url}/agent/sign-in")
    keep(page, "form")
    assert violations(page) == []


def test_texts_are_shown_as_they_stand_on_every_page(
    new_context: NewContext, ada: Page, opened: Callable[[], Iterator[str]], furnished: Served, watched: Watched
) -> None:
    claims = {"sub": CORPUS[0], "aud": "plugdesk", "exp": time.time() + 600}
    talk = drives(furnished.url, MARKUP, "a person, please", token=jwt.encode(claims, KEY))
    page = new_context().new_page()
    page.goto(f"{furnished.url}/agent/c/{talk}")
    signs_in(page, ODD)
    page.wait_for_url(f"{furnished.url}/agent/c/{talk}")
    desk = Desk(page, furnished.url).takes(talk)
    desk.answers(MARKUP)
    expect(page.locator(".line.person .said")).to_have_text(MARKUP)
    page.locator("#note-box summary").click()
    page.locator("#note").fill(MARKUP)
    page.locator("#note-box button").click()
    expect(page.locator(".line.note .said")).to_have_text(MARKUP)
    page.locator("#tags").fill(CORPUS[3])
    page.keyboard.press("Enter")
    expect(desk.head).to_contain_text(f"#{CORPUS[3]}")
    desk.field.press("Control+k")
    expect(page.locator("#canned li", has_text=ODD_NAME).first).to_be_visible()
    assert clean(page)
    page.goto(f"{furnished.url}/agent/c/{talk}/ticket")
    page.locator("#ticket-description").fill(MARKUP)
    page.locator("main .primary").click()
    page.wait_for_url(re.compile("/agent/(c|tickets)/[^/]*$"))
    assert clean(page)
    unclean = [path for path in opened() if not clean(ada)]
    assert unclean == []
    ada.goto(f"{furnished.url}/agent?view=all")
    expect(Desk(ada, furnished.url).case(talk)).to_contain_text(CORPUS[0])
    expect(Desk(ada, furnished.url).case(talk)).to_contain_text(ODD_NAME)


def clean(page: Page) -> bool:
    """Nothing ran, and no element came of a text."""
    return page.evaluate("window.ran") is None and page.locator(FOREIGN).count() == 0
