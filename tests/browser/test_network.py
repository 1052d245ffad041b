"""Bad networks: what is written is kept, sent once each and in order; what is said arrives, whichever way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from eval.flapping import FLAPPING, FlappingProxy
from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.watched import Watched

WRITTEN = [f"line {number}" for number in range(1, 31)]


@pytest.fixture(autouse=True)
def failing(watched: Watched) -> None:
    watched.network_may_fail = True


@pytest.fixture
def proxy(server: Served, world: World) -> Iterator[FlappingProxy]:
    with FlappingProxy(server.port, seed=7) as one:
        yield one


@pytest.fixture
def behind(page: Page, proxy: FlappingProxy) -> Chat:
    """A chat whose connections the proxy can break."""
    return Chat.on(page, proxy.url).opened()


def test_what_is_written_offline_is_kept_and_sent_in_order(chat: Chat, context: BrowserContext) -> None:
    chat.ask("hello")
    context.set_offline(True)
    expect(chat.notices).to_have_text("No connection. What you write is sent later.")
    for line in ("one", "two", "three"):
        chat.say(line)
    expect(chat.messages.last.locator(".meta")).to_have_text("Not sent")
    context.set_offline(False)
    expect(chat.replies).to_have_count(4)
    expect(chat.notices).to_have_count(0)
    assert chat.kept.messages == ["hello", "one", "two", "three"]


def test_what_waits_survives_a_reload(chat: Chat, proxy: FlappingProxy) -> None:
    chat = Chat.on(chat.page, proxy.url)
    chat.opened().ask("hello")
    chat.page.route("**/v1/conversations/**", lambda route: route.abort())
    chat.say("while it was down")
    expect(chat.messages.last.locator(".meta")).to_have_text("Not sent")
    chat.page.reload()
    expect(chat.messages).to_have_count(2)
    expect(chat.messages.last.locator(".meta")).to_have_text("Not sent")
    chat.page.unroute("**/v1/conversations/**")
    expect(chat.replies).to_have_count(2)
    assert chat.kept.messages == ["hello", "while it was down"]


def test_a_draft_survives_a_reload(chat: Chat) -> None:
    chat.field.fill("I was about to say")
    chat.page.wait_for_function(
        "() => Object.values(localStorage).some((kept) => kept.includes('I was about to say'))",
    )
    chat.page.reload()
    expect(chat.field).to_have_value("I was about to say")


def test_a_message_whose_answer_was_lost_is_not_said_twice(chat: Chat) -> None:
    chat.ask("hello")
    lost = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    chat.page.route("**/messages", lose_the_answer)
    chat.ask("is station 4521 free?")
    expect(chat.messages.last.locator(".meta")).to_contain_text("Sent")
    assert chat.kept.messages == ["hello", "is station 4521 free?"]


def test_a_cut_stream_goes_on_where_it_was(behind: Chat, proxy: FlappingProxy, server: Served) -> None:
    behind.ask("hello")
    direct = behind.kept_by(server.url)
    seen = direct.said[-1]["number"]
    with behind.page.expect_request("**/stream?*") as again:
        proxy.down()
        direct.say("from another device")
        proxy.up()
    assert again.value.all_headers().get("last-event-id", str(seen)) == str(seen)
    expect(behind.messages).to_have_count(2)
    expect(behind.replies).to_have_count(2)


def test_where_no_stream_gets_through_the_chat_asks(chat: Chat) -> None:
    chat.page.route("**/stream?*", lambda route: route.abort())
    chat.page.reload()
    chat.ask("hello")
    chat.kept.say("from another device")
    expect(chat.messages).to_have_count(2)
    expect(chat.replies).to_have_count(2)


def test_two_tabs_agree(chat: Chat, context: BrowserContext) -> None:
    other = Chat.on(context.new_page(), chat.url)
    if not other.panel.is_visible():
        other.opened()
    chat.page.bring_to_front()
    chat.ask("hello")
    expect(other.messages).to_have_count(1)
    expect(other.replies).to_have_count(1)
    other.page.bring_to_front()
    other.ask("is station 4521 free?")
    expect(chat.replies).to_have_count(2)
    other.more().get_by_role("button", name="Start again").click()
    other.menu.get_by_role("button", name="Start again").click()
    expect(chat.messages).to_have_count(0)


def test_a_flapping_connection_loses_and_doubles_nothing(behind: Chat, proxy: FlappingProxy, server: Served) -> None:
    behind.ask("hello")
    proxy.turn(FLAPPING)
    for line in WRITTEN:
        behind.say(line)
    expect(behind.messages).to_have_count(1 + len(WRITTEN))
    expect(behind.replies).to_have_count(1 + len(WRITTEN), timeout=60_000)
    assert proxy.broken
    assert behind.kept_by(server.url).messages == ["hello", *WRITTEN]
