"""What every help desk must do."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.photos import Photos
from bot.errors import NotFound, UnknownPhoto
from bot.tools.ports import Desk
from bot.tools.values import Position, ReportState, TicketFilter, TicketKind
from tests.bot.desk.pictures import encoded, picture
from tests.contracts.desks import DESKS, a_draft, at_once, reports


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest, tmp_path: Path, photos: Photos) -> Iterator[Desk]:
    with request.param(tmp_path, photos) as port:
        yield port


@pytest.fixture
def mark() -> str:
    """Something that no earlier test on the same desk used: a station, a driver, a key."""
    return secrets.token_hex(4)


@pytest.fixture
def photo(photos: Photos) -> str:
    return photos.accept(encoded(picture()), "photo").id


def test_a_ticket_is_read_as_it_was_filed(desk: Desk, mark: str) -> None:
    position = Position(latitude=47.36, longitude=8.55)
    filed = desk.file(a_draft(mark, charger="310244", account="40711", position=position), mark)
    assert desk.ticket(filed.id) == filed
    assert (filed.kind, filed.state) == (TicketKind.FAULT, ReportState.RECEIVED)
    assert (filed.station, filed.charger, filed.user) == (f"st-{mark}", "310244", f"u-{mark}")
    assert (filed.incident, filed.others, filed.repair_by) == (None, 0, None)
    assert filed.updated_at - filed.filed_at < timedelta(minutes=1)


@pytest.mark.parametrize("kind", TicketKind)
def test_every_kind_of_work_is_taken(desk: Desk, mark: str, kind: TicketKind) -> None:
    assert desk.file(a_draft(mark, kind), mark).kind is kind


def test_a_fault_is_told_from_other_work_by_its_letter(desk: Desk, mark: str) -> None:
    fault, other = (desk.file(a_draft(mark, kind), f"{mark}-{kind}") for kind in (TicketKind.FAULT, TicketKind.REFUND))
    assert (fault.id[:2], other.id[:2]) == ("R-", "T-")
    assert all(len(each.id) >= 7 and each.id[2:].isdigit() for each in (fault, other))


def test_an_anonymous_driver_files_too(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark, user=None, station=None, category=None), mark)
    assert (filed.user, filed.station) == (None, None)


def test_the_same_key_files_once(desk: Desk, mark: str) -> None:
    first, again = (desk.file(a_draft(mark), mark) for _ in range(2))
    assert again == first
    assert len(desk.of_user(f"u-{mark}")) == 1


def test_the_same_words_with_another_key_are_another_ticket(desk: Desk, mark: str) -> None:
    first, second = (desk.file(a_draft(mark), f"{mark}-{n}") for n in range(2))
    assert first.id != second.id


def test_two_at_once_with_one_key_file_once(desk: Desk, mark: str) -> None:
    filed: list[str] = []

    def file() -> None:
        filed.append(desk.file(a_draft(mark), mark).id)

    at_once(file, file)
    assert len(filed) == 2
    assert len(set(filed)) == 1
    assert [ticket.id for ticket in desk.of_user(f"u-{mark}")] == filed[:1]


@pytest.mark.parametrize("ticket", ["R-99999", "T-99999", "R-", "", "nonsense", "R-1 OR 1=1", "R-99999/../1", "R-²"])
def test_a_ticket_that_there_is_not_is_not_found(desk: Desk, ticket: str) -> None:
    with pytest.raises(NotFound, match="There is no ticket"):
        desk.ticket(ticket)


def test_the_letter_belongs_to_the_number(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    with pytest.raises(NotFound):
        desk.ticket(filed.id.replace("R", "T"))


def test_a_driver_sees_their_own_tickets_newest_first(desk: Desk, mark: str) -> None:
    first, second = (desk.file(a_draft(mark), f"{mark}-{n}") for n in range(2))
    desk.file(a_draft(mark, user=f"other-{mark}"), f"{mark}-other")
    assert [ticket.id for ticket in desk.of_user(f"u-{mark}")] == [second.id, first.id]


@pytest.mark.parametrize("user", ["o'neil\\", 'x" OR "1', "CF.{PlugdeskUser}", "Ünïcode 名前", "%", "NULL", "-1"])
def test_no_name_reads_somebody_elses_tickets(desk: Desk, mark: str, user: str) -> None:
    desk.file(a_draft(mark), f"{mark}-a")
    mine = desk.file(a_draft(mark, user=f"{user}{mark}"), f"{mark}-b")
    assert [ticket.id for ticket in desk.of_user(f"{user}{mark}")] == [mine.id]
    assert [ticket for ticket in desk.of_user(user) if ticket.user != user] == []


def test_names_that_differ_in_case_are_two_drivers(desk: Desk, mark: str) -> None:
    desk.file(a_draft(mark), mark)
    assert desk.of_user(f"U-{mark}") == []


@pytest.mark.parametrize("state", ReportState)
def test_a_fault_report_moves_through_every_state(desk: Desk, mark: str, state: ReportState) -> None:
    filed = desk.file(a_draft(mark), mark)
    moved = desk.set_state(filed.id, state)
    assert moved.state is desk.ticket(filed.id).state is state
    assert moved.updated_at >= filed.updated_at


def test_other_work_ends_closed(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark, TicketKind.REFUND), mark)
    assert desk.set_state(filed.id, ReportState.CLOSED).state is ReportState.CLOSED


def test_a_closed_report_can_be_opened_again(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    desk.set_state(filed.id, ReportState.CLOSED)
    assert desk.set_state(filed.id, ReportState.RECEIVED).state is ReportState.RECEIVED


def test_the_date_that_the_owner_named_stands_until_it_is_taken_back(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    assert desk.set_state(filed.id, ReportState.REPAIR_PLANNED, "2026-12-01").repair_by == "2026-12-01"
    assert desk.ticket(filed.id).repair_by == "2026-12-01"
    assert desk.set_state(filed.id, ReportState.OWNER_CONTACTED).repair_by is None


def test_the_state_that_a_ticket_has_changes_nothing(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    assert desk.set_state(filed.id, ReportState.RECEIVED) == filed


def test_a_ticket_that_there_is_not_cannot_be_moved(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.set_state("R-99999", ReportState.CLOSED)


def test_what_changed_since_is_told_in_order(desk: Desk, mark: str) -> None:
    first, second = (desk.file(a_draft(mark), f"{mark}-{n}") for n in range(2))
    moved = desk.set_state(first.id, ReportState.OWNER_CONTACTED)
    changed = [ticket for ticket in desk.changed_since(first.filed_at) if ticket.user == f"u-{mark}"]
    assert sorted(ticket.id for ticket in changed) == [first.id, second.id]
    assert changed == sorted(changed, key=lambda ticket: ticket.updated_at)
    assert moved in desk.changed_since(moved.updated_at)


def test_what_did_not_change_since_is_not_told(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    assert filed not in desk.changed_since(filed.updated_at + timedelta(seconds=1))


def test_tickets_are_listed_newest_first_page_by_page(desk: Desk, mark: str) -> None:
    filed = [desk.file(a_draft(mark, user=f"u-{mark}"), f"{mark}-{n}").id for n in range(3)]
    of_station = TicketFilter(station=f"st-{mark}")
    first, second = desk.listed(of_station, 0, 2), desk.listed(of_station, 1, 2)
    assert [ticket.id for ticket in (*first.tickets, *second.tickets)] == filed[::-1]
    assert (first.more, second.more) == (True, False)


def test_a_list_tells_of_tickets_what_they_say_themselves(desk: Desk, mark: str) -> None:
    tickets = reports(desk, mark, 3)
    listed = desk.listed(TicketFilter(station=f"st-{mark}")).tickets
    assert listed == tuple(desk.ticket(ticket.id) for ticket in reversed(tickets))
    assert desk.listed(TicketFilter(incident=listed[0].incident)).tickets == listed


def test_only_what_fits_is_listed(desk: Desk, mark: str) -> None:
    fault = desk.file(a_draft(mark), f"{mark}-a")
    refund = desk.file(a_draft(mark, TicketKind.REFUND), f"{mark}-b")
    moved = desk.set_state(fault.id, ReportState.OWNER_CONTACTED)
    here = TicketFilter(station=f"st-{mark}")

    def ids(**wanted: object) -> list[str]:
        return [ticket.id for ticket in desk.listed(here.model_copy(update=wanted)).tickets]

    assert ids(kind=TicketKind.REFUND) == [refund.id]
    assert ids(states=frozenset({ReportState.OWNER_CONTACTED})) == [moved.id]
    assert ids(states=frozenset({ReportState.OWNER_CONTACTED, ReportState.RECEIVED})) == [refund.id, moved.id]
    assert ids(filed_before=fault.filed_at) == []
    assert len(ids(filed_before=refund.filed_at + timedelta(days=1))) == 2


@pytest.mark.parametrize("station", ["' or 1=1 --", "%", "CF.{PlugdeskUser}", "NULL"])
def test_no_filter_lists_more_than_it_says(desk: Desk, mark: str, station: str) -> None:
    desk.file(a_draft(mark), mark)
    assert desk.listed(TicketFilter(station=station)).tickets == ()


def test_two_reports_about_a_station_are_no_incident(desk: Desk, mark: str) -> None:
    assert [ticket.incident for ticket in reports(desk, mark, 2)] == [None, None]


def test_three_reports_about_a_station_are_one_incident(desk: Desk, mark: str) -> None:
    tickets = [desk.ticket(filed.id) for filed in reports(desk, mark, 3)]
    assert tickets[0].incident is not None
    assert {ticket.incident for ticket in tickets} == {tickets[0].incident}
    assert [ticket.others for ticket in tickets] == [2, 2, 2]


def test_who_makes_or_joins_an_incident_is_told_at_once(desk: Desk, mark: str) -> None:
    assert [ticket.others for ticket in reports(desk, mark, 4)] == [0, 0, 2, 3]


def test_what_happened_to_other_stations_is_no_incident_of_this_one(desk: Desk, mark: str) -> None:
    reports(desk, mark, 3)
    elsewhere = desk.file(a_draft(mark, station=f"else-{mark}", user="x"), f"{mark}-else")
    refund = desk.file(a_draft(mark, TicketKind.REFUND, user="x"), f"{mark}-refund")
    assert (elsewhere.incident, refund.incident) == (None, None)


def test_reports_that_are_over_are_no_part_of_a_new_incident(desk: Desk, mark: str) -> None:
    for ticket in reports(desk, mark, 3):
        desk.set_state(ticket.id, ReportState.BACK_IN_OPERATION)
    assert desk.file(a_draft(mark), f"{mark}-later").incident is None


def test_one_driver_who_reports_again_and_again_is_no_incident(desk: Desk, mark: str) -> None:
    tickets = [desk.file(a_draft(mark), f"{mark}-{n}") for n in range(3)]
    assert [ticket.incident for ticket in tickets] == [None, None, None]


def test_photos_are_filed_with_the_ticket(desk: Desk, mark: str, photos: Photos, photo: str) -> None:
    filed = desk.file(a_draft(mark, photos=(photo,)), mark)
    (attachment,) = desk.attachments(filed.id)
    assert (attachment.name, attachment.type) == (f"{photo}.jpg", "image/jpeg")
    assert desk.attachment(filed.id, attachment.id) == photos.read(photo, "copy")
    assert attachment.size in (None, len(photos.read(photo, "copy")))


def test_a_photo_that_is_no_longer_kept_does_not_keep_a_ticket_from_being_filed(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark, photos=("0" * 32,)), mark)
    assert desk.attachments(filed.id) == []


def test_a_photo_can_follow(desk: Desk, mark: str, photos: Photos, photo: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    for _ in range(2):
        desk.attach(filed.id, photo)
    (attachment,) = desk.attachments(filed.id)
    assert desk.attachment(filed.id, attachment.id) == photos.read(photo, "copy")


def test_only_a_photo_that_is_kept_can_follow(desk: Desk, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    with pytest.raises(UnknownPhoto):
        desk.attach(filed.id, "0" * 32)


def test_no_photo_follows_to_a_ticket_that_there_is_not(desk: Desk, photo: str) -> None:
    with pytest.raises(NotFound, match="There is no ticket"):
        desk.attach("R-99999", photo)


def test_an_attachment_is_read_only_through_its_own_ticket(desk: Desk, mark: str, photo: str) -> None:
    filed = desk.file(a_draft(mark, photos=(photo,)), f"{mark}-a")
    other = desk.file(a_draft(mark), f"{mark}-b")
    (attachment,) = desk.attachments(filed.id)
    with pytest.raises(NotFound, match="There is no attachment"):
        desk.attachment(other.id, attachment.id)
