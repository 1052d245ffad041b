"""Commands: sent once, answered at once, carried out later."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from bot.adapters.ocpi.system import OcpiSystem
from bot.errors import NotFound, Unavailable
from bot.tools.values import Done, Outcome, RefusalReason, Refused, Unsure
from tests.bot.adapters.ocpi.party import FakeParty, envelope


def stop(system: OcpiSystem, key: str = "key") -> Outcome:
    return system.commands.stop_session("S-50001", key)


def test_done_is_what_the_charge_point_accepted(system: OcpiSystem) -> None:
    assert stop(system) == Done()


def test_the_result_is_wanted_at_an_address_that_holds_once(system: OcpiSystem, party: FakeParty) -> None:
    for key in ("one", "two"):
        stop(system, key)
    urls = [each["data"]["response_url"] for each in party.world.received]
    assert all(each.startswith("https://plugdesk.example/ocpi/commands/") for each in urls)
    assert len({each.rsplit("/", 1)[-1] for each in urls}) == 2
    assert all(len(each.rsplit("/", 1)[-1]) >= 32 and len(each) <= 255 for each in urls)


@pytest.mark.parametrize(
    ("response", "outcome"),
    [("REJECTED", Refused(reason=RefusalReason.OTHER)), ("NOT_SUPPORTED", Refused(reason=RefusalReason.NOT_AVAILABLE))],
)
def test_what_the_operator_refuses_is_refused(
    system: OcpiSystem, party: FakeParty, response: str, outcome: Outcome
) -> None:
    party.world.commands["STOP_SESSION"] = {"response": response}
    assert stop(system) == outcome


def test_a_session_that_the_operator_does_not_know_is_not_found(system: OcpiSystem, party: FakeParty) -> None:
    party.world.commands["STOP_SESSION"] = {"response": "UNKNOWN_SESSION"}
    with pytest.raises(NotFound):
        stop(system)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ("REJECTED", RefusalReason.OTHER),
        ("NOT_SUPPORTED", RefusalReason.NOT_AVAILABLE),
        ("FAILED", RefusalReason.OTHER),
        ("EVSE_OCCUPIED", RefusalReason.IN_USE),
        ("EVSE_INOPERATIVE", RefusalReason.NOT_AVAILABLE),
    ],
)
def test_what_the_charge_point_refuses_is_refused(
    system: OcpiSystem, party: FakeParty, result: str, reason: RefusalReason
) -> None:
    party.world.commands["STOP_SESSION"] = {"result": result}
    assert stop(system) == Refused(reason=reason)


@pytest.mark.parametrize("result", [None, "TIMEOUT", "UNKNOWN_RESERVATION", "PERHAPS"])
def test_without_a_clear_result_the_outcome_is_open(system: OcpiSystem, party: FakeParty, result: str | None) -> None:
    party.world.commands["STOP_SESSION"] = {"result": result}
    assert isinstance(stop(system), Unsure)


def test_a_word_that_is_no_response_leaves_it_open(system: OcpiSystem, party: FakeParty) -> None:
    party.world.commands["STOP_SESSION"] = {"response": "OKAY"}
    assert isinstance(stop(system), Unsure)


SPOILT: dict[str, tuple[Callable[[httpx.Request], httpx.Response], bool]] = {
    "500": (lambda request: httpx.Response(500), True),
    "envelope": (lambda request: httpx.Response(200, text="<html>"), True),
    "result": (lambda request: envelope({"timeout": 3}), True),
    "3000": (lambda request: envelope([{"result": "REJECTED", "timeout": 0}], code=3000), True),
    "2001": (lambda request: envelope(code=2001), False),
    "token": (lambda request: httpx.Response(401, json={"detail": "no"}), False),
    "answered 404": (lambda request: httpx.Response(404, json={"detail": "Not Found"}), False),
    "307": (lambda request: httpx.Response(307, headers={"Location": "/ocpi/commands/STOP_SESSION/"}), False),
}


@pytest.mark.parametrize("reason", sorted(SPOILT))
def test_a_bad_answer_tells_whether_it_may_have_arrived(system: OcpiSystem, party: FakeParty, reason: str) -> None:
    party.spoilt["/STOP_SESSION"], sent = SPOILT[reason]
    with pytest.raises(Unavailable, match=reason) as caught:
        stop(system)
    assert caught.value.sent is sent


def test_nothing_is_sent_twice(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/STOP_SESSION"] = lambda request: httpx.Response(500)
    for _ in range(2):
        with pytest.raises(Unavailable):
            stop(system)
    assert len(party.paths("POST")) == 1


def test_the_same_key_has_the_same_outcome_and_is_sent_once(system: OcpiSystem, party: FakeParty) -> None:
    assert stop(system) == stop(system)
    assert len(party.paths("POST")) == 1


def test_what_certainly_did_not_arrive_may_be_sent_again(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/STOP_SESSION"] = lambda request: httpx.Response(401, json={"detail": "no"})
    with pytest.raises(Unavailable):
        stop(system)
    party.spoilt.clear()
    assert stop(system) == Done()


def test_an_unlock_names_the_only_connector(system: OcpiSystem, party: FakeParty) -> None:
    assert system.commands.unlock_connector("4521", "key") == Done()
    data = party.world.received[-1]["data"]
    assert (data["location_id"], data["evse_uid"], data["connector_id"]) == ("LOC-SEEFELD", "EV-4521", "1")


def test_an_unlock_at_a_station_with_several_connectors_must_say_which(system: OcpiSystem, party: FakeParty) -> None:
    with pytest.raises(NotFound, match="1, 2"):
        system.commands.unlock_connector("4512", "one")
    assert system.commands.unlock_connector("4512", "two", connector="2") == Done()
    assert [each["data"]["connector_id"] for each in party.world.received] == ["2"]


@pytest.mark.parametrize(("station", "connector"), [("9999", None), ("4521", "7")])
def test_what_there_is_not_cannot_be_unlocked(
    system: OcpiSystem, party: FakeParty, station: str, connector: str | None
) -> None:
    with pytest.raises(NotFound):
        system.commands.unlock_connector(station, "key", connector)
    assert party.world.received == []


def test_where_the_station_cannot_be_read_nothing_was_sent(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/EV-4521"] = lambda request: httpx.Response(500)
    with pytest.raises(Unavailable) as caught:
        system.commands.unlock_connector("4521", "key")
    assert not caught.value.sent


def test_a_location_that_the_operator_does_not_know_is_not_found(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/UNLOCK_CONNECTOR"] = lambda request: envelope([{"result": "REJECTED", "timeout": 0}], code=2003)
    with pytest.raises(NotFound):
        system.commands.unlock_connector("4521", "key")


def test_a_session_starts_with_the_whole_token(system: OcpiSystem, party: FakeParty) -> None:
    assert system.commands.start_session("0412ab77", "4521", "key") == Done()
    data = party.world.received[-1]["data"]
    assert (data["location_id"], data["evse_uid"]) == ("LOC-SEEFELD", "EV-4521")
    assert data["token"] == {name: value for name, value in party.world.tokens[0].items() if value is not None}


def test_no_session_starts_with_a_token_that_there_is_not(system: OcpiSystem, party: FakeParty) -> None:
    with pytest.raises(NotFound):
        system.commands.start_session("FFFF", "4521", "key")
    assert party.world.received == []
