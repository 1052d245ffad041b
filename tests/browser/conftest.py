"""A browser, a server and a page that is watched, for tests that look at the widget as drivers do.

``PLUGDESK_TEST_BROWSER`` names a Chromium (.ci/chromium prints one) and makes these tests a must; without it they use
the one that is installed, and are skipped where there is none. ``PLUGDESK_TEST_SCREENSHOTS`` names a folder for
screenshots.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NAMED = os.environ.get("PLUGDESK_TEST_BROWSER", "")
PATIENCE_MS = 15_000
"""How long a state is waited for; machines that run the tests may be slow."""

USUAL = {"locale": "en-GB", "timezone_id": "Europe/Zurich", "reduced_motion": "reduce"}
"""What browsers are like unless a test says otherwise; nothing moves, so that places can be measured."""

NewContext = Callable[..., "BrowserContext"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Of the package, not the session: while Playwright runs, nobody else can run an event loop."""
    found = NAMED or shutil.which("chromium")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ModuleNotFoundError:
        if NAMED:
            raise
        pytest.skip("Playwright is not installed: pip install -c constraints.txt playwright")
    if not found:
        pytest.skip("no Chromium is installed: apt install chromium, or name one in PLUGDESK_TEST_BROWSER")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def server(browser: Browser, shipped_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the demo world, which all share that do not stop it."""
    with Served(tmp_path_factory.mktemp("served"), {"INDEX": str(shipped_root), "DEMO": "on", "LIMITS": "off"}) as one:
        yield one


@pytest.fixture
def world(server: Served) -> World:
    """The demo world as it begins."""
    world = World(server.url)
    world.change("reset")
    return world


@pytest.fixture
def watched() -> Watched:
    """Collects what must not happen on any page."""
    return Watched()


@pytest.fixture
def new_context(browser: Browser, watched: Watched) -> Iterator[NewContext]:
    """Makes browsers without a past, as Playwright's new_context does; all of them are watched."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{**USUAL, **options})
        context.set_default_timeout(PATIENCE_MS)
        watched.follow(context)
        made.append(context)
        return context

    yield make
    for context in made:
        watched.close(context)
    assert watched.faults == []


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    """A desktop browser in English."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page of it."""
    return context.new_page()


@pytest.fixture
def chat(page: Page, server: Served, world: World) -> Chat:
    """The demo page with its chat open."""
    return Chat.on(page, server.url).opened()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept."""
    named = os.environ.get("PLUGDESK_TEST_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def keep(pictures: Path, request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a screenshot of a page under the test's name and another word."""
    test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")

    def shoot(page: Page, word: str) -> None:
        page.screenshot(path=pictures / f"{test}-{word}.png")

    return shoot
