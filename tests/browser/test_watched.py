"""What is watched for is found: a check that cannot fail would say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from eval.served import Served
from tests.browser.watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def context(browser: Browser, watched: Watched) -> Iterator[BrowserContext]:
    context = browser.new_context()
    watched.follow(context)
    yield context
    context.close()


def test_a_cookie_is_found(context: BrowserContext, watched: Watched, server: Served) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/plain/")
    page.evaluate("document.cookie = 'sneaky=1'")
    assert watched.faults == ["cookie: sneaky"]


def test_the_panels_own_cookies_are_none_of_the_chats(
    context: BrowserContext, watched: Watched, server: Served
) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/plain/")
    page.evaluate("document.cookie = 'plugdesk-session=1'")
    assert watched.faults == ["cookie: plugdesk-session"]


def test_in_the_panel_its_own_cookies_are_as_they_should_be(
    context: BrowserContext, watched: Watched, server: Served
) -> None:
    context.new_page().goto(f"{server.url}/agent/sign-in")
    assert context.cookies()
    assert watched.faults == []


def test_an_error_of_a_page_is_found(context: BrowserContext, watched: Watched, server: Served) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/plain/")
    page.evaluate("console.error('broken')")
    assert watched.faults == ["console error: broken"]
