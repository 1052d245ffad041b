"""When several reports are one incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.desk.incidents import Incident, Reported, incident_of
from bot.desk.rules import IncidentRule

RULE = IncidentRule(count=3, within=timedelta(hours=1))
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def reported(number: int, minutes: int, reporter: str | None = None, incident: str | None = None) -> Reported:
    return Reported(f"R-{number}", reporter or f"driver {number}", NOON + timedelta(minutes=minutes), incident)


def test_two_reports_are_two_reports() -> None:
    assert incident_of(reported(2, 10), [reported(1, 0)], RULE) is None


def test_the_third_within_an_hour_makes_an_incident_of_all_three() -> None:
    earlier = [reported(2, 30), reported(1, 0)]
    assert incident_of(reported(3, 60), earlier, RULE) == Incident("I-R-1", ("R-1", "R-2"))


def test_a_third_after_more_than_an_hour_makes_none() -> None:
    assert incident_of(reported(3, 61), [reported(1, 0), reported(2, 30)], RULE) is None


def test_a_report_of_the_day_before_does_not_count_nor_join() -> None:
    earlier = [reported(1, -1440), reported(2, 0), reported(3, 5)]
    assert incident_of(reported(4, 10), earlier, RULE) == Incident("I-R-2", ("R-2", "R-3"))


def test_one_driver_who_reports_three_times_is_no_incident() -> None:
    earlier = [reported(1, 0, "ane"), reported(2, 5, "ane")]
    assert incident_of(reported(3, 10, "ane"), earlier, RULE) is None


def test_whoever_comes_later_joins_however_late() -> None:
    earlier = [reported(1, 0, incident="I-R-1"), reported(2, 5, incident="I-R-1")]
    assert incident_of(reported(4, 300), earlier, RULE) == Incident("I-R-1", ())


def test_of_two_incidents_the_younger_is_joined() -> None:
    earlier = [reported(9, 600, incident="I-R-9"), reported(1, 0, incident="I-R-1")]
    assert incident_of(reported(10, 610), earlier, RULE) == Incident("I-R-9", ())
