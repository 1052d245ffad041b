"""Request Tracker that is set up wrong, or answers nonsense; tests/integration has the real one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.adapters.desk.rt import RequestTracker
from bot.desk.photos import Photos
from bot.errors import NotFound, Unavailable
from bot.tools.values import ReportState
from tests.bot.adapters.desk.drafts import a_draft
from tests.bot.adapters.desk.server import CONNECTION, QUEUE, RULES, Server, a_ticket, body_of, page, query_of, says

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def desk(server: Server, tmp_path: Path) -> RequestTracker:
    return RequestTracker(CONNECTION, Photos(tmp_path / "photos"), RULES, server)


def test_nothing_is_made_in_a_queue_without_the_fields(desk: RequestTracker, server: Server) -> None:
    """It would not be found by its key, and be made again at each attempt."""
    server.gives("GET tickets", page()).gives("GET queue/Plugdesk", says({"TicketCustomFields": []}))
    with pytest.raises(Unavailable, match=r"shows no field PlugdeskCharger, .* load rt\.initialdata") as refused:
        desk.file(a_draft(), "k")
    assert (refused.value.sent, server.count("POST")) == (False, 0)


@pytest.mark.parametrize("answer", [says({"message": "Forbidden"}, 403), says({}, 404), httpx.ConnectError("away")])
def test_nothing_is_made_in_a_queue_that_is_not_seen(
    desk: RequestTracker, server: Server, answer: httpx.Response | Exception
) -> None:
    server.gives("GET tickets", page()).gives("GET queue/Plugdesk", answer)
    with pytest.raises(Unavailable, match="does not show the queue 'Plugdesk'") as refused:
        desk.file(a_draft(), "k")
    assert (refused.value.sent, server.count("POST")) == (False, 0)


def test_a_right_that_is_missing_makes_one_ticket_and_no_more(desk: RequestTracker, server: Server) -> None:
    server.gives("GET tickets", page()).gives("GET queue/Plugdesk", says(QUEUE))
    server.gives("POST ticket", says({"id": 7}, 201)).gives("GET ticket/7", says(a_ticket(7)))
    with pytest.raises(Unavailable, match="made ticket 7, but does not keep the field PlugdeskKey"):
        desk.file(a_draft(), "k")
    with pytest.raises(Unavailable, match="then restart Plugdesk") as refused:
        desk.file(a_draft(), "k")
    assert (refused.value.sent, server.count("POST")) == (False, 1)


def test_a_ticket_that_is_not_found_at_once_is_still_the_one_that_was_made(
    desk: RequestTracker, server: Server
) -> None:
    kept: dict[str, str] = {}

    def made(request: httpx.Request) -> httpx.Response:
        fields = body_of(request)["CustomFields"]
        kept.update(key=fields["PlugdeskKey"], kind=fields["PlugdeskKind"])
        return says({"id": 7}, 201)

    server.gives("GET tickets", page()).gives("GET queue/Plugdesk", says(QUEUE)).gives("POST ticket", made)
    server.gives("GET ticket/7", lambda _: says(a_ticket(7, **kept)))
    assert desk.file(a_draft(station=None), "k").id == "R-00007"


def test_a_key_is_searched_for_as_a_digest(desk: RequestTracker, server: Server) -> None:
    server.gives("GET tickets", page(a_ticket(7, key="other", kind="fault")))
    server.gives("GET queue/Plugdesk", says({}, 404))
    with pytest.raises(Unavailable):
        desk.file(a_draft(), "k' OR id > 0 OR Subject = '")
    assert "OR" not in query_of(server.asked[0])


def test_a_number_that_is_no_number_asks_nobody(desk: RequestTracker, server: Server) -> None:
    with pytest.raises(NotFound):
        desk.ticket("R-1/../../user/1")
    assert server.asked == []


def test_who_reported_for_an_incident_is_read_once_for_a_list(desk: RequestTracker, server: Server) -> None:
    members = [a_ticket(n, kind="fault", incident="I-R-00001", reporter=f"digest-{n}") for n in range(1, 6)]
    server.gives("GET tickets", page(*members))
    assert [ticket.others for ticket in desk.changed_since(NINE)] == [4] * 5
    assert len(server.asked) == 2


def test_one_ticket_in_a_state_of_the_sites_own_does_not_hide_the_others(desk: RequestTracker, server: Server) -> None:
    strange, plain = a_ticket(1, "awaiting parts", kind="fault"), a_ticket(2, kind="fault")
    server.gives("GET tickets", page(strange, plain, a_ticket(3)))
    assert [ticket.id for ticket in desk.changed_since(NINE)] == ["R-00002"]


def test_a_state_of_the_sites_own_is_said_in_words(desk: RequestTracker, server: Server) -> None:
    server.gives("GET ticket/1", says(a_ticket(1, "awaiting parts", kind="fault")))
    with pytest.raises(Unavailable, match=r"in the state 'awaiting parts'.*rt\.yaml"):
        desk.ticket("R-00001")


def test_pages_are_read_to_the_end(desk: RequestTracker, server: Server) -> None:
    pages = [says({"items": [a_ticket(n, kind="fault")], "pages": None}) for n in (1, 2)]
    server.gives("GET tickets", *pages, says({"items": [], "pages": None}))
    assert [ticket.id for ticket in desk.changed_since(NINE)] == ["R-00001", "R-00002"]


def test_more_than_can_be_read_is_no_answer(desk: RequestTracker, server: Server) -> None:
    server.gives("GET tickets", says({"items": [a_ticket(1, kind="fault")], "pages": 1000}))
    with pytest.raises(Unavailable, match="has more than 2000 tickets to tell"):
        desk.changed_since(NINE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "answered no ticket: all of it"),
        ({"id": 1}, "answered no ticket: Status"),
        ({**a_ticket(1, kind="fault"), "Created": "soon"}, "answered no ticket: Created"),
    ],
)
def test_nonsense_is_said_in_words(desk: RequestTracker, server: Server, answer: object, words: str) -> None:
    server.gives("GET ticket/1", says(answer))
    with pytest.raises(Unavailable, match=words):
        desk.ticket("R-00001")


def test_an_attachment_that_is_no_base64_is_said_in_words(desk: RequestTracker, server: Server) -> None:
    server.gives("GET ticket/1", says(a_ticket(1, kind="fault")))
    server.gives("GET ticket/1/attachments", page({"id": "9", "Filename": "a.pdf", "ContentType": "application/pdf"}))
    server.gives("GET attachment/9", says({"Content": "%%%"}))
    with pytest.raises(Unavailable, match="no base64"):
        desk.attachment("R-00001", "9")


def test_a_file_with_nothing_in_it_is_empty(desk: RequestTracker, server: Server) -> None:
    server.gives("GET ticket/1", says(a_ticket(1, kind="fault")))
    server.gives("GET ticket/1/attachments", page({"id": "9", "Filename": "a.txt", "ContentType": "text/plain"}))
    server.gives("GET attachment/9", says({"Content": None}))
    assert desk.attachment("R-00001", "9") == b""


def test_a_state_that_is_not_taken_is_said_in_words(desk: RequestTracker, server: Server) -> None:
    """RT answers 200 and tells in words that it did nothing."""
    server.gives("GET ticket/1", says(a_ticket(1, "new", kind="fault")))
    server.gives("PUT ticket/1", says(["Permission Denied"]))
    with pytest.raises(Unavailable, match=r"did not take the state closed of R-00001.*Permission Denied") as refused:
        desk.set_state("R-00001", ReportState.CLOSED)
    assert not refused.value.sent
