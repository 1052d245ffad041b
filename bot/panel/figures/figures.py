"""The figures of a period: of all of it, and by day, language, vendor, topic and channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from bot.panel.cases.targets import Targets
from bot.panel.figures.follower import Follower
from bot.panel.figures.outcomes import Returns
from bot.panel.figures.ports import Offered, Records, Wanted
from bot.panel.figures.record import Record
from bot.panel.figures.rules import FigureRules
from bot.panel.figures.sums import Ruler, Sums
from bot.panel.figures.unanswered import Cluster, Unanswered
from bot.ports import Clock

Kind = Literal["language", "vendor", "topic", "channel"]
KINDS: tuple[Kind, ...] = get_args(Kind)
USUAL_DAYS = 30
Key = TypeVar("Key")


@dataclass(frozen=True)
class Period:
    """Whole days in the operator's time zone, both counted; and what else the figures are limited to."""

    first: date
    last: date
    language: str | None = None
    vendor: str | None = None
    channel: str | None = None
    """Empty: what came by no messenger."""
    topic: str | None = None


@dataclass(frozen=True)
class Summary:
    """The figures of a period. In ``groups``, a conversation with several topics stands in each of them."""

    total: Sums
    days: Mapping[date, Sums]
    """Every day of the period, in order, those without a conversation too."""
    groups: Mapping[Kind, Mapping[str, Sums]]
    """By kind, then by value; empty: it is not known, or no messenger."""
    unanswered: tuple[Cluster, ...]


@dataclass(frozen=True)
class Figures:
    """Reads the records and sums them up."""

    records: Records
    follower: Follower
    rules: FigureRules
    targets: Targets
    clock: Clock
    timezone: str
    """IANA name of the zone whose days are counted."""

    @property
    def zone(self) -> ZoneInfo:
        """Whose days are counted."""
        return ZoneInfo(self.timezone)

    def today(self) -> date:
        """Where the operator is."""
        return self.clock.now().astimezone(self.zone).date()

    def period(self, first: date | None, last: date | None) -> tuple[date, date]:
        """The days that are shown for what was asked: the usual ones where nothing was, and never too many."""
        end = last or (max(first, self.today()) if first else self.today())
        begin = first or end - timedelta(days=min(USUAL_DAYS, end.toordinal()) - 1)
        begin, end = min(begin, end), max(begin, end)
        return max(begin, end - timedelta(days=min(self.rules.most_days, end.toordinal()) - 1)), end

    def offered(self) -> Offered:
        """What there is to filter by."""
        return self.records.offered()

    def summary(self, period: Period) -> Summary:
        """Sum up a period."""
        total, unanswered = Sums(), Unanswered(self.rules.most_examples)
        days = {day: Sums() for day in _days(period)}
        groups: dict[Kind, dict[str, Sums]] = {kind: {} for kind in KINDS}
        for record, day, ruler in self._counted(period):
            counted = ruler.counted(record)
            for sums in (total, days.get(day)):
                if sums is not None:
                    sums.add(counted)
            for kind in KINDS:
                for value in values_of(record, kind):
                    _within(groups[kind], value).add(counted)
            unanswered.add(record, period.topic)
        ordered = {kind: _largest_first(groups[kind]) for kind in KINDS}
        return Summary(total, days, ordered, unanswered.top(self.rules.most_topics))

    def by_day(self, period: Period) -> Iterator[tuple[date, str, str, Sums]]:
        """Day by day: the day, a kind and its value, and the figures; first ``all`` of the day.

        One day is in memory at a time, whatever the period.
        """
        day, parts = None, {("all", ""): Sums()}
        for record, its_day, ruler in self._counted(period):
            if day is not None and its_day != day:
                yield from _rows(day, parts)
                parts = {("all", ""): Sums()}
            day, counted = its_day, ruler.counted(record)
            parts["all", ""].add(counted)
            for kind in KINDS:
                for value in values_of(record, kind):
                    _within(parts, (kind, value)).add(counted)
        if day is not None:
            yield from _rows(day, parts)

    def _counted(self, period: Period) -> Iterator[tuple[Record, date, Ruler]]:
        start, end = self._midnight(period.first), self._midnight(period.last + timedelta(days=1))
        wanted = Wanted(start, end, period.language, period.vendor, period.channel, period.topic)
        # Whoever came back may have done so after the period, in another language, or by another channel.
        returns = Returns.among(self.records.visits(start), self.rules)
        ruler = Ruler(self.clock.now(), self.rules, self.targets, returns)
        for record in self.records.find(wanted):
            if record.started_at is not None:
                yield record, record.started_at.astimezone(self.zone).date(), ruler

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


_VALUES: Mapping[Kind, Callable[[Record], tuple[str, ...]]] = {
    "language": lambda record: (record.language or "",),
    "vendor": lambda record: (record.vendor or "",),
    "topic": lambda record: record.topics or ("",),
    "channel": lambda record: (record.channel or "",),
}


def values_of(record: Record, kind: Kind) -> tuple[str, ...]:
    """In which groups of a kind a conversation stands."""
    return _VALUES[kind](record)


def _within(parts: dict[Key, Sums], key: Key) -> Sums:
    found = parts.get(key)
    if found is None:
        found = parts[key] = Sums()
    return found


def _days(period: Period) -> list[date]:
    return [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]


def _largest_first(groups: Mapping[str, Sums]) -> dict[str, Sums]:
    return dict(sorted(groups.items(), key=lambda item: (-item[1].conversations, item[0])))


def _rows(day: date, parts: Mapping[tuple[str, str], Sums]) -> Iterator[tuple[date, str, str, Sums]]:
    for (kind, value), sums in sorted(parts.items(), key=lambda item: (item[0][0] != "all", item[0])):
        yield day, kind, value, sums
