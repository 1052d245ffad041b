"""plugdesk tickets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from click.testing import CliRunner, Result
from pydantic import SecretStr

from bot.adapters.desk.commands import tickets
from bot.adapters.desk.rt import RequestTracker
from bot.adapters.desk.rt_connection import RtConnection
from bot.adapters.desk.sqlite import SqliteDesk
from bot.desk.photos import Photos
from bot.tools.ports import Desk
from bot.tools.values import ReportState, Ticket
from tests.bot.adapters.desk.drafts import a_draft
from tests.bot.desk.pictures import encoded, picture
from tests.doubles import SteppingClock


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


@pytest.fixture
def desk(tmp_path: Path, photos: Photos) -> Iterator[SqliteDesk]:
    desk = SqliteDesk(tmp_path / "desk.db", SteppingClock(), photos)
    yield desk
    desk.close()


def typed(desk: Desk, line: str) -> Result:
    return CliRunner().invoke(tickets, line, obj=desk)


def test_a_ticket_is_shown_with_what_was_filed_and_what_became_of_it(desk: SqliteDesk, photos: Photos) -> None:
    photo = photos.accept(encoded(picture()), "photo").id
    filed = desk.file(a_draft(photos=(photo,)), "k")
    desk.set_state(filed.id, ReportState.OWNER_CONTACTED)
    shown = yaml.safe_load(typed(desk, f"show {filed.id}").output)
    assert (shown["id"], shown["state"]) == ("R-20419", "owner_contacted")
    assert shown["filed"]["summary"] == a_draft().summary
    assert [each["state"] for each in shown["history"]] == ["received", "owner_contacted"]
    assert [each["name"] for each in shown["attachments"]] == [f"{photo}.jpg"]


def test_a_ticket_that_was_not_filed_here_is_shown_too(desk: SqliteDesk) -> None:
    filed = desk.file(a_draft(), "k")
    desk.seed([filed.model_copy(update={"id": "R-20377"})])
    assert "filed" not in yaml.safe_load(typed(desk, "show R-20377").output)


def test_what_drivers_write_gives_the_terminal_no_orders(desk: SqliteDesk) -> None:
    filed = desk.file(a_draft(summary="\x1b[2J", station="\x1b[2J"), "k")
    for line in (f"show {filed.id}", "list --user ane"):
        assert "\x1b" not in typed(desk, line).output


def test_the_tickets_of_a_driver_are_listed_newest_first(desk: SqliteDesk) -> None:
    for key, user in (("a", "ane"), ("b", "per"), ("c", "ane")):
        desk.file(a_draft(user=user), key)
    lines = typed(desk, "list --user ane").output.splitlines()
    assert [line.split()[0] for line in lines] == ["R-20421", "R-20419"]
    assert lines[1] == "R-20419  fault of 4521  received  2026-11-21 09:00 UTC"


@pytest.mark.parametrize(("since", "count"), [("2026-11-21", 1), ("2026-11-22", 0)])
def test_what_changed_since_a_day_is_listed(desk: SqliteDesk, since: str, count: int) -> None:
    desk.file(a_draft(), "k")
    assert len(typed(desk, f"list --since {since}").output.splitlines()) == count


def test_an_incident_is_seen_in_the_list(desk: SqliteDesk) -> None:
    for user in ("ane", "per", "eva"):
        desk.file(a_draft(user=user), user)
    assert "I-R-20419, 2 more" in typed(desk, "list --user eva").output


@pytest.mark.parametrize("line", ["list", "list --user ane --since 2026-11-21"])
def test_a_list_is_of_a_driver_or_since_a_day(desk: SqliteDesk, line: str) -> None:
    result = typed(desk, line)
    assert (result.exit_code, "Give either --user or --since." in result.output) == (2, True)


def test_a_ticket_is_moved_on(desk: SqliteDesk) -> None:
    filed = desk.file(a_draft(), "k")
    result = typed(desk, f"state {filed.id} repair_planned --repair-by 2026-12-01")
    assert (result.exit_code, "repair_planned  repair by 2026-12-01" in result.output) == (0, True)
    moved: Ticket = desk.ticket(filed.id)
    assert (moved.state, moved.repair_by) == (ReportState.REPAIR_PLANNED, "2026-12-01")


@pytest.mark.parametrize("line", ["show R-1", "state R-1 closed"])
def test_a_ticket_that_there_is_not_ends_the_command_with_a_message(desk: SqliteDesk, line: str) -> None:
    result = typed(desk, line)
    assert (result.exit_code, result.output) == (1, "Error: There is no ticket R-1.\n")


def test_a_state_that_there_is_not_is_answered_with_those_that_there_are(desk: SqliteDesk) -> None:
    result = typed(desk, "state R-1 lost")
    assert (result.exit_code, "'received', 'owner_contacted'" in result.output) == (2, True)


def test_a_desk_that_does_not_answer_ends_the_command_with_a_message(photos: Photos) -> None:
    connection = RtConnection(url="https://rt.example", queue="Plugdesk", secret=SecretStr("t"))
    away = httpx.MockTransport(lambda _: httpx.Response(401, json={}))
    desk = RequestTracker(connection, photos, transport=away)
    result = typed(desk, "show R-20419")
    assert result.exit_code == 1
    assert "The help desk does not let Plugdesk in (401)" in result.output
    desk.close()
