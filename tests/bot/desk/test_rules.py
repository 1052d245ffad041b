"""The file that says how reports are counted and numbered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.desk.rules import RULES_FILE, DeskRules
from bot.tools.values import ReportState, TicketKind


def test_three_within_an_hour_are_an_incident() -> None:
    rule = DeskRules.load().incident
    assert (rule.count, rule.within) == (3, timedelta(hours=1))


def test_what_is_repaired_or_closed_is_over() -> None:
    assert DeskRules.load().over == {ReportState.BACK_IN_OPERATION, ReportState.CLOSED}


@pytest.mark.parametrize(
    ("kind", "number", "told"),
    [(TicketKind.FAULT, 20419, "R-20419"), (TicketKind.REFUND, 10001, "T-10001"), (TicketKind.FAULT, 7, "R-00007")],
)
def test_a_number_has_a_letter_and_five_digits(kind: TicketKind, number: int, told: str) -> None:
    assert DeskRules.load().numbers.of(kind).ticket(number) == told


def test_an_incident_of_one_report_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES_FILE.read_text().replace("count: 3", "count: 1"))
    with pytest.raises(ValidationError, match=r"incident\.count"):
        DeskRules.load(file)
