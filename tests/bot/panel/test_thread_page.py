"""A conversation's page: what agents do there, what is refused, and that nothing they typed is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.panel.presence import SqlitePresence
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import IN_MEMORY
from bot.care import PersonSaid
from bot.panel.presence import Away
from bot.panel.web.thread import LONGEST_TEXT, person_of
from bot.spoken import spoken
from bot.types import Context
from tests.bot.panel.browsers import Browser, PanelWorld, an_agent
from tests.bot.panel.events import KARI, LUC, NINE

STUCK = "the cable is stuck"
AGENT = person_of(an_agent())


@pytest.fixture
def talk(world: PanelWorld) -> str:
    """A conversation in which a driver asked something."""
    talk = world.panel.conversations.start(Context(locale="en"))
    world.panel.conversations.turn(talk, f"{STUCK} <b>now</b>", "m1")
    return talk


@pytest.fixture
def browser(world: PanelWorld) -> Browser:
    return world.browser("agent")


def said(world: PanelWorld, talk: str) -> list[str]:
    """What people wrote to the driver."""
    happenings = [event.happening for event in world.panel.conversations.events(talk)]
    return [each.text for each in happenings if isinstance(each, PersonSaid)]


def test_what_the_driver_wrote_is_text_and_no_markup(browser: Browser, talk: str) -> None:
    page = browser.get(f"/agent/c/{talk}").text
    assert f"{STUCK} &lt;b&gt;now&lt;/b&gt;" in page
    assert "<b>now" not in page


def test_an_answer_of_the_same_id_is_sent_once(world: PanelWorld, browser: Browser, talk: str) -> None:
    assert browser.post(f"/agent/c/{talk}/join").status_code == 303
    for _ in range(2):
        assert browser.post(f"/agent/c/{talk}/say", {"text": "I look.", "id": "p-1"}).status_code == 303
    assert said(world, talk) == ["I look."]


@pytest.mark.parametrize(
    ("text", "taken_by", "status"),
    [("I look.", None, 409), ("I look.", LUC, 409), ("  ", AGENT, 422), ("x" * (LONGEST_TEXT + 3), AGENT, 422)],
    ids=["not taken over", "a colleague's", "empty", "too long"],
)
def test_what_cannot_be_sent_is_refused_and_kept(
    world: PanelWorld, browser: Browser, talk: str, text: str, taken_by: object, status: int
) -> None:
    if taken_by:
        world.panel.staff.join(talk, LUC if taken_by == LUC else AGENT)
    answer = browser.post(f"/agent/c/{talk}/say", {"text": text, "id": "p-1"})
    assert answer.status_code == status
    assert text.strip() in answer.text
    assert said(world, talk) == []


def test_who_talks_with_the_driver_is_named_to_whoever_comes_second(
    world: PanelWorld, browser: Browser, talk: str
) -> None:
    world.panel.staff.join(talk, LUC)
    assert "Luc talks with this driver" in browser.post(f"/agent/c/{talk}/join").text


@pytest.mark.parametrize("what", ["join", "leave", "note", "tags", "snooze", "reopen", "topic", "merge"])
def test_a_conversation_that_there_is_not_is_not_found(browser: Browser, what: str) -> None:
    given = {"text": "keep <i>me</i>", "topic": "none"}
    answer = browser.post(f"/agent/c/nothing/{what}", given)
    assert answer.status_code == 404
    assert "<i>me" not in answer.text


def test_a_photo_of_another_conversation_is_not_shown(browser: Browser, talk: str) -> None:
    assert browser.get(f"/agent/c/{talk}/photos/{'0' * 32}").status_code == 404


def test_a_correction_is_kept_for_review(world: PanelWorld, browser: Browser, talk: str) -> None:
    message = next(
        event.happening.message.id
        for event in world.panel.conversations.events(talk)
        if event.happening.type == "driver_said"
    )
    assert browser.post(f"/agent/c/{talk}/topic", {"message": message, "topic": "none"}).status_code == 303
    (kept,) = world.panel.review.read()
    assert (kept.by, kept.conversation, kept.message, kept.topic) == (AGENT.id, talk, message, None)
    assert browser.post(f"/agent/c/{talk}/topic", {"message": "forged", "topic": "none"}).status_code == 422
    assert len(world.panel.review.read()) == 1


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_presence_knows_who_looks_and_who_writes(kept: str, tmp_path: Path) -> None:
    presence = SqlitePresence(PanelFile(IN_MEMORY if kept == "memory" else tmp_path / "panel.db"))
    later = NINE + timedelta(seconds=10)
    presence.beat(KARI, "c", True, NINE)
    presence.beat(LUC, "c", False, later)
    presence.beat(KARI, "c", False, later)
    assert [(each.agent, each.typing_at) for each in presence.at("c", NINE)] == [(KARI, NINE), (LUC, None)]
    assert presence.at("c", later + timedelta(seconds=1)) == []
    assert (presence.last(KARI.id), presence.last("nobody")) == (later, None)


def test_what_an_agent_had_is_given_back_when_they_are_gone_and_not_before(world: PanelWorld, talk: str) -> None:
    panel = world.panel
    panel.staff.join(talk, AGENT)
    panel.projector.project([talk])
    panel.presence.beat(AGENT, talk, False, world.clock.now())
    away = Away(panel.presence, panel.cases, panel.staff, world.clock, panel.presence_rules)
    world.clock.pass_by(timedelta(seconds=panel.presence_rules.away_s - 30))
    away.tick()
    assert panel.conversations.state(talk).care.person == AGENT
    world.clock.pass_by(timedelta(seconds=60))
    # After a restart nobody could be seen for a while.
    Away(panel.presence, panel.cases, panel.staff, world.clock, panel.presence_rules).tick()
    assert panel.conversations.state(talk).care.person == AGENT
    away.tick()
    assert panel.conversations.state(talk).care.stage == "waiting"
    told = [reply.text for event in panel.conversations.events(talk) if (reply := spoken(event))]
    assert "had to leave" in told[-1]
