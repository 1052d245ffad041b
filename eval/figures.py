"""The figures for the lead, checked against a log whose counts are known: ``python -m eval.figures``.

Every conversation is there for a reason that its id gives; WANTED was counted by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import click

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.panel.figures import SqliteRecords
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import IN_MEMORY
from bot.care import SuggestionUse
from bot.panel.cases.targets import Targets
from bot.panel.figures.figures import Figures, Period, Summary
from bot.panel.figures.follower import Follower
from bot.panel.figures.rules import FigureRules
from eval.figures_log import Talk

ZONE = "Europe/Zurich"
NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
PERIOD = Period(date(2026, 3, 27), date(2026, 4, 2))
OFFERED = ("article:en/cable-stuck",)
AS_IS = SuggestionUse(offered=OFFERED, used=OFFERED[0])
QUARTER = SuggestionUse(offered=OFFERED, used=OFFERED[0], distance=0.25)
HALF = SuggestionUse(offered=OFFERED, used=OFFERED[0], distance=0.5)
IGNORED = SuggestionUse(offered=OFFERED)


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A moment of the log."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


class At:
    """A clock that stands at :data:`NOW`."""

    def now(self) -> datetime:
        """See :class:`bot.ports.Clock`."""
        return NOW


def the_log() -> tuple[Talk, ...]:
    """All conversations of the log."""
    return (*by_the_bot(), *by_people(), *who_came_back(), *at_the_borders_of_days())


def by_the_bot() -> tuple[Talk, ...]:
    """No person was there: 5 confirmed, 3 assumed, 5 abandoned, 1 that runs, 1 in which nothing was asked."""
    return (
        Talk("confirmed-works").asks("stuck").says("works"),
        Talk("confirmed-thanks", language="fr").asks("bloqué").thanks(),
        Talk("confirmed-thumb", vendor="eponet").asks("stuck").thumb(up=False).thumb(up=True),
        Talk("confirmed-stars", language="nb").asks("sitter fast").rates(4),
        Talk("confirmed-after-complaint").asks("stuck").says("still").asks("and now?").says("works"),
        Talk("assumed-silent", channel="tg").asks("stuck"),
        Talk("assumed-three-stars").asks("stuck").rates(3),
        Talk("assumed-new-matter").asks("stuck").says("works").asks("lost", "lost-pass"),
        Talk("abandoned-no-answer").asks("do you sell tea?", "minimum-balance", "none"),
        Talk("abandoned-choices").asks("it", "payment-method", "choices"),
        Talk("abandoned-question").asks("not charging", "charging-wont-start", expects="station"),
        Talk("abandoned-thumb").asks("Do you sell TEA?", "minimum-balance").thumb(up=True).thumb(up=False),
        Talk("abandoned-stars").asks("stuck").rates(1),
        Talk("running", utc(2, 11, month=4)).asks("stuck"),
        Talk("nothing-asked").greets(),
    )


def by_people() -> tuple[Talk, ...]:
    """7 handed over, one of them reopened; 1 merged into another.

    First words after 1, 2, 10 and 20 minutes; one person came unasked, for whom nobody had waited. People were there
    for 5, 10, 15, 30 and 35 minutes, the last in two visits. 2 called whom nobody came to.
    """
    return (
        Talk("called-fast").asks("stuck").calls().wait(minutes=1).joins().writes(AS_IS).wait(minutes=5).leaves(),
        Talk("called-urgent-in-time").asks("smoke", "safety-emergency", "danger").calls(urgent=True)
        .wait(minutes=2).joins().writes().wait(minutes=10).closes().rates(5),
        Talk("called-urgent-late").asks("smoke", "safety-emergency", "danger").calls(urgent=True)
        .wait(minutes=10).joins().writes(QUARTER).writes(HALF).wait(minutes=15).leaves().thanks(),
        Talk("called-late-reopened", language="de", vendor="wallbox").asks("fest").calls().wait(minutes=16).joins()
        .wait(minutes=4).writes(IGNORED).wait(minutes=26).closes().wait(hours=1).reopens()
        .joins().wait(minutes=5).closes(),
        Talk("came-unasked").asks("stuck").joins().writes(AS_IS).wait(minutes=30).leaves(),
        Talk("called-in-vain").asks("stuck").calls(),
        Talk("called-now", utc(2, 11, 55, month=4)).asks("stuck").calls(),
        Talk("merged").asks("stuck").merges("called-fast"),
    )  # fmt: skip


def who_came_back() -> tuple[Talk, ...]:
    """3 came back; the others asked about something else, too late, at once, or were somebody else. 11, all assumed."""
    return (
        Talk("back-first", utc(27, 10), user="ane").asks("stuck"),
        Talk("back-second", utc(29, 10), user="ane").asks("stuck again"),
        Talk("back-other-topic", utc(29, 12), user="ane").asks("lost", "lost-pass"),
        Talk("back-not-too-late", utc(27, 10), user="per").asks("stuck"),
        Talk("back-too-late", utc(30, 10), user="per").asks("stuck").wait(seconds=1),
        Talk("back-late-by-a-second", utc(27, 9, 59), user="liv").asks("stuck"),
        Talk("back-by-a-second", utc(30, 10), user="liv").asks("stuck"),
        Talk("back-here").asks("stuck").wait(hours=2).asks("stuck again"),
        Talk("back-at-once").asks("stuck").wait(minutes=1).asks("and which cable?"),
        Talk("back-here-too-late").asks("stuck").wait(hours=73).asks("stuck again"),
        Talk("back-nobody-known", utc(28, 10)).asks("stuck"),
    )


def at_the_borders_of_days() -> tuple[Talk, ...]:
    """6 assumed: days are Zurich's, of 23 hours on the 29th; one on each side of the period does not count."""
    return (
        Talk("border-before-the-period", utc(26, 22, 59)).asks("stuck"),
        Talk("border-first-minute", utc(26, 23)).asks("stuck"),
        Talk("border-last-of-28th", utc(28, 22, 59)).asks("stuck"),
        Talk("border-first-of-29th", utc(28, 23)).asks("stuck"),
        Talk("border-last-of-29th", utc(29, 21, 59)).asks("stuck"),
        Talk("border-first-of-30th", utc(29, 22)).asks("stuck"),
        # The clock is set back by an hour after the call: until it has caught up, nothing counts as taking time.
        Talk("skew", utc(31, 12)).asks("stuck").calls().wait(hours=-1).joins().writes(AS_IS).wait(minutes=30).leaves(),
        Talk("border-after-the-period", utc(2, 22, month=4)).asks("stuck"),
    )


