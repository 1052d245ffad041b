"""What becomes a candidate, and what does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.care import Person, PersonSaid, SuggestionUse
from bot.events import BotSaid, Decided, DriverSaid, Event, Feedback, HandedOver, Happening, Understood
from bot.panel.review import Correction
from bot.types import Choice, Decision, Message, Reply, Topic, Understanding
from eval.harvest.candidates import RANK, Candidate, Why, from_conversation, from_corrections, gathered
from eval.harvest.rules import HarvestRules

AT = datetime(2026, 11, 27, tzinfo=UTC)
RULES = HarvestRules.load()
MOST_CHANGED = 0.5


def events(happenings: Iterable[Happening]) -> list[Event]:
    return [Event(number=n, at=AT + timedelta(seconds=n), happening=each) for n, each in enumerate(happenings, 1)]


def said(
    text: str, message: str = "m1", kind: str = "answer", command: str | None = None, choice: Choice | None = None
) -> list[Happening]:
    heard = Understanding(
        language="nb",
        language_source="message",
        language_confidence=0.9,
        topics=(Topic(id="retry-session", score=0.6),),
        confidence=0.6,
        classes={},
        vendor=None,
        passages=(),
        command=command,
    )
    decision = Decision.model_validate({"kind": kind, "reason": "test"})
    return [
        DriverSaid(message=Message(id=message, text=text, choice=choice)),
        Understood(message_id=message, understanding=heard),
        Decided(message_id=message, decision=decision),
    ]


def replied(message: str = "m1", reply: str = "r1") -> BotSaid:
    told = Reply(
        id=reply, language="nb", decision="answer", topic=None, confidence=0.6, parts=(), quick_replies=(),
        sources=(), text="…",
    )  # fmt: skip
    return BotSaid(message_id=message, reply=told)


def answered(used: str | None, distance: float = 0.0) -> PersonSaid:
    use = SuggestionUse(offered=(used or "article:nb/idle-fees",), used=used, distance=distance)
    return PersonSaid(id="p1", by=Person(id="a", name="Ada"), text="…", language="nb", suggestion=use)


CALLED = HandedOver(ticket=None, urgent=False, reason="asked")


def found(*happenings: Happening) -> list[Candidate]:
    return list(from_conversation(events(happenings), MOST_CHANGED))


def test_a_thumb_down_makes_the_question_a_candidate_without_a_topic() -> None:
    (candidate,) = found(*said("kabelen sitter fast"), replied(), Feedback(reply="r1", helped=False))
    assert candidate == Candidate("nb", "kabelen sitter fast", (), "not_helped", "retry-session")


def test_the_last_word_on_a_reply_counts() -> None:
    thumbs = [Feedback(reply="r1", helped=False), Feedback(reply="r1", helped=True)]
    assert found(*said("kabelen sitter fast"), replied(), *thumbs) == []


def test_the_last_question_before_a_person_was_called_is_a_candidate() -> None:
    (candidate,) = found(*said("kabelen sitter fast"), *said("hvor er kvitteringen", "m2"), CALLED)
    assert (candidate.text, candidate.topics, candidate.why) == ("hvor er kvitteringen", (), "handed_over")


@pytest.mark.parametrize("distance", [0.0, 0.4])
def test_an_article_that_a_person_answered_from_names_the_topic(distance: float) -> None:
    (candidate,) = found(*said("kabelen sitter fast"), answered("article:nb/cable-stuck+nb/idle-fees", distance))
    assert (candidate.topics, candidate.why) == (("cable-stuck",), "suggested")


@pytest.mark.parametrize(
    ("used", "distance"),
    [("article:nb/cable-stuck", 0.9), ("canned:greeting", 0.0), ("live:accounts.account(40711)", 0.0), (None, 0.0)],
)
def test_other_answers_of_people_name_no_topic(used: str | None, distance: float) -> None:
    assert found(*said("kabelen sitter fast"), answered(used, distance)) == []


@pytest.mark.parametrize("kind", ["inform", "greeting", "thanks", "consent", "danger"])
def test_what_asks_nothing_is_no_candidate(kind: str) -> None:
    assert found(*said("stasjon 4521 ved butikken", kind=kind), CALLED) == []


def test_a_command_is_no_question_while_a_person_is_there() -> None:
    assert found(*said("vis meg det en gang til", kind="none", command="repeat"), CALLED) == []


def test_a_tap_is_no_question() -> None:
    tap = Choice(kind="topic", value="cable-stuck")
    assert found(*said("Ladekabelen sitter fast", choice=tap), CALLED) == []


def corrected(topic: str | None, text: str = "kabelen sitter fast", message: str = "m1") -> Correction:
    return Correction(
        at=AT, by="ada", conversation="c1", message=message, language="nb", text=text, was="retry-session", topic=topic
    )


def test_of_a_message_that_was_corrected_twice_the_last_word_counts() -> None:
    assert [each.topics for each in from_corrections([corrected("idle-fees"), corrected("cable-stuck")])] == [
        ("cable-stuck",)
    ]


def test_corrected_to_nothing_is_out_of_scope() -> None:
    assert next(from_corrections([corrected(None)])).topics == ("none",)


def candidate(text: str, why: Why = "handed_over", topics: tuple[str, ...] = (), language: str = "nb") -> Candidate:
    return Candidate(language, text, topics, why, None)


def test_a_line_is_proposed_once_for_its_strongest_reason() -> None:
    met = [
        candidate("Kabelen sitter fast!"),
        candidate("kabelen sitter fast", "corrected", ("cable-stuck",)),
        candidate("kabelen sitter FAST", "not_helped"),
    ]
    (kept,) = gathered(met, frozenset(), RULES)
    assert (kept.why, kept.topics, kept.times) == ("corrected", ("cable-stuck",), 3)


def test_every_reason_has_its_rank() -> None:
    assert set(RANK) == set(get_args(Why))


def test_lines_that_stand_somewhere_already_are_not_proposed() -> None:
    assert gathered([candidate("Kabelen sitter fast!!")], frozenset({"kabelen sitter fast"}), RULES) == []


@pytest.mark.parametrize("text", ["ok", "4521 4512 7781", "a" * (RULES.longest + 1)])
def test_lines_that_nobody_could_judge_are_not_proposed(text: str) -> None:
    assert gathered([candidate(text)], frozenset(), RULES) == []


def test_what_is_proposed_names_nobody() -> None:
    (kept,) = gathered([candidate("konto 40711 virker ikke, ring 91 23 45 67")], frozenset(), RULES)
    assert kept.text == "konto 00000 virker ikke, ring 00 00 00 00"


def test_candidates_stand_by_language_and_topic() -> None:
    met = [
        candidate("kvitteringen mangler", topics=("invoices-receipts",)),
        candidate("the cable is stuck", topics=("cable-stuck",), language="en"),
        candidate("kabelen sitter fast", topics=("cable-stuck",)),
    ]
    assert [each.text for each in gathered(met, frozenset(), RULES)] == [
        "the cable is stuck", "kabelen sitter fast", "kvitteringen mangler",
    ]  # fmt: skip
