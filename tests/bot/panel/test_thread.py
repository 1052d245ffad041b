"""A conversation as the agent reads it: one line of each kind, and the summary above them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.care import Assigned, Closed, Linked, Merged, Reopened, Snoozed, Tagged, TopicCorrected, Withheld
from bot.events import Acted, BotSaid, Decided, DriverSaid, Endangered, Happening, Rated, ToolRead, Understood
from bot.panel.thread import LONGEST_QUOTE, Line, Step, Thread, thread_of
from bot.state import state_of
from bot.tools.values import Done, RefusalReason, Refused, Unsure
from bot.types import Attached, Decision, Message
from tests.bot.panel.events import KARI, LUC, NINE, answered, called, events, joined, learned, left, noted, said, wrote
from tests.doubles import a_reply, an_understanding


def thread(*happenings: Happening) -> Thread:
    log = events(*happenings)
    return thread_of("c", log, state_of(log))


def the_line(*happenings: Happening) -> Line:
    """The only line of a conversation in which that happened."""
    (line,) = thread(*happenings).lines
    return line


def the_step(happening: Happening) -> Step:
    line = the_line(happening)
    assert line.who == "step"
    assert line.step is not None
    return line.step


def heard(message: str = "m", **changes: object) -> Understood:
    return Understood(message_id=message, understanding=an_understanding(**changes))


def decided(*topics: str, message: str = "m") -> Decided:
    return Decided(message_id=message, decision=Decision(kind="answer", topics=topics, reason="sure"))


def acted(outcome: Done | Refused | Unsure) -> Acted:
    return Acted(key="k", action="restart", arguments={}, outcome=outcome)


def test_what_the_driver_sent_is_a_line_with_its_photos_and_place() -> None:
    attached = Attached(photos=("p1", "p2"), position=(46.9, 7.4))
    line = the_line(DriverSaid(message=Message(id="m", text="stuck", attached=attached)))
    assert (line.number, line.at, line.who, line.text) == (2, NINE + timedelta(minutes=2), "driver", "stuck")
    assert (line.message, line.photos, line.position) == ("m", ("p1", "p2"), (46.9, 7.4))
    assert (line.heard, line.decision, line.corrected, line.topics) == (None, None, None, ())


def test_a_message_has_what_was_understood_and_decided_of_it_and_of_no_other() -> None:
    topics = tuple({"id": topic, "score": score} for topic, score in zip("abcd", (0.5, 0.3, 0.1, 0.1), strict=True))
    first, second = thread(
        said("stuck", "m1"), heard("m1", topics=topics), decided("a", message="m1"), said("hello", "m2")
    ).lines
    assert first.topics == (("a", 0.5), ("b", 0.3), ("c", 0.1))
    assert first.decision is not None
    assert first.decision.topics == ("a",)
    assert (second.heard, second.decision) == (None, None)


def test_a_message_about_danger_is_urgent() -> None:
    assert the_line(said("smoke"), heard(hazards=("smoke",))).urgent
    assert not the_line(said("stuck"), heard()).urgent


@pytest.mark.parametrize(("topic", "shown"), [("lost-pass", "lost-pass"), (None, "none")])
def test_the_last_correction_of_a_message_is_shown(topic: str | None, shown: str) -> None:
    corrections = [TopicCorrected(by=KARI, message_id="m", topic=each) for each in ("status-lights", topic)]
    assert the_line(said("stuck"), *corrections).corrected == shown


@pytest.mark.parametrize("urgent", [True, False])
def test_what_the_bot_said_is_a_line(urgent: bool) -> None:
    line = the_line(BotSaid(message_id="m", reply=a_reply(text="Pull it out.", urgent=urgent)))
    assert (line.who, line.name, line.text, line.urgent) == ("bot", "", "Pull it out.", urgent)


def test_what_the_bot_kept_to_itself_is_a_line_of_its_own_kind() -> None:
    line = the_line(Withheld(reply=a_reply(text="It works again.")))
    assert (line.who, line.text) == ("withheld", "It works again.")


def test_what_people_wrote_and_noted_has_their_names() -> None:
    lines = thread(joined(), wrote("I look."), noted("call Bern", LUC)).lines[1:]
    assert [(line.who, line.name, line.text) for line in lines] == [
        ("person", "Kari", "I look."), ("note", "Luc", "call Bern"),
    ]  # fmt: skip


def test_what_the_driver_was_told_of_who_came_and_went_is_a_notice() -> None:
    lines = thread(joined(), left()).lines
    assert [(line.who, line.name, line.text) for line in lines] == [("notice", "Kari", "Kari is here.")] * 2


@pytest.mark.parametrize("outcome", ["found", "missing", "unknown", "forbidden"])
def test_what_was_looked_up_is_a_step_and_good_where_it_was_found(outcome: str) -> None:
    read = ToolRead.model_validate({"tool": "account", "arguments": {"number": "40711"}, "outcome": outcome})
    assert the_step(read) == Step(f"read_{outcome}", ("account", "40711"), good=outcome == "found")


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (Done(reference="R-1"), Step("acted_done", ("restart", "R-1"))),
        (Done(), Step("acted_done", ("restart", ""))),
        (Refused(reason=next(iter(RefusalReason))), Step("acted_refused", ("restart", ""), good=False)),
        (Unsure(reason="no answer"), Step("acted_unsure", ("restart", ""), good=False)),
    ],
    ids=["with a reference", "done", "refused", "unsure"],
)
def test_what_was_done_is_a_step_with_its_outcome(outcome: Done | Refused | Unsure, step: Step) -> None:
    assert the_step(acted(outcome)) == step


@pytest.mark.parametrize(
    ("happening", "step"),
    [
        (Assigned(by=LUC, to=KARI), Step("assigned", ("Kari",))),
        (Assigned(by=LUC, to=None), Step("unassigned")),
        (Tagged(by=LUC, tags=("vip", "cable")), Step("tagged", ("vip", "cable"))),
        (Snoozed(by=LUC, until=NINE), Step("snoozed", moment=NINE)),
        (Snoozed(by=LUC, until=None), Step("woken")),
        (Closed(by=LUC, why="solved"), Step("closed", ("solved",))),
        (Reopened(by=LUC), Step("reopened")),
        (Merged(by=LUC, into="other"), Step("merged", ("other",))),
        (Linked(by=LUC, ticket="T-7"), Step("linked", ("T-7",))),
    ],
    ids=lambda value: value.type if hasattr(value, "type") else "",
)
def test_what_people_did_is_a_step_with_their_name(happening: Happening, step: Step) -> None:
    line = the_line(happening)
    assert (line.who, line.name, line.step) == ("step", "Luc", step)


@pytest.mark.parametrize(("comment", "told"), [("slow", "slow"), (None, "")])
def test_the_drivers_rating_is_a_step_of_nobodys(comment: str | None, told: str) -> None:
    line = the_line(Rated(stars=2, comment=comment))
    assert (line.name, line.step) == ("", Step("rated", ("2", told)))


def test_what_concerns_no_reader_is_no_line() -> None:
    found = thread(heard(), decided("cable-stuck"), learned(station="4521"), called())
    assert found.lines == ()
    assert (found.id, found.started_at, found.last) == ("c", NINE + timedelta(minutes=1), 5)


def test_the_summary_has_the_message_that_is_about_charging_in_the_drivers_words() -> None:
    summary = thread(
        said("a person please", "m1"), decided("contact-support", message="m1"),
        said(" the  cable\nis stuck ", "m2"), decided("cable-stuck", message="m2"), answered("Pull."),
    ).summary  # fmt: skip
    assert (summary.topic, summary.words) == ("cable-stuck", "the cable is stuck")


def test_the_summary_of_what_nothing_was_answered_has_the_likeliest_topic_of_the_first_message() -> None:
    summary = thread(said("hm", "m1"), heard("m1", topics=({"id": "lost-pass", "score": 0.2},)), said("well", "m2"))
    assert (summary.summary.topic, summary.summary.words) == ("lost-pass", "hm")
    assert (thread().summary.topic, thread().summary.words) == (None, "")


def test_the_summary_is_short() -> None:
    words = thread(said("x" * (LONGEST_QUOTE + 1))).summary.words
    assert words == "x" * (LONGEST_QUOTE - 1) + "…"


def test_the_summary_has_what_is_known_was_looked_up_and_done_and_the_danger() -> None:
    read = ToolRead(tool="station", arguments={"station": "4521"}, outcome="found", value={"status": "charging"})
    summary = thread(
        said("smoke"),
        Endangered(hazards=("smoke",)),
        learned(station="4521", account=None),
        read,
        acted(Unsure(reason="no answer")),
    ).summary
    assert [(fact.slot, fact.value) for fact in summary.facts] == [("station", "4521")]
    assert [each.tool for each in summary.looked] == ["station"]
    assert [each.action for each in summary.done] == ["restart"]
    assert summary.hazards == ("smoke",)


def test_tickets_that_were_filed_and_linked_are_told_once_each() -> None:
    filed = [acted(Done(reference=each)) for each in ("T-1", "T-2", "T-1")]
    found = thread(*filed, acted(Done()), Linked(by=KARI, ticket="T-2"), Linked(by=KARI, ticket="T-9"))
    assert found.tickets == ("T-1", "T-2", "T-9")
