"""The figures of a set of conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from bot.panel.cases.targets import Targets
from bot.panel.figures.asked import Suggested
from bot.panel.figures.outcomes import OUTCOMES, Outcome, Returns, Target, outcome_of
from bot.panel.figures.record import Record
from bot.panel.figures.rules import FigureRules

P50, P90 = 50, 90
NOTHING_SENT = Suggested()
V = TypeVar("V")


class Kind(NamedTuple):
    """What of a conversation is counted and takes no time; there are few different ones."""

    outcome: Outcome
    came_back: bool
    reopened: bool
    target: Target | None
    stars: int | None
    suggested: Suggested | None
    """None: people sent nothing."""


class Counted(NamedTuple):
    """What of a conversation is counted: measured once, added to each of the groups that it stands in."""

    kind: Kind
    times: tuple[timedelta | None, timedelta | None, timedelta | None]
    """First response, wait and handling."""


@dataclass(frozen=True)
class Ruler:
    """What records are measured with, at one moment."""

    now: datetime
    rules: FigureRules
    targets: Targets
    returns: Returns

    def counted(self, record: Record) -> Counted:
        """What of it is counted."""
        suggested = record.suggested if record.suggested != NOTHING_SENT else None
        kind = Kind(
            outcome_of(record, self.now, self.rules), self.returns.came_back(record), bool(record.reopened),
            self.target_of(record), record.stars, suggested,
        )  # fmt: skip
        return Counted(kind, (record.first_response, record.waited, record.handling))

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
    _kinds: dict[Kind, int] = field(default_factory=dict)
    _responses: list[timedelta] = field(default_factory=list)
    _waits: list[timedelta] = field(default_factory=list)
    _handled: list[timedelta] = field(default_factory=list)

    def add(self, counted: Counted) -> None:
        """Count one more conversation."""
        # Of a year this is called some hundred thousand times: what needs not be done here is done by the properties.
        self.conversations += 1
        self._kinds[counted.kind] = self._kinds.get(counted.kind, 0) + 1
        response, wait, handling = counted.times
        if response is not None:
            self._responses.append(response)
        if wait is not None:
            self._waits.append(wait)
        if handling is not None:
            self._handled.append(handling)

    def outcome(self, outcome: Outcome) -> int:
        """How many conversations ended so."""
        return self.outcomes[outcome]

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How they ended."""
        return self._by(lambda kind: kind.outcome)

    @property
    def came_back(self) -> int:
        """After how many the driver came back."""
        return sum(count for kind, count in self._kinds.items() if kind.came_back)

    @property
    def reopened(self) -> int:
        """How many were closed, and not done after all."""
        return sum(count for kind, count in self._kinds.items() if kind.reopened)

    @property
    def targets(self) -> Counter[Target]:
        """Whether a person's first word came in time."""
        return self._by(lambda kind: kind.target)

    @property
    def stars(self) -> Counter[int]:
        """The ratings."""
        return self._by(lambda kind: kind.stars)

    @property
    def as_is(self) -> int:
        """Suggestions that were sent as they were."""
        return sum(each.as_is * count for each, count in self._suggested)

    @property
    def edited(self) -> int:
        """Suggestions that were sent with changes."""
        return sum(each.edited * count for each, count in self._suggested)

    @property
    def distance(self) -> float:
        """How much of those was changed, summed up."""
        return sum(each.distance * count for each, count in self._suggested)

    @property
    def ignored(self) -> int:
        """Messages that were written although something was suggested."""
        return sum(each.ignored * count for each, count in self._suggested)

    @property
    def none_offered(self) -> int:
        """Messages for which nothing was suggested."""
        return sum(each.none * count for each, count in self._suggested)

    @property
    def ended(self) -> int:
        """Conversations in which something was asked and whose outcome is known: what shares are taken of."""
        outcomes = self.outcomes
        return sum(outcomes[each] for each in OUTCOMES[:4])

    def share(self, outcome: Outcome) -> float | None:
        """Of those that ended; None where none has."""
        return self.outcome(outcome) / self.ended if self.ended else None

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

    @property
    def _suggested(self) -> list[tuple[Suggested, int]]:
        return [(kind.suggested, count) for kind, count in self._kinds.items() if kind.suggested is not None]

    def _by(self, value_of: Callable[[Kind], V | None]) -> Counter[V]:
        found: Counter[V] = Counter()
        for kind, count in self._kinds.items():
            if (value := value_of(kind)) is not None:
                found[value] += count
        return found
