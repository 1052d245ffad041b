"""What only the desk in a file does; tests/contracts/test_desk.py has what every desk does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.desk.sqlite import SqliteDesk
from bot.desk.photos import Photos
from bot.errors import NotFound, StoreError
from bot.tools.values import ReportState, Ticket, TicketKind
from tests.bot.adapters.desk.drafts import a_draft
from tests.bot.desk.pictures import encoded, picture
from tests.doubles import SteppingClock

DAY_BEFORE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SEED = Ticket(
    id="R-20418", kind=TicketKind.FAULT, state=ReportState.OWNER_CONTACTED, station="7781",
    filed_at=DAY_BEFORE, updated_at=DAY_BEFORE,
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


@pytest.fixture
def desk(path: Path, photos: Photos) -> Iterator[SqliteDesk]:
    desk = SqliteDesk(path, SteppingClock(), photos)
    yield desk
    desk.close()


def test_the_first_numbers_follow_those_of_the_demo(desk: SqliteDesk) -> None:
    filed = [desk.file(a_draft(kind=kind), kind).id for kind in (TicketKind.FAULT, TicketKind.URGENT)]
    assert filed == ["R-20419", "T-10001"]


def test_reports_and_other_work_are_counted_apart(desk: SqliteDesk) -> None:
    kinds = (TicketKind.FAULT, TicketKind.REFUND, TicketKind.HANDOVER, TicketKind.FAULT)
    filed = [desk.file(a_draft(kind=kind), str(number)).id for number, kind in enumerate(kinds)]
    assert filed == ["R-20419", "T-10001", "T-10002", "R-20420"]


def test_a_seed_is_a_ticket_like_any_other(desk: SqliteDesk) -> None:
    desk.seed([SEED])
    assert desk.ticket("R-20418") == SEED
    assert desk.file(a_draft(), "k").id == "R-20419"


def test_seeding_again_takes_no_state_back(desk: SqliteDesk) -> None:
    desk.seed([SEED])
    desk.set_state("R-20418", ReportState.BACK_IN_OPERATION)
    desk.seed([SEED])
    assert desk.ticket("R-20418").state is ReportState.BACK_IN_OPERATION


def test_workers_with_one_file_file_a_key_once(path: Path, photos: Photos) -> None:
    desks = [SqliteDesk(path, SteppingClock(), photos) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        filed = {ticket.id for ticket in pool.map(lambda number: desks[number % 4].file(a_draft(), "k"), range(16))}
    assert filed == {"R-20419"}
    assert [ticket.id for ticket in desks[0].of_user("ane")] == ["R-20419"]
    for desk in desks:
        desk.close()


def test_workers_with_one_file_give_no_number_twice(path: Path, photos: Photos) -> None:
    desks = [SqliteDesk(path, SteppingClock(), photos) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        filed = {ticket.id for ticket in pool.map(lambda n: desks[n % 4].file(a_draft(), f"k{n}"), range(16))}
    assert len(filed) == 16
    for desk in desks:
        desk.close()


def test_what_was_filed_is_there_when_the_file_is_opened_again(desk: SqliteDesk, path: Path, photos: Photos) -> None:
    filed = desk.file(a_draft(), "k")
    again = SqliteDesk(path, SteppingClock(), photos)
    assert (again.ticket(filed.id), again.draft(filed.id)) == (filed, a_draft())
    again.close()


def test_the_history_has_every_state_and_when(desk: SqliteDesk) -> None:
    filed = desk.file(a_draft(), "k")
    moved = [desk.set_state(filed.id, state) for state in (ReportState.OWNER_CONTACTED, ReportState.CLOSED)]
    assert desk.history(filed.id) == [
        (ReportState.RECEIVED, filed.filed_at),
        (ReportState.OWNER_CONTACTED, moved[0].updated_at),
        (ReportState.CLOSED, moved[1].updated_at),
    ]


@pytest.mark.parametrize("change", ["update state set state = 'closed'", "delete from state"])
def test_nobody_changes_the_history(desk: SqliteDesk, path: Path, change: str) -> None:
    desk.file(a_draft(), "k")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)
    connection.close()


def test_what_was_not_filed_here_has_no_draft(desk: SqliteDesk) -> None:
    desk.seed([SEED])
    for ticket in (SEED.id, "R-99999"):
        with pytest.raises(NotFound, match=f"no draft of ticket {ticket}"):
            desk.draft(ticket)


def test_a_photo_that_was_thrown_away_is_an_attachment_no_more(
    desk: SqliteDesk, photos: Photos, tmp_path: Path
) -> None:
    photo = photos.accept(encoded(picture()), "photo").id
    filed = desk.file(a_draft(photos=(photo,)), "k")
    for file in (tmp_path / "photos").iterdir():
        file.unlink()
    assert desk.attachments(filed.id) == []
    with pytest.raises(NotFound, match=f"There is no attachment {photo}"):
        desk.attachment(filed.id, photo)


def test_a_photo_of_no_ticket_is_no_attachment(desk: SqliteDesk, photos: Photos) -> None:
    """Whoever knows an id of a photo must not read it through any ticket."""
    photo = photos.accept(encoded(picture()), "photo").id
    filed = desk.file(a_draft(), "k")
    with pytest.raises(NotFound):
        desk.attachment(filed.id, photo)


def test_a_file_that_cannot_be_opened_names_the_setting(tmp_path: Path, photos: Photos) -> None:
    with pytest.raises(StoreError, match="PLUGDESK_DESK"):
        SqliteDesk(tmp_path, SteppingClock(), photos)
