"""A case is what its events say: at each point the same as a state that was folded from all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import Assigned, Closed, Linked, Snoozed, Tagged
from bot.events import Happening
from bot.panel.cases.case import LONGEST_LINE, SLOTS, Case
from bot.state import state_of
from bot.types import Context, Identity
from tests.bot.panel.events import (
    KARI,
    LUC,
    NINE,
    answered,
    called,
    events,
    joined,
    learned,
    left,
    noted,
    random_events,
    said,
    understood,
    wrote,
)


def a_case(*happenings: Happening, context: Context | None = None) -> Case:
    return Case(conversation="c").after(events(*happenings, context=context))


@pytest.mark.parametrize("seed", range(60))
def test_a_case_agrees_with_the_conversations_state(seed: int) -> None:
    log = random_events(seed, 40)
    case, state = Case(conversation="c").after(log), state_of(log)
    assert case.care == replace(state.care, said=frozenset())
    assert case.number == state.last
    assert case.vendor == state.vendor
    # None is what the driver does not have; the inbox need not tell that from what nobody asked for.
    assert dict(case.facts) == {slot: value for slot in SLOTS if (value := state.value(slot)) is not None}
    assert case.user == (state.context.identity.user if state.context.identity else None)
    assert case.hazards == state.hazards
    assert case.stars == (state.rating.stars if state.rating else None)


@pytest.mark.parametrize("seed", range(20))
def test_it_does_not_matter_in_how_many_portions_events_come(seed: int) -> None:
    log = random_events(seed, 30)
    whole = Case(conversation="c").after(log)
    parted = Case(conversation="c")
    for at in range(0, len(log), 7):
        parted = Case.model_validate_json(parted.after(log[: at + 7]).model_dump_json())
    assert parted == whole


def test_the_last_line_is_what_was_said_last_and_by_whom() -> None:
    lines = [
        a_case(said("hello"), *more).last for more in ((), (answered("Hi."),), (wrote("I look."),), (noted("hm"),))
    ]
    assert [(line.who, line.name, line.text) for line in lines if line] == [
        ("driver", "", "hello"), ("bot", "", "Hi."), ("person", "Kari", "I look."), ("note", "Kari", "hm"),
    ]  # fmt: skip


def test_a_long_line_is_cut_and_stands_in_one_row() -> None:
    last = a_case(said("one\n\ntwo " + "x" * 1000)).last
    assert last
    assert last.text.startswith("one two xx")
    assert len(last.text) == LONGEST_LINE


def test_who_waits_waits_since_a_person_was_asked_for() -> None:
    case = a_case(said("a person please"), called())
    assert (case.stage, case.since, case.tickets) == ("waiting", NINE + timedelta(minutes=3), ("T-1",))


def test_a_person_who_is_there_owes_a_word_since_the_driver_wrote() -> None:
    case = a_case(called(), joined(), wrote("hello"), said("well"), said("hm"))
    assert (case.stage, case.keeper, case.since) == ("person", KARI, NINE + timedelta(minutes=5))


def test_what_was_snoozed_waits_again_when_its_time_has_come() -> None:
    until = NINE + timedelta(hours=1)
    case = a_case(called(urgent=True), Snoozed(by=KARI, until=until))
    assert case.at(until - timedelta(seconds=1)).stage == "snoozed"
    back = case.at(until)
    assert (back.stage, back.since, back.urgent) == ("waiting", until, True)
    assert back.at(until + timedelta(hours=3)) == back


def test_what_waits_again_after_a_snooze_goes_on_waiting_when_somebody_notes_something() -> None:
    log = events(Snoozed(by=KARI, until=NINE + timedelta(minutes=4)), noted("1"), noted("2"), noted("3"))
    assert Case(conversation="c").after(log).stage == "waiting"


def test_who_handed_back_looks_after_it_no_more_until_somebody_is_asked_for() -> None:
    assert a_case(joined(), left()).keeper is None
    assert a_case(joined(), left(), called()).keeper == KARI
    assert a_case(joined(), left(), Assigned(by=KARI, to=LUC)).keeper == LUC
    assert a_case(joined(), left(why="went_away")).keeper == KARI
    assert a_case(Assigned(by=KARI, to=LUC), Closed(by=KARI, why="solved")).keeper is None


def test_it_knows_by_what_it_is_found() -> None:
    identity = Identity(user="ane", accounts=("40711",), vendor="eponet")
    context = Context(locale="nb-NO", identity=identity, channel="matrix")
    case = a_case(
        learned(station="4521"), Linked(by=KARI, ticket="T-9"), Tagged(by=KARI, tags=("vip",)), context=context
    )
    assert (case.user, case.account, case.station) == ("ane", "40711", "4521")
    assert (case.vendor, case.channel, case.language) == ("eponet", "matrix", "nb")
    assert (case.tickets, case.care.tags) == (("T-9",), ("vip",))


def test_the_language_is_the_one_that_the_driver_is_answered_in() -> None:
    assert a_case(understood(language="fr"), understood(language="de")).language == "de"


def test_an_older_event_changes_nothing() -> None:
    log = events(said("hello"), called())
    case = Case(conversation="c").after(log)
    assert case.after(log) == case
