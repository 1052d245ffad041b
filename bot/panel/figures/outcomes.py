"""How conversations ended: each has exactly one outcome; whether the driver came back is counted apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from bot.panel.figures.ports import Visit
from bot.panel.figures.record import Record
from bot.panel.figures.rules import FigureRules

Outcome = Literal["confirmed", "assumed", "abandoned", "handed_over", "running", "nothing_asked", "merged"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Target = Literal["met", "missed", "undecided"]


def outcome_of(record: Record, now: datetime, rules: FigureRules) -> Outcome:
    """The outcome as it stands at ``now``; the first one that fits, in the order in which they are tried here."""
    if record.care.merged_into:
        return "merged"
    if record.handed_over:
        return "handed_over"
    if record.matter == "nothing":
        return "nothing_asked"
    verdict = _verdict(record, rules)
    if verdict:
        return "confirmed"
    if record.last_at is None or now - record.last_at < rules.silence:
        return "running"
    return "assumed" if record.matter == "answered" and verdict is None else "abandoned"


def _verdict(record: Record, rules: FigureRules) -> bool | None:
    if record.rated_last and record.stars is not None:
        if record.stars >= rules.good_stars:
            return True
        if record.stars <= rules.poor_stars:
            return False
    return record.helped


@dataclass(frozen=True)
class Returns:
    """Who came back, found among the visits of signed-in drivers."""

    visits: Mapping[str, tuple[Visit, ...]]
    rules: FigureRules

    @classmethod
    def among(cls, visits: Iterable[Visit], rules: FigureRules) -> Returns:
        """Those of these visits."""
        by_user: dict[str, list[Visit]] = defaultdict(list)
        for visit in visits:
            by_user[visit.user].append(visit)
        return cls({user: tuple(several) for user, several in by_user.items() if len(several) > 1}, rules)

    def came_back(self, record: Record) -> bool:
        """Whether the driver asked about the same again, in this conversation or, signed in, in a later one."""
        within = self.rules.return_within
        if any(self.rules.apart <= again - before <= within for _, before, again in record.returned_after):
            return True
        visits = self.visits.get(record.user) if record.user else None
        if not visits or record.last_at is None:
            return False
        last, topics = record.last_at, set(record.topics)
        return any(
            visit.conversation != record.conversation
            and last < visit.started_at <= last + within
            and topics & set(visit.topics)
            for visit in visits
        )
