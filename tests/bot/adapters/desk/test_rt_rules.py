"""What a status of Request Tracker means, and which one says what."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.adapters.desk.rt_rules import RULES_FILE, RtRules
from bot.tools.values import ReportState, TicketKind

SHIPPED = RtRules.load()
INITIAL = RULES_FILE.with_name("rt.initialdata").read_text(encoding="utf-8")


@pytest.mark.parametrize("state", ReportState)
def test_a_state_of_a_report_is_read_as_it_was_written(state: ReportState) -> None:
    assert SHIPPED.state(TicketKind.FAULT, *SHIPPED.status(TicketKind.FAULT, state)) is state


@pytest.mark.parametrize("kind", [kind for kind in TicketKind if kind is not TicketKind.FAULT])
def test_other_work_that_is_resolved_is_closed_and_no_station_is_back(kind: TicketKind) -> None:
    assert SHIPPED.state(kind, "resolved", "") is ReportState.CLOSED


def test_that_somebody_answered_says_nothing_of_the_owner() -> None:
    assert SHIPPED.state(TicketKind.FAULT, "open", "") is ReportState.RECEIVED


def test_what_is_done_is_done_whatever_its_progress_was() -> None:
    assert SHIPPED.state(TicketKind.FAULT, "resolved", "repair planned") is ReportState.BACK_IN_OPERATION


@pytest.mark.parametrize(("status", "progress"), [("awaiting parts", ""), ("open", "half done")])
def test_words_of_the_sites_own_are_no_state(status: str, progress: str) -> None:
    assert SHIPPED.state(TicketKind.FAULT, status, progress) is None


def test_request_tracker_is_given_every_field_that_the_rules_name() -> None:
    assert [name for name in SHIPPED.fields.model_dump().values() if name not in INITIAL] == []


def test_request_tracker_is_given_every_progress_that_the_rules_name() -> None:
    assert [words for words in SHIPPED.progress if words and f"Name => '{words}'" not in INITIAL] == []


def test_a_state_that_there_is_not_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rt.yaml"
    file.write_text(RULES_FILE.read_text(encoding="utf-8").replace("resolved: back_in_operation", "resolved: great"))
    with pytest.raises(ValidationError, match=r"done\.fault\.resolved"):
        RtRules.load(file)
