"""People at work at once: agents in the panel and drivers in the chat, each in their own browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from eval.served import Served
from tests.browser.agents import KARI, LUC, Desk
from tests.browser.chat import Chat, World
from tests.browser.conftest import NewContext
from tests.browser.watched import Watched

SMOKE = "there is smoke coming out of the charger"
STUCK = "mon câble est coincé dans la voiture"
Opens = Callable[..., Chat]
SignsIn = Callable[[str], Desk]


@pytest.fixture
def driver(new_context: NewContext, server: Served, world: World) -> Opens:
    """Opens a browser of a driver with the chat in it."""

    def opened(locale: str = "en-GB") -> Chat:
        return Chat.on(new_context(locale=locale).new_page(), server.url).opened()

    return opened


@pytest.fixture
def agent(new_context: NewContext, server: Served) -> SignsIn:
    """Opens a browser of an agent who has signed in."""
    return lambda name: Desk.of(new_context().new_page(), server.url, name)


def test_two_agents_and_three_drivers_talk_at_once_and_nobody_hears_what_is_not_theirs(
    driver: Opens, agent: SignsIn
) -> None:
    ana, bea, cleo = driver(), driver("fr-FR"), driver()
    kari, luc = agent(KARI), agent(LUC)
    ana.ask("a person, please")
    bea.ask(STUCK)
    cleo.ask("how do I top up my account?")
    kari.takes(str(ana.state["id"]))
    luc.takes(str(bea.state["id"]))
    for number in (1, 2):
        # All speak before anybody waits for what came of it.
        ana.say(f"Ana {number}")
        bea.say(f"Bea {number}")
        cleo.say(f"what does charging cost? {number}")
        kari.answers(f"Kari {number}")
        luc.answers(f"Luc {number}")
        expect(kari.said(f"Ana {number}")).to_be_visible()
        expect(luc.said(f"Bea {number}")).to_be_visible()
        for chat, text in ((ana, f"Kari {number}"), (bea, f"Luc {number}")):
            expect(chat.replies.locator(".bubble", has_text=text)).to_be_visible()
            expect(kari.field if chat is ana else luc.field).to_have_value("")
    expect(cleo.replies).to_have_count(3)
    for chat, name in ((ana, "Kari"), (bea, "Luc")):
        said = chat.kept.events("person_said")
        assert [each["text"] for each in said] == [f"{name} 1", f"{name} 2"]
        happenings = chat.kept.kinds
        assert "bot_said" not in happenings[happenings.index("joined") :]
    expect(ana.log).not_to_contain_text("Luc")
    expect(bea.log).not_to_contain_text("Kari")
    assert cleo.kept.events("person_said") == []


def test_a_conversation_is_one_agents_until_they_hand_it_back(driver: Opens, agent: SignsIn) -> None:
    chat, kari, luc = driver(), agent(KARI), agent(LUC)
    told = chat.log.locator(".told")
    chat.ask("hello")
    kari.takes(str(chat.state["id"]))
    expect(told).to_have_text(f"{KARI} has joined and answers you from here.")
    luc.opens(str(chat.state["id"]))
    expect(luc.head).to_contain_text(KARI)
    expect(luc.join).to_have_count(0)
    luc.answers("I answer as well")
    expect(luc.send).to_be_disabled()
    kari.page.keyboard.press("b")
    expect(told.last).to_have_text(f"{KARI} has left. You are talking to the assistant again.")
    luc.join.wait_for()
    luc.head.locator("h1").click()
    luc.page.keyboard.press("t")
    expect(told.last).to_have_text(f"{LUC} has joined and answers you from here.")
    expect(kari.join).to_have_count(0)
    expect(luc.field).to_have_value("I answer as well")
    assert chat.kept.events("person_said") == []


def test_of_two_who_take_over_at_once_one_has_it_and_the_other_is_told_who(
    driver: Opens, agent: SignsIn, watched: Watched
) -> None:
    watched.network_may_fail = True
    chat, kari, luc = driver(), agent(KARI), agent(LUC)
    chat.ask("hello")
    luc.opens(str(chat.state["id"]))
    # What Luc's page shows is old when he presses the key: it cannot fetch any part of itself anew.
    luc.page.route("**", lambda route: route.abort() if _is_of_a_part(route.request) else route.fallback())
    kari.takes(str(chat.state["id"]))
    luc.page.keyboard.press("t")
    expect(luc.notice).to_contain_text(KARI)
    expect(chat.log.locator(".told")).to_have_count(1)


def _is_of_a_part(request: Request) -> bool:
    return request.method == "GET" and "x-fragment" in request.headers


def test_the_driver_and_the_colleague_see_who_writes(driver: Opens, agent: SignsIn) -> None:
    chat, kari, luc = driver(), agent(KARI), agent(LUC)
    chat.ask("hello")
    kari.takes(str(chat.state["id"]))
    luc.opens(str(chat.state["id"]))
    expect(kari.head.get_by_role("status")).to_contain_text(LUC)
    kari.field.press_sequentially("I l")
    expect(chat.typing).to_have_text(f"{KARI} …")
    expect(luc.head.get_by_role("status")).to_contain_text(f"{KARI} est en train d’écrire")


def test_a_driver_gets_french_from_an_agent_who_reads_norwegian(driver: Opens, agent: SignsIn) -> None:
    chat, kari = driver("fr-FR"), agent(KARI)
    chat.ask("bonjour")
    kari.takes(str(chat.state["id"]))
    expect(chat.log.locator(".told")).to_have_text(f"{KARI} a rejoint la conversation et vous répond désormais.")
    chat.say(STUCK)
    first = kari.page.locator(".suggestion").first
    expect(first.locator("[lang=fr]")).to_contain_text("Arrêtez la recharge")
    expect(first.locator("[lang=nb]")).to_contain_text("Avslutt ladingen")
    kari.page.keyboard.press("1")
    expect(kari.field).to_have_value(re.compile("Arrêtez la recharge"))
    kari.page.keyboard.press("Control+Enter")
    expect(chat.reply.locator(".bubble")).to_contain_text("Arrêtez la recharge")
    expect(chat.reply.locator("> .hidden")).to_have_text(KARI)


def test_danger_is_seen_at_once_and_taken_over_by_keys_alone(driver: Opens, agent: SignsIn) -> None:
    kari, chat = agent(KARI), driver()
    chat.ask(SMOKE)
    conversation = str(chat.state["id"])
    expect(kari.case(conversation)).to_have_class("case urgent")
    kari.page.keyboard.press("j")
    kari.page.locator(f'[id="case-{conversation}"]').focus()
    kari.page.keyboard.press("Enter")
    kari.page.locator(".line.urgent").first.wait_for()
    expect(kari.head.locator(".tag.alert")).to_be_visible()
    kari.page.keyboard.press("t")
    kari.taken()
    kari.answers("Stay away from the car.")
    expect(chat.reply.locator(".bubble")).to_have_text("Stay away from the car.")
