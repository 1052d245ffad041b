"""The figures of a set of conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.panel.cases.targets import Targets
from bot.panel.figures.outcomes import OUTCOMES, Outcome, Returns, Target, outcome_of
from bot.panel.figures.record import Record
from bot.panel.figures.rules import FigureRules

P50, P90 = 50, 90


@dataclass(frozen=True)
class Ruler:
    """What records are measured with, at one moment."""

    now: datetime
    rules: FigureRules
    targets: Targets
    returns: Returns

    def target_of(self, record: Record) -> Target | None:
        """Whether a person's first word came in time; None where no person was asked for.

        Undecided: there is still time, or it was closed in time without a word.
        """
        if not record.called or record.care.called_at is None:
            return None
        limit = timedelta(minutes=self.targets.urgent if record.urgent else self.targets.other)
        if record.first_response is not None:
            return "met" if record.first_response <= limit else "missed"
        ended = record.care.closed is not None and record.at is not None
        until = record.at if ended and record.at else self.now
        return "missed" if until - record.care.called_at > limit else "undecided"


@dataclass(frozen=True)
class Times:
    """How long something took, of ``count`` conversations; None where there are none."""

    count: int
    median_s: float | None
    p90_s: float | None


def times(values: Iterable[timedelta]) -> Times:
    """Percentiles by the nearest rank: each is a time that somebody really had."""
    ordered = sorted(value.total_seconds() for value in values)
    return Times(len(ordered), _percentile(ordered, P50), _percentile(ordered, P90))


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return ordered[rank - 1]


@dataclass
class Sums:
    """What is summed up while records go by; nothing of the records stays."""

    conversations: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    came_back: int = 0
    reopened: int = 0
    targets: Counter[Target] = field(default_factory=Counter)
    stars: Counter[int] = field(default_factory=Counter)
    as_is: int = 0
    edited: int = 0
    distance: float = 0.0
    ignored: int = 0
    none_offered: int = 0
    _responses: list[timedelta] = field(default_factory=list)
    _waits: list[timedelta] = field(default_factory=list)
    _handled: list[timedelta] = field(default_factory=list)

    def add(self, record: Record, ruler: Ruler) -> None:
        """Count one more conversation."""
        self.conversations += 1
        self.outcomes[outcome_of(record, ruler.now, ruler.rules)] += 1
        self.came_back += ruler.returns.came_back(record)
        self.reopened += bool(record.reopened)
        if (target := ruler.target_of(record)) is not None:
            self.targets[target] += 1
        if record.stars is not None:
            self.stars[record.stars] += 1
        self._suggested(record)
        for times_of, value in (
            (self._responses, record.first_response), (self._waits, record.waited), (self._handled, record.handling),
        ):  # fmt: skip
            if value is not None:
                times_of.append(value)

    def outcome(self, outcome: Outcome) -> int:
        """How many conversations ended so."""
        return self.outcomes[outcome]

    @property
    def ended(self) -> int:
        """Conversations in which something was asked and whose outcome is known: what shares are taken of."""
        return sum(self.outcomes[each] for each in OUTCOMES[:4])

    def share(self, outcome: Outcome) -> float | None:
        """Of those that ended; None where none has."""
        return self.outcomes[outcome] / self.ended if self.ended else None

    @property
    def responses(self) -> Times:
        """From when a person was asked for to a person's first word."""
        return times(self._responses)

    @property
    def waits(self) -> Times:
        """From when a person was asked for to when one came."""
        return times(self._waits)

    @property
    def handled(self) -> Times:
        """How long people were there."""
        return times(self._handled)

    @property
    def rated(self) -> int:
        """Conversations with a rating."""
        return self.stars.total()

    @property
    def mean_stars(self) -> float | None:
        """Of 1 to 5."""
        return sum(stars * count for stars, count in self.stars.items()) / self.rated if self.rated else None

    def satisfied(self, good: int) -> float | None:
        """The share of ratings with ``good`` stars and more."""
        return sum(count for stars, count in self.stars.items() if stars >= good) / self.rated if self.rated else None

    @property
    def target_share(self) -> float | None:
        """Of those that are decided, how many had a person's word in time."""
        decided = self.targets["met"] + self.targets["missed"]
        return self.targets["met"] / decided if decided else None

    @property
    def mean_distance(self) -> float | None:
        """How much of the edited suggestions was changed: 0 nothing, 1 all."""
        return self.distance / self.edited if self.edited else None

    def _suggested(self, record: Record) -> None:
        used = record.suggested
        self.as_is += used.as_is
        self.edited += used.edited
        self.distance += used.distance
        self.ignored += used.ignored
        self.none_offered += used.none
