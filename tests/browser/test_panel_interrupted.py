"""What an agent was typing when the connection, the session or they themselves went: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from eval.flapping import FlappingProxy
from eval.served import Served
from tests.browser.agents import KARI, LUC, Desk, drives
from tests.browser.chat import Chat, Kept, World
from tests.browser.conftest import NewContext
from tests.browser.watched import Watched

TYPED = "Pull at the yellow loop."
SHORT = "beat_s: 1\nhere_s: 4\ntyping_s: 2\naway_s: 8\nlook_every_s: 0.5\n"
"""Presence rules, so that nobody has to wait for minutes."""


@pytest.fixture(autouse=True)
def failing(watched: Watched) -> None:
    watched.network_may_fail = True


@pytest.fixture
def chat(new_context: NewContext, server: Served, world: World) -> Chat:
    """A driver's chat, in which hello was said."""
    opened = Chat.on(new_context().new_page(), server.url).opened()
    opened.ask("hello")
    return opened


@pytest.fixture
def kari(new_context: NewContext, server: Served, chat: Chat) -> Desk:
    """Kari, who has taken that conversation over."""
    return Desk.of(new_context().new_page(), server.url, KARI).takes(str(chat.state["id"]))


def said(kept: Kept) -> list[str]:
    """What people said."""
    return [each["text"] for each in kept.events("person_said")]


def signed_out_everywhere(new_context: NewContext, server: Served, name: str) -> None:
    """An agent ends all their sessions from another browser."""
    page = Desk.of(new_context().new_page(), server.url, name).page
    page.locator("#menu > summary").click()
    page.locator("form:has([name=everywhere]) button").click()
    page.wait_for_url("**/agent/sign-in")


def signs_in_again(desk: Desk, name: str) -> None:
    """Sign in as somebody in the tab that the page offers."""
    with desk.page.expect_popup() as popup:
        desk.signed_out.locator("a").click()
    popup.value.locator(".demo button", has_text=name.split()[0]).click()
    popup.value.wait_for_url("**/agent/signed-in")
    popup.value.close()


def test_what_is_sent_while_the_connection_is_gone_stays_and_goes_out_once_when_it_is_back(
    new_context: NewContext, server: Served, chat: Chat
) -> None:
    with FlappingProxy(server.port) as proxy:
        kari = Desk.of(new_context().new_page(), proxy.url, KARI).takes(str(chat.state["id"]))
        proxy.down()
        expect(kari.lamp).not_to_have_text("")
        kari.answers(TYPED)
        expect(kari.notice).to_have_class("notice failed")
        expect(kari.field).to_have_value(TYPED)
        chat.say("are you there?")
        expect(chat.messages.last.locator(".meta")).to_contain_text("Sent")
        proxy.up()
        expect(kari.said("are you there?")).to_be_visible()
        expect(kari.lamp).to_have_text("")
        expect(kari.field).to_have_value(TYPED)
        kari.page.keyboard.press("Control+Enter")
        expect(chat.reply.locator(".bubble")).to_have_text(TYPED)
        expect(kari.field).to_have_value("")
        chat.say("thank you")
        expect(kari.said("thank you")).to_be_visible()
        expect(kari.said("are you there?")).to_have_count(1)
    assert said(chat.kept) == [TYPED]


def test_an_answer_that_is_sent_before_the_take_over_is_told_so_and_stays(
    new_context: NewContext, server: Served, chat: Chat
) -> None:
    kari = Desk.of(new_context().new_page(), server.url, KARI).opens(str(chat.state["id"]))
    kari.answers(TYPED)
    expect(kari.notice).to_have_class("notice failed")
    expect(kari.field).to_have_value(TYPED)
    assert said(chat.kept) == []


