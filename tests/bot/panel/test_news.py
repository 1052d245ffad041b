"""What open pages are told: what changes, and first what changed between the making of a page and its stream."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.panel import news as news_module
from bot.panel.news import InProcessNews
from tests.bot.panel.browsers import PanelWorld
from tests.serving import followed, served

WANTED = frozenset({"case-a", "case-b", "now"})


def told_at_first(news: InProcessNews, since: str | None) -> frozenset[str]:
    """What a page hears together with the next change."""

    async def heard() -> frozenset[str]:
        with news.listen(WANTED, since) as listener:
            news.tell("now")
            return await asyncio.wait_for(listener.changed(), 10) or frozenset()

    return asyncio.run(heard()) - {"now"}


def test_what_was_told_after_the_mark_is_told_first_and_nothing_before_it() -> None:
    news = InProcessNews()
    news.tell("case-a")
    mark = news.mark()
    news.tell("case-b", "case-c")
    assert told_at_first(news, mark) == {"case-b"}
    assert told_at_first(news, news.mark()) == set()


def test_who_names_no_mark_hears_what_comes() -> None:
    news = InProcessNews()
    news.tell("case-a")
    assert told_at_first(news, None) == set()


@pytest.mark.parametrize("forged", ["", "x", "0-0", "-1", "\ud800-²"])
def test_a_mark_of_another_process_may_lack_everything(forged: str) -> None:
    assert told_at_first(InProcessNews(), forged) == {"case-a", "case-b"}
    assert told_at_first(InProcessNews(), InProcessNews().mark()) == {"case-a", "case-b"}


def test_a_mark_from_before_what_is_forgotten_may_lack_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_module, "KEPT", 2)
    news = InProcessNews()
    mark = news.mark()
    for name in ("case-a", "x", "y"):
        news.tell(name)
    assert told_at_first(news, mark) == {"case-a", "case-b"}


def test_what_changes_between_a_page_and_its_stream_is_told(world: PanelWorld) -> None:
    browser = world.browser("agent")
    page = re.search(r'data-since="([^"]+)"', browser.get("/agent").text)
    assert page
    world.panel.news.tell("cases-waiting")
    cookie = f"plugdesk-session={browser.cookie('session')}"
    with served(world.app, world.panel.news.close) as url:
        address = f"{url}/agent/stream?on=cases-waiting&since={page[1]}"
        with followed(address, Cookie=cookie) as stream:
            event = next(each for each in stream if each.event)
    assert (event.event, event.data) == ("changed", ["cases-waiting"])
