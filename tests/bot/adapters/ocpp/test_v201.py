"""Charge points that speak OCPP 2.0.1, on real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ocpp.v201 import call
from ocpp.v201.datatypes import EVSEType, IdTokenType, TransactionType

from bot.tools.values import Done, Outcome, Refused
from tests.bot.adapters.ocpp.simulator import RULES, ChargePoint201, Plugged, Running, running

AT = "2026-03-01T12:00:00Z"
CARD = IdTokenType(id_token="04AB12CD", type="ISO14443")


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, "C1") as found:
        yield found


@pytest.fixture
def charger(gateway: Running) -> Plugged:
    plugged = gateway.plug(ChargePoint201)
    plugged.boot()
    return plugged


def status(word: str) -> Any:
    return call.StatusNotification(timestamp=AT, connector_status=word, evse_id=1, connector_id=1)


def event(kind: str, seq: int, charging: str | None = None, card: IdTokenType | None = None, **more: Any) -> Any:
    """An event of the one transaction; only the first names the EVSE, as the standard allows."""
    return call.TransactionEvent(
        event_type=kind,
        timestamp=AT,
        trigger_reason="ChargingStateChanged",
        seq_no=seq,
        transaction_info=TransactionType(transaction_id="t-1", charging_state=charging),
        evse=EVSEType(id=1, connector_id=1) if kind == "Started" else None,
        id_token=card,
        **more,
    )


def word(gateway: Running) -> str:
    """What the charger's connector is said to be."""
    connector = gateway.chargers.charger("C1").connector
    assert connector is not None
    return connector.status.value


def test_a_charger_that_booted_is_connected(gateway: Running, charger: Plugged) -> None:
    found = gateway.chargers.charger("C1")
    assert (found.model, found.connected, found.connector) == ("Copper SB", True, None)


def test_a_boot_is_accepted_with_the_interval_of_the_rules(charger: Plugged) -> None:
    answer = charger.boot()
    assert (answer.status, answer.interval) == ("Accepted", RULES.heartbeat_s)


def test_a_heartbeat_is_answered_with_the_time(charger: Plugged) -> None:
    assert charger.send(call.Heartbeat()).current_time.endswith("Z")


@pytest.mark.parametrize("given", ["Available", "Reserved", "Unavailable", "Faulted"])
def test_a_status_of_both_versions_is_kept(gateway: Running, charger: Plugged, given: str) -> None:
    charger.send(status(given))
    assert word(gateway) == given


def test_a_defect_is_one_though_it_has_no_name(gateway: Running, charger: Plugged) -> None:
    charger.send(status("Faulted"))
    connector = gateway.chargers.charger("C1").connector
    assert connector is not None
    assert connector.error == "OtherError"


def test_occupied_without_a_transaction_is_preparing(gateway: Running, charger: Plugged) -> None:
    charger.send(status("Occupied"))
    assert word(gateway) == "Preparing"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("EVConnected", "Preparing"),
        ("Charging", "Charging"),
        ("SuspendedEV", "SuspendedEV"),
        ("SuspendedEVSE", "SuspendedEVSE"),
        ("Idle", "Finishing"),
    ],
)
def test_the_transaction_tells_what_occupied_means(
    gateway: Running, charger: Plugged, state: str, expected: str
) -> None:
    charger.send(status("Occupied"))
    charger.send(event("Started", 0, "EVConnected"))
    charger.send(event("Updated", 1, state))
    assert word(gateway) == expected
    charger.send(status("Occupied"))
    assert word(gateway) == expected


def test_a_transaction_before_the_status_counts_too(gateway: Running, charger: Plugged) -> None:
    charger.send(status("Available"))
    charger.send(event("Started", 0, "Charging"))
    assert word(gateway) == "Charging"


def test_after_the_transaction_the_cable_is_still_in(gateway: Running, charger: Plugged) -> None:
    charger.send(event("Started", 0, "Charging"))
    charger.send(event("Ended", 1))
    assert word(gateway) == "Finishing"
    charger.send(status("Available"))
    assert word(gateway) == "Available"


def test_an_end_after_the_cable_was_pulled_leaves_it_free(gateway: Running, charger: Plugged) -> None:
    charger.send(event("Started", 0, "Charging"))
    charger.send(status("Available"))
    charger.send(event("Ended", 1))
    assert word(gateway) == "Available"


def test_a_defect_stands_above_a_transaction(gateway: Running, charger: Plugged) -> None:
    charger.send(status("Faulted"))
    charger.send(event("Started", 0, "Charging"))
    assert word(gateway) == "Faulted"


def test_what_happened_offline_is_not_how_it_is_now(gateway: Running, charger: Plugged) -> None:
    charger.send(status("Available"))
    charger.send(event("Started", 0, "Charging", offline=True))
    assert word(gateway) == "Available"


def test_who_charges_may_be_told_later_and_until_the_end(gateway: Running, charger: Plugged) -> None:
    charger.send(event("Started", 0, "EVConnected"))
    assert gateway.chargers.charger("C1").charging_by is None
    told = charger.send(event("Updated", 1, "Charging", CARD))
    assert told.id_token_info["status"] == "Accepted"
    assert gateway.chargers.charger("C1").charging_by == "ane"
    charger.send(event("Ended", 2))
    assert gateway.chargers.charger("C1").charging_by is None


def test_an_event_that_is_sent_again_changes_nothing(gateway: Running, charger: Plugged) -> None:
    charger.send(event("Started", 0, "Charging"))
    charger.send(event("Ended", 2))
    charger.send(event("Updated", 1, "Charging"))
    assert word(gateway) == "Finishing"
    assert not gateway.state.in_use("C1")


@pytest.mark.parametrize(
    ("card", "told"),
    [
        (CARD, "Accepted"),
        (IdTokenType(id_token="DEADBEEF", type="ISO14443"), "Invalid"),
        (IdTokenType(id_token="", type="NoAuthorization"), "Accepted"),
    ],
)
def test_a_card_may_charge_if_it_is_listed(charger: Plugged, card: IdTokenType, told: str) -> None:
    assert charger.send(call.Authorize(id_token=card)).id_token_info["status"] == told


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("Accepted", Done()), ("Scheduled", Done()), ("Rejected", Refused(reason="not_allowed"))],
)
def test_a_reset_waits_until_nobody_charges(gateway: Running, charger: Plugged, answer: str, outcome: Outcome) -> None:
    charger.point.answers["Reset"] = answer
    assert gateway.chargers.restart("C1", "key-1") == outcome
    assert charger.point.told == [("Reset", {"type": "OnIdle"})]


def test_nobody_is_cut_off_by_a_reset(gateway: Running, charger: Plugged) -> None:
    charger.send(event("Started", 0))
    assert gateway.chargers.restart("C1", "key-1") == Refused(reason="in_use")
    assert charger.point.told == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("Unlocked", Done()),
        ("OngoingAuthorizedTransaction", Refused(reason="in_use")),
        ("UnknownConnector", Refused(reason="unknown_target")),
    ],
)
def test_an_evse_is_unlocked(gateway: Running, charger: Plugged, answer: str, outcome: Outcome) -> None:
    charger.point.answers["UnlockConnector"] = answer
    assert gateway.chargers.unlock("C1", "key-1", 2) == outcome
    assert charger.point.told == [("UnlockConnector", {"evse_id": 2, "connector_id": 1})]


def test_a_message_is_asked_for(gateway: Running, charger: Plugged) -> None:
    assert gateway.chargers.trigger("C1", "StatusNotification", "key-1") == Done()
    assert charger.point.told == [("TriggerMessage", {"requested_message": "StatusNotification"})]
