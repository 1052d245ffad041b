"""When several reports about one station are one incident; pure, the same for every desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.rules import IncidentRule


@dataclass(frozen=True)
class Reported:
    """A fault report about the station in question.

    Attributes:
        ticket: its id.
        reporter: who filed it; one driver who reports three times is one driver.
        at: when it was filed.
        incident: the incident that it belongs to already.
    """

    ticket: str
    reporter: str
    at: datetime
    incident: str | None = None


@dataclass(frozen=True)
class Incident:
    """``id`` of the incident that the new report belongs to, and the earlier ``tickets`` that join it now."""

    id: str
    tickets: tuple[str, ...]


def incident_of(new: Reported, earlier: Iterable[Reported], rule: IncidentRule) -> Incident | None:
    """The incident that a new report belongs to, or None while too few drivers have reported.

    An incident lasts while one of its reports is open, so whoever reports later joins it and is told, however late.

    Args:
        new: the report that is being filed.
        earlier: the reports about the same station that are not over.
        rule: how many within which time.
    """
    by_age = sorted(earlier, key=lambda report: (report.at, report.ticket))
    for report in reversed(by_age):
        if report.incident:
            return Incident(report.incident, ())
    recent = [report for report in by_age if new.at - report.at <= rule.within]
    if len({report.reporter for report in (*recent, new)}) < rule.count:
        return None
    return Incident(f"I-{recent[0].ticket}", tuple(report.ticket for report in recent))
