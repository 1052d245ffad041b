"""The help desk in a Request Tracker 5 that this project did not write; see .ci/rt and tests/contracts/test_desk.py."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from bot.adapters.desk.rt import RequestTracker
from bot.adapters.desk.rt_connection import RtConnection
from bot.desk.photos import Photos
from bot.errors import NotFound, Unavailable
from bot.tools.values import Position, ReportState, TicketDraft, TicketKind
from tests.bot.desk.pictures import encoded, picture
from tests.integration.request_tracker import PASSWORD, USER, WITHOUT_RT, Agent, Meanwhile, number, rt_connection

pytestmark = [pytest.mark.rt, WITHOUT_RT]


def a_draft(mark: str, **changes: object) -> TicketDraft:
    usual = {
        "kind": TicketKind.FAULT, "language": "de", "summary": "About: no power\nDriver's words: '<b>nichts</b> é'",
        "category": "no_power", "station": f"st-{mark}", "user": f"u-{mark}", "conversation": f"c-{mark}",
    }  # fmt: skip
    return TicketDraft.model_validate({**usual, **changes})


@pytest.fixture
def connection() -> RtConnection:
    return rt_connection()


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


@pytest.fixture
def photo(photos: Photos) -> str:
    return photos.accept(encoded(picture()), "photo").id


@pytest.fixture
def desk(connection: RtConnection, photos: Photos) -> Iterator[RequestTracker]:
    desk = RequestTracker(connection, photos)
    yield desk
    desk.close()


@pytest.fixture
def agent(connection: RtConnection) -> Iterator[Agent]:
    agent = Agent(connection.url)
    yield agent
    agent.client.close()


@pytest.fixture
def mark() -> str:
    return secrets.token_hex(4)


def test_the_agent_sees_what_was_filed(desk: RequestTracker, agent: Agent, mark: str) -> None:
    filed = desk.file(a_draft(mark, account="40711", position=Position(latitude=47.3, longitude=8.5)), mark)
    seen = agent.sees(f"ticket/{number(filed.id)}")
    assert (seen["Subject"], seen["Status"]) == (f"fault · st-{mark} · no_power", "new")
    assert agent.field(filed.id, "PlugdeskStation") == [f"st-{mark}"]
    text = agent.files(filed.id)[""].decode()
    assert text.startswith("About: no power\nDriver's words: '<b>nichts</b> é'\n")
    assert "account: 40711" in text
    assert "latitude" in text


def test_what_a_driver_wrote_is_text_and_no_markup(desk: RequestTracker, agent: Agent, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    items = agent.sees(f"ticket/{number(filed.id)}/attachments")["items"]
    assert [agent.sees(f"attachment/{item['id']}")["ContentType"] for item in items] == ["text/plain"]


def test_the_agent_sees_the_photo(desk: RequestTracker, agent: Agent, mark: str, photos: Photos, photo: str) -> None:
    filed = desk.file(a_draft(mark, photos=(photo,)), mark)
    assert agent.files(filed.id)[f"{photo}.jpg"] == photos.read(photo, "copy")


def test_a_photo_that_follows_is_a_comment(
    desk: RequestTracker, agent: Agent, mark: str, photos: Photos, photo: str
) -> None:
    filed = desk.file(a_draft(mark), mark)
    desk.attach(filed.id, photo)
    assert agent.files(filed.id)[f"{photo}.jpg"] == photos.read(photo, "copy")


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("answer.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff\xfe"),
        ("note.txt", "text/plain", "Säule 7 ist repariert".encode()),
        ("Säule.html", "text/html", b"<script>alert(1)</script>"),
    ],
)
def test_what_the_agent_attaches_is_read_here(
    desk: RequestTracker, agent: Agent, mark: str, name: str, kind: str, data: bytes
) -> None:
    filed = desk.file(a_draft(mark), mark)
    agent.attaches(filed.id, name, data, kind)
    (attachment,) = desk.attachments(filed.id)
    assert (attachment.name, attachment.type) == (name, kind)
    assert desk.attachment(filed.id, attachment.id) == data


def test_a_message_without_a_file_is_no_attachment(desk: RequestTracker, agent: Agent, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    agent.does("POST", f"ticket/{number(filed.id)}/comment", Content="Owner called.", ContentType="text/plain")
    assert desk.attachments(filed.id) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Status": "open"}, ReportState.RECEIVED),
        ({"Status": "open", "CustomFields": {"PlugdeskState": "owner contacted"}}, ReportState.OWNER_CONTACTED),
        ({"CustomFields": {"PlugdeskState": "repair planned"}}, ReportState.REPAIR_PLANNED),
        ({"Status": "stalled", "CustomFields": {"PlugdeskState": "repair planned"}}, ReportState.REPAIR_PLANNED),
        ({"Status": "resolved"}, ReportState.BACK_IN_OPERATION),
        ({"Status": "rejected"}, ReportState.CLOSED),
    ],
)
def test_what_the_agent_decides_is_told_here(
    desk: RequestTracker, agent: Agent, mark: str, change: dict[str, Any], told: ReportState
) -> None:
    filed = desk.file(a_draft(mark), mark)
    agent.moves(filed.id, **change)
    assert desk.ticket(filed.id).state is told
    assert told in [ticket.state for ticket in desk.changed_since(filed.filed_at) if ticket.id == filed.id]


def test_a_date_that_the_agent_enters_is_told_here(desk: RequestTracker, agent: Agent, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    agent.moves(filed.id, CustomFields={"PlugdeskRepairBy": "2026-12-01"})
    assert desk.ticket(filed.id).repair_by == "2026-12-01"


def test_what_is_decided_here_is_seen_by_the_agent(desk: RequestTracker, agent: Agent, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    desk.set_state(filed.id, ReportState.REPAIR_PLANNED, "2026-12-01")
    assert agent.sees(f"ticket/{number(filed.id)}")["Status"] == "open"
    assert agent.field(filed.id, "PlugdeskState") == ["repair planned"]
    assert agent.field(filed.id, "PlugdeskRepairBy") == ["2026-12-01"]


def test_a_comment_of_the_agent_is_a_change(desk: RequestTracker, agent: Agent, mark: str) -> None:
    filed = desk.file(a_draft(mark), mark)
    agent.does("POST", f"ticket/{number(filed.id)}/comment", Content="Owner called.", ContentType="text/plain")
    (changed,) = [ticket for ticket in desk.changed_since(filed.updated_at) if ticket.id == filed.id]
    assert changed.state is ReportState.RECEIVED
    assert changed.updated_at >= filed.updated_at


def test_of_two_made_at_one_moment_the_older_counts(
    desk: RequestTracker, agent: Agent, connection: RtConnection, photos: Photos, mark: str
) -> None:
    first: list[str] = []
    slow = RequestTracker(
        connection, photos, transport=Meanwhile(lambda: first.append(desk.file(a_draft(mark), mark).id))
    )
    assert [slow.file(a_draft(mark), mark).id] == first
    slow.close()
    assert [ticket.id for ticket in desk.of_user(f"u-{mark}")] == first
    # The younger was made, and leads to the older now.
    assert agent.sees(f"ticket/{number(first[0]) + 1}")["id"] == number(first[0])


def test_a_report_that_the_agent_merged_is_found_under_its_old_number(
    desk: RequestTracker, agent: Agent, mark: str
) -> None:
    first, second = (desk.file(a_draft(mark), f"{mark}-{n}") for n in range(2))
    agent.moves(second.id, MergeInto=number(first.id))
    agent.moves(first.id, Status="resolved")
    assert (desk.ticket(second.id).id, desk.ticket(second.id).state) == (second.id, ReportState.BACK_IN_OPERATION)


def test_a_ticket_that_plugdesk_did_not_file_is_not_shown(desk: RequestTracker, agent: Agent, mark: str) -> None:
    made = agent.does("POST", "ticket", Queue="Plugdesk", Subject=f"of the agent {mark}")
    with pytest.raises(NotFound):
        desk.ticket(f"R-{int(made['id']):05d}")


def test_user_and_password_will_do(connection: RtConnection, photos: Photos, mark: str) -> None:
    desk = RequestTracker(connection.model_copy(update={"user": USER, "secret": SecretStr(PASSWORD)}), photos)
    assert desk.file(a_draft(mark), mark).state is ReportState.RECEIVED
    desk.close()


@pytest.mark.parametrize("user", [USER, None])
def test_wrong_credentials_are_said_in_words(connection: RtConnection, photos: Photos, user: str | None) -> None:
    wrong = SecretStr("1-32-0123456789abcdef0123456789abcdef")
    desk = RequestTracker(connection.model_copy(update={"user": user, "secret": wrong}), photos)
    with pytest.raises(Unavailable, match=r"does not let Plugdesk in .* check the user and password") as refused:
        desk.file(a_draft("wrong"), "wrong")
    assert wrong.get_secret_value() not in str(refused.value)
    assert not refused.value.sent
    desk.close()


def test_a_key_that_was_merged_files_nothing_new(desk: RequestTracker, agent: Agent, mark: str) -> None:
    first, second = (desk.file(a_draft(mark), f"{mark}-{n}") for n in range(2))
    agent.moves(second.id, MergeInto=number(first.id))
    assert desk.file(a_draft(mark), f"{mark}-1").id == first.id


def test_a_queue_that_it_may_not_use_is_said_in_words(connection: RtConnection, photos: Photos, mark: str) -> None:
    desk = RequestTracker(connection.model_copy(update={"queue": "General"}), photos)
    with pytest.raises(Unavailable, match=r"'General'.*does not allow it \(403\)") as refused:
        desk.file(a_draft(mark), mark)
    assert not refused.value.sent
    desk.close()


def test_the_sign_in_page_is_no_answer(connection: RtConnection, photos: Photos) -> None:
    """An address that is only nearly right: RT shows its page for people there."""
    place = urlsplit(connection.url)
    desk = RequestTracker(
        connection.model_copy(update={"url": f"{place.scheme}://{place.netloc}/NoAuth/Login.html?next="}), photos
    )
    with pytest.raises(Unavailable, match=r"text/html and not JSON .* check the address"):
        desk.ticket("R-00001")
    desk.close()


def test_a_machine_that_is_not_there_has_got_nothing(connection: RtConnection, photos: Photos) -> None:
    desk = RequestTracker(connection.model_copy(update={"url": "http://127.0.0.1:9"}), photos)
    with pytest.raises(Unavailable, match="cannot be reached") as refused:
        desk.file(a_draft("nowhere"), "nowhere")
    assert not refused.value.sent
    desk.close()
