"""What every help desk must do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.adapters.desk.sqlite import SqliteDesk
from bot.errors import NotFound
from bot.tools.values import ReportState, TicketDraft, TicketKind
from tests.doubles import SteppingClock

FAULT = TicketDraft(kind=TicketKind.FAULT, language="nb", summary="skjermen er svart", station="4521", user="ane")


@pytest.fixture
def desk(tmp_path: Path) -> SqliteDesk:
    return SqliteDesk(tmp_path / "desk.db", SteppingClock())


def test_a_ticket_can_be_read_again(desk: SqliteDesk) -> None:
    filed = desk.file(FAULT, "k")
    assert desk.ticket(filed.id) == filed
    assert (filed.state, filed.station, filed.user) == (ReportState.RECEIVED, "4521", "ane")
    assert desk.draft(filed.id) == FAULT


def test_the_same_key_files_once(desk: SqliteDesk) -> None:
    assert desk.file(FAULT, "k") == desk.file(FAULT, "k")
    assert len(desk.of_user("ane")) == 1


def test_two_processes_file_the_same_key_once(tmp_path: Path) -> None:
    desks = [SqliteDesk(tmp_path / "desk.db", SteppingClock()) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        filed = {ticket.id for ticket in pool.map(lambda number: desks[number % 4].file(FAULT, "k"), range(16))}
    assert len(filed) == 1


def test_other_drivers_tickets_are_not_ones_own(desk: SqliteDesk) -> None:
    desk.file(FAULT, "k")
    assert desk.of_user("per") == []


def test_what_there_is_not_is_not_found(desk: SqliteDesk) -> None:
    for ask in (desk.ticket, desk.draft, lambda ticket: desk.set_state(ticket, ReportState.CLOSED)):
        with pytest.raises(NotFound):
            ask("R-99999")


def test_a_state_that_changes_is_seen(desk: SqliteDesk) -> None:
    filed = desk.file(FAULT, "k")
    desk.set_state(filed.id, ReportState.OWNER_CONTACTED)
    moved = desk.ticket(filed.id)
    assert moved.state is ReportState.OWNER_CONTACTED
    assert moved.updated_at > filed.updated_at


def test_the_third_report_about_a_station_within_the_hour_joins_an_incident(desk: SqliteDesk) -> None:
    filed = [desk.file(FAULT.model_copy(update={"user": f"u{number}"}), f"k{number}") for number in range(3)]
    assert [(ticket.incident, ticket.others) for ticket in filed] == [(None, 0), (None, 0), ("I-4521", 2)]


def test_faults_and_other_work_are_numbered_apart(desk: SqliteDesk) -> None:
    urgent = TicketDraft(kind=TicketKind.URGENT, language="en", summary="smoke")
    assert [desk.file(FAULT, "a").id[:2], desk.file(urgent, "b").id[:2]] == ["R-", "T-"]
