"""What counts as missed, and that nobody is told by it who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.panel.figures.record import Record
from bot.panel.gaps.missed import anonymous, missed
from bot.panel.review import Correction
from eval.figures_log import FIRST_DAY, Talk
from tests.bot.panel.events import NINE

LATER = FIRST_DAY + timedelta(days=1)


def record(talk: Talk) -> Record:
    from bot.events import Event

    events = [Event(number=number, at=at, happening=each) for number, (at, each) in enumerate(talk.log, 1)]
    return Record(conversation=talk.id).after(events)


def correction(topic: str | None, message: str = "a-m1", was: str | None = "lost-pass") -> Correction:
    return Correction(
        at=FIRST_DAY, by="kari", conversation="a", message=message, language="en", text="stuck 4521", was=was,
        topic=topic,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my account 40711 is blocked", "my account # is blocked"),
        ("CH*EPO*E4521 lädt nicht", "# lädt nicht"),
        ("ladetid 21:00, hvorfor?", "ladetid #, hvorfor?"),
        ("(+41 44 123 45 67)", "(+#)"),
        ("why CHF 49.80?", "why CHF #?"),
        ("my pass 04:A2:B9:C1 is gone", "my pass # is gone"),
        ("write to kari@example.org please", "write to # please"),
        ("compte ٤٠٧١١", "compte #"),
        ("card 4111 1111 1111 1111", "card [card]"),
        ("@@@ and nothing", "# and nothing"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_no_number_and_no_address_is_left(text: str, kept: str) -> None:
    assert anonymous(text) == kept
    assert anonymous(kept) == kept


def test_what_was_answered_is_not_missed() -> None:
    talks = [Talk("a").asks("stuck"), Talk("b").asks("tea", kind="none"), Talk("c").asks("pass", kind="choices")]
    talks.append(Talk("d").asks("stuck").thumb(up=False))
    found = missed(map(record, talks), [], FIRST_DAY, LATER)
    assert [(each.conversation, each.why) for each in found] == [("b", "none"), ("c", "choices"), ("d", "not_helped")]


def test_only_the_time_that_is_asked_for_counts() -> None:
    talk = Talk("a").asks("tea", kind="none").wait(hours=24).asks("coffee", kind="none")
    assert [each.text for each in missed([record(talk)], [], FIRST_DAY, LATER)] == ["tea"]
    assert [each.text for each in missed([record(talk)], [], LATER, NINE)] == ["coffee"]


def test_a_correction_says_why_and_the_question_counts_once() -> None:
    talk = record(Talk("a").asks("stuck 4521", kind="none"))
    (found,) = missed([talk], [correction("cable-stuck")], FIRST_DAY, LATER)
    assert (found.why, found.text) == ("mistaken", "stuck #")
    (alone,) = missed([], [correction(None)], FIRST_DAY, LATER)
    assert alone.why == "corrected"


def test_a_correction_that_is_taken_back_says_nothing() -> None:
    assert missed([], [correction("cable-stuck"), correction("lost-pass")], FIRST_DAY, LATER) == []