WANTED: Mapping[str, Any] = {
    "conversations": 40,
    "confirmed": 5,
    "assumed": 19,
    "abandoned": 5,
    "handed_over": 8,
    "running": 1,
    "nothing_asked": 1,
    "merged": 1,
    "came_back": 3,
    "reopened": 1,
    "responses": (5, 120, 1200),
    "waits": (5, 120, 960),
    "handled": (6, 600, 2100),
    "targets": {"met": 3, "missed": 3, "undecided": 1},
    "stars": {1: 1, 3: 1, 4: 1, 5: 1},
    "suggestions": {"as_is": 3, "edited": 2, "ignored": 1, "none_offered": 1, "distance": 0.75},
    "days": {27: 28, 28: 2, 29: 4, 30: 3, 31: 1, 1: 0, 2: 2},
    "languages": {"en": 37, "fr": 1, "nb": 1, "de": 1},
    "vendors": {"": 38, "eponet": 1, "wallbox": 1},
    "channels": {"": 39, "tg": 1},
    "unanswered": {"minimum-balance": 2, "payment-method": 1},
}
"""Counted by hand."""


def figures_over(*talks: Talk) -> Figures:
    """The figures of these conversations."""
    store, records = MemoryConversations(), SqliteRecords(PanelFile(IN_MEMORY))
    for talk in talks:
        talk.keep(store)
    follower = Follower(store, records, "memory:")
    while follower.catch_up():
        pass
    return Figures(records, follower, FigureRules.load(), Targets.load(), At(), ZONE)


def counted(summary: Summary) -> dict[str, Any]:
    """What was counted, in the form of :data:`WANTED`."""
    total = summary.total
    return {
        "conversations": total.conversations,
        **{
            name: total.outcome(name)
            for name in ("confirmed", "assumed", "abandoned", "handed_over", "running", "nothing_asked", "merged")
        },
        "came_back": total.came_back,
        "reopened": total.reopened,
        **{
            name: (each.count, each.median_s, each.p90_s)
            for name, each in (("responses", total.responses), ("waits", total.waits), ("handled", total.handled))
        },
        "targets": dict(total.targets),
        "stars": dict(total.stars),
        "suggestions": {
            "as_is": total.as_is, "edited": total.edited, "ignored": total.ignored,
            "none_offered": total.none_offered, "distance": total.distance,
        },
        "days": {day.day: sums.conversations for day, sums in summary.days.items()},
        "languages": {value: sums.conversations for value, sums in summary.groups["language"].items()},
        "vendors": {value: sums.conversations for value, sums in summary.groups["vendor"].items()},
        "channels": {value: sums.conversations for value, sums in summary.groups["channel"].items()},
        "unanswered": {cluster.topic: cluster.count for cluster in summary.unanswered},
    }  # fmt: skip


@click.command()
def main() -> None:
    """Count the log, and compare."""
    found = counted(figures_over(*the_log()).summary(PERIOD))
    wrong = [name for name in WANTED if found[name] != WANTED[name]]
    for name, wanted in WANTED.items():
        click.echo(f"{name:>14}  {found[name]}" + (f"  WRONG, it is {wanted}" if name in wrong else ""))
    click.echo(f"{len(WANTED) - len(wrong)} of {len(WANTED)} figures are exact")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
