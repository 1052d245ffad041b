"""Finding an EVSE by what drivers type."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.adapters.ocpi.client import OcpiClient
from bot.adapters.ocpi.directory import Directory
from bot.adapters.ocpi.evse_ids import canonical
from bot.adapters.ocpi.http import OcpiHttp
from bot.errors import NotFound, Unavailable
from tests.bot.adapters.ocpi.party import FakeParty, a_connection, rules


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def directory(party: FakeParty, clock: Hands) -> Directory:
    client = OcpiClient(a_connection(), rules(), OcpiHttp(a_connection(), rules(), party))
    return Directory(client, lambda task: task(), clock)


def an_evse(party: FakeParty, **changes: Any) -> dict[str, Any]:
    """One more EVSE of the second location."""
    found = copy.deepcopy(party.world.locations[0]["evses"][0])
    found.update(changes)
    party.world.locations[1]["evses"].append(found)
    return found


def uid(directory: Directory, station: str) -> str:
    return directory.find(station).evse.uid


@pytest.mark.parametrize(
    "called",
    [
        "4521",
        " 4521 ",
        "CH*EPO*E4521",
        "ch*epo*e4521",
        "CHEPOE4521",
        "CH-EPO-E4521",
        "CH EPO E4521",
        "EV-4521",
        "ev-4521",
    ],
)
def test_an_evse_is_found_by_whatever_it_is_called(directory: Directory, called: str) -> None:
    assert uid(directory, called) == "EV-4521"


@pytest.mark.parametrize("called", ["", "45", "45210", "E4521", "*", "None"])
def test_what_is_only_like_it_is_not_found(directory: Directory, called: str) -> None:
    with pytest.raises(NotFound):
        directory.find(called)


def test_ids_in_small_letters_are_the_same_ids(directory: Directory, party: FakeParty) -> None:
    an_evse(party, uid="ev-9", evse_id="it*cpi*e9", physical_reference="a9")
    assert uid(directory, "IT*CPI*E9") == uid(directory, "A9") == uid(directory, "EV-9") == "ev-9"


def test_a_number_of_the_wrong_type_is_still_the_number(directory: Directory, party: FakeParty) -> None:
    an_evse(party, uid="x", evse_id=None, physical_reference=8811)
    assert uid(directory, "8811") == "x"


def test_a_number_that_several_bear_is_not_guessed(directory: Directory, party: FakeParty) -> None:
    an_evse(party, uid="x", evse_id="IT*CPI*E1")
    with pytest.raises(NotFound, match=r"CH\*EPO\*E4521, IT\*CPI\*E1"):
        directory.find("4521")


def test_a_number_passes_from_what_was_taken_away_to_what_stands_there(directory: Directory, party: FakeParty) -> None:
    an_evse(party, uid="x", evse_id="IT*CPI*E1", status="REMOVED")
    assert uid(directory, "4521") == "EV-4521"


def test_what_was_taken_away_is_found_where_nothing_came_instead(directory: Directory, party: FakeParty) -> None:
    an_evse(party, uid="x", evse_id="IT*CPI*E1", physical_reference="1", status="REMOVED")
    assert uid(directory, "1") == "x"


def test_the_list_is_read_once_for_many_stations(directory: Directory, party: FakeParty) -> None:
    for called in ("4521", "4512", "7781"):
        directory.find(called)
    assert party.paths().count("locations") == 1


def test_a_new_station_is_found_once_the_list_may_be_read_again(
    directory: Directory, party: FakeParty, clock: Hands
) -> None:
    directory.find("4521")
    an_evse(party, uid="x", evse_id="IT*CPI*E1", physical_reference="1")
    clock.at = 30
    with pytest.raises(NotFound):
        directory.find("1")
    clock.at = 61
    assert uid(directory, "1") == "x"


def test_typing_errors_do_not_have_the_list_read_each_time(directory: Directory, party: FakeParty) -> None:
    for called in ("1", "2", "3"):
        with pytest.raises(NotFound):
            directory.find(called)
    assert party.paths().count("locations") == 1


def test_a_station_that_a_broken_location_may_hide_is_not_denied(directory: Directory, party: FakeParty) -> None:
    del party.world.locations[1]["id"]
    assert uid(directory, "4521") == "EV-4521"
    with pytest.raises(Unavailable, match="not whole"):
        directory.find("7781")


def test_a_station_that_a_missing_page_may_hide_is_not_denied(directory: Directory, party: FakeParty) -> None:
    party.headers = lambda offset, limit, total: {"X-Total-Count": "99"}
    with pytest.raises(Unavailable, match="not whole"):
        directory.find("9999")


@pytest.mark.parametrize("nothing", [None, []])
def test_a_location_may_have_no_evses(directory: Directory, party: FakeParty, nothing: Any) -> None:
    party.world.locations[1]["evses"] = nothing
    with pytest.raises(NotFound):
        directory.find("7781")


def test_an_evse_is_found_as_sessions_name_it(directory: Directory) -> None:
    found = directory.at("loc-seefeld", "ev-4512")
    assert found is not None
    assert found.evse.physical_reference == "4512"
    assert directory.at("LOC-MILANO", "EV-4512") is None


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("ch*epo*e4521", "CH*EPO*E4521"),
        ("CHEPOE4521", "CH*EPO*E4521"),
        ("IT*CPI*E77*1", "IT*CPI*E77*1"),
        ("de-8aa-e1", "DE*8AA*E1"),
        ("some-uid", "SOME-UID"),
    ],
)
def test_an_evse_id_is_written_in_one_way(sent: str, written: str) -> None:
    assert canonical(sent) == written