def test_an_answer_that_arrived_though_nobody_heard_so_is_not_said_twice(kari: Desk, chat: Chat) -> None:
    lost: list[object] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    kari.page.route("**/say", lose_the_answer)
    kari.answers(TYPED)
    expect(kari.notice).to_have_class("notice failed")
    expect(kari.field).to_have_value(TYPED)
    kari.page.keyboard.press("Control+Enter")
    expect(kari.field).to_have_value("")
    expect(kari.said(TYPED)).to_have_count(1)
    assert said(chat.kept) == [TYPED]


def test_whoever_is_signed_out_while_they_send_signs_in_again_and_it_is_sent(
    new_context: NewContext, server: Served, kari: Desk, chat: Chat
) -> None:
    held: list[Route] = []
    kari.page.route("**/say", lambda route: held.append(route), times=1)
    with kari.page.expect_request("**/say"):
        kari.answers(TYPED)
    signed_out_everywhere(new_context, server, KARI)
    with kari.page.expect_response("**/say"):
        held.pop().continue_()
    expect(kari.signed_out).to_be_visible()
    expect(kari.field).to_have_value(TYPED)
    signs_in_again(kari, KARI)
    expect(kari.signed_out).to_be_hidden()
    expect(chat.reply.locator(".bubble")).to_have_text(TYPED)
    expect(kari.field).to_have_value("")
    chat.say("thank you")
    expect(kari.said("thank you")).to_be_visible()
    assert said(chat.kept) == [TYPED]


def test_a_reload_after_the_session_ended_brings_the_text_back(
    new_context: NewContext, server: Served, kari: Desk, chat: Chat
) -> None:
    kari.field.press_sequentially(TYPED)
    signed_out_everywhere(new_context, server, KARI)
    kari.page.reload()
    kari.page.locator(".demo button", has_text="Kari").click()
    expect(kari.field).to_have_value(TYPED)
    kari.page.keyboard.press("r")
    kari.page.keyboard.press("Control+Enter")
    expect(chat.reply.locator(".bubble")).to_have_text(TYPED)


def test_somebody_else_who_signs_in_does_not_go_on_with_the_page(
    new_context: NewContext, server: Served, kari: Desk, chat: Chat
) -> None:
    kari.field.press_sequentially(TYPED)
    signed_out_everywhere(new_context, server, KARI)
    kari.page.keyboard.press("Control+Enter")
    signs_in_again(kari, LUC)
    kari.page.wait_for_url(f"{server.url}/agent")
    kari.opens(str(chat.state["id"]))
    expect(kari.field).to_have_value("")
    assert said(chat.kept) == []


@pytest.fixture(scope="module")
def hasty(shipped_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own that gives an agent seconds to come back."""
    folder = tmp_path_factory.mktemp("hasty")
    rules = folder / "presence.yaml"
    rules.write_text(SHORT, encoding="utf-8")
    with Served(folder, {"INDEX": str(shipped_root), "DEMO": "on", "LIMITS": "off", "PRESENCE": str(rules)}) as one:
        yield one


def test_what_an_agent_had_goes_back_to_those_who_wait_once_they_are_gone(
    new_context: NewContext, hasty: Served
) -> None:
    chat = Chat.on(new_context().new_page(), hasty.url).opened()
    chat.ask("hello")
    stays = drives(hasty.url, "hello")
    luc = Desk.of(new_context().new_page(), hasty.url, LUC).takes(stays)
    # His page is behind that of another system; it is open all the same.
    luc.page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    kari = Desk.of(new_context().new_page(), hasty.url, KARI).takes(str(chat.state["id"]))
    kari.field.press_sequentially(TYPED)
    kari.page.close()
    told = f"{KARI} had to leave. Somebody else will go on with you here."
    expect(chat.log.locator(".told").last).to_have_text(told)
    other = Desk.of(new_context().new_page(), hasty.url, KARI)
    expect(other.case(str(chat.state["id"]))).to_be_visible()
    expect(other.case(stays)).to_have_count(0)
    assert Kept(hasty.url, stays).events("left") == []
