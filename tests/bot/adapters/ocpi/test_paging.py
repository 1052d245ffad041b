"""Lists page by page, from parties that count well and badly."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.adapters.ocpi.client import LOCATIONS
from bot.adapters.ocpi.system import OcpiSystem, open_ocpi
from bot.errors import Unavailable
from tests.bot.adapters.ocpi.party import HOME, FakeParty, a_connection, envelope, rules

ALL = ["LOC-SEEFELD", "LOC-MILANO", "LOC-BRENNERO"]


def listed(party: FakeParty, **changes: Any) -> tuple[list[str], bool]:
    """The ids that were read, and whether they are all."""
    system = open_ocpi(a_connection(), rules(**changes), party)
    found = system.client.every(LOCATIONS)
    system.close()
    return [each["id"] for each in found.items], found.complete


def pages(party: FakeParty) -> list[tuple[str, str]]:
    """Offset and limit of every page that was asked for."""
    return [
        (each.url.params["offset"], each.url.params["limit"])
        for each in party.asked
        if each.url.path.endswith("/locations")
    ]


def test_a_short_list_is_one_page(party: FakeParty) -> None:
    assert listed(party) == (ALL, True)
    assert pages(party) == [("0", "100")]


def test_every_page_is_read(party: FakeParty) -> None:
    assert listed(party, page=2) == (ALL, True)
    assert pages(party) == [("0", "2"), ("2", "2")]


def test_a_party_may_give_smaller_pages_than_were_asked_for(party: FakeParty) -> None:
    party.largest_page = 1
    assert listed(party, page=2) == (ALL, True)


def test_without_any_header_the_list_ends_with_a_page_that_is_not_full(party: FakeParty) -> None:
    party.headers = lambda offset, limit, total: {}
    assert listed(party, page=2) == (ALL, True)
    assert pages(party) == [("0", "2"), ("2", "2")]


def test_a_count_that_is_too_small_hides_nothing(party: FakeParty) -> None:
    party.headers = lambda offset, limit, total: {"X-Total-Count": "1", "X-Limit": str(limit)}
    assert listed(party, page=2) == (ALL, True)


def test_a_count_that_is_too_large_ends_and_is_said(party: FakeParty) -> None:
    party.headers = lambda offset, limit, total: {"X-Total-Count": "9", "X-Limit": str(limit)}
    assert listed(party, page=2) == (ALL, False)


@pytest.mark.parametrize("nonsense", ["many", "-1", "1e3", "", "٣", "9" * 400])
def test_a_count_that_is_no_number_is_passed_over(party: FakeParty, nonsense: str) -> None:
    party.headers = lambda offset, limit, total: {"X-Total-Count": nonsense.encode(), "X-Limit": nonsense.encode()}
    assert listed(party, page=2) == (ALL, True)


def test_a_wrong_limit_does_not_end_the_list(party: FakeParty) -> None:
    party.headers = lambda offset, limit, total: {"X-Total-Count": str(total), "X-Limit": "0"}
    assert listed(party, page=1) == (ALL, True)


@pytest.mark.parametrize("link", ["https://evil.example/locations?offset=1", f"{HOME}/nowhere?offset=7", "%%%"])
def test_the_address_of_a_link_is_never_followed(party: FakeParty, link: str) -> None:
    party.headers = lambda offset, limit, total: {"Link": f'<{link}>; rel="next"' if offset < 2 else ""}
    assert listed(party, page=1) == (ALL, True)
    assert {each.url.host for each in party.asked} == {"cpo.example"}
    assert "nowhere" not in "".join(party.paths())


def test_a_link_tells_that_a_page_is_not_the_last(party: FakeParty) -> None:
    party.largest_page = 1
    party.headers = lambda offset, limit, total: {"Link": f'<{HOME}/x>; rel="next"'} if offset < 2 else {}
    assert listed(party, page=50) == (ALL, True)


def test_pages_that_repeat_themselves_end(party: FakeParty) -> None:
    party.spoilt["/locations"] = lambda request: envelope(party.world.locations)
    assert listed(party, page=3) == (ALL, True)


def test_a_thing_that_moved_to_the_next_page_is_one(party: FakeParty) -> None:
    party.world.locations.insert(2, party.world.locations[0])
    assert listed(party, page=2)[0] == ALL


def test_a_list_without_end_is_given_up(party: FakeParty) -> None:
    party.spoilt["/locations"] = lambda request: envelope([{"id": request.url.params["offset"]}])
    with pytest.raises(Unavailable, match="more than 5 pages"):
        listed(party, page=1, most_pages=5)


def test_what_is_no_object_is_passed_over_and_said(party: FakeParty) -> None:
    party.spoilt["/locations"] = lambda request: envelope(["nonsense", *party.world.locations])
    assert listed(party) == (ALL, False)


@pytest.mark.parametrize("data", [None, {"id": "1"}, "text", 3])
def test_what_is_no_list_is_nonsense(party: FakeParty, data: Any) -> None:
    party.spoilt["/locations"] = lambda request: envelope(data)
    with pytest.raises(Unavailable, match="no list"):
        listed(party)


def test_a_list_that_is_not_there_says_nothing_of_single_things(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/locations"] = lambda request: httpx.Response(404, json={"detail": "Not Found"})
    with pytest.raises(Unavailable, match="no list of locations"):
        system.stations.station("4521")


def test_half_an_answer_is_not_taken_for_a_short_list(party: FakeParty) -> None:
    whole = envelope(party.world.locations).content
    party.spoilt["/locations"] = lambda request: httpx.Response(200, content=whole[: len(whole) // 2])
    with pytest.raises(Unavailable, match="no OCPI envelope"):
        listed(party)
