"""Charge points that speak OCPP 1.6, on real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ocpp.exceptions import InternalError, NotSupportedError
from ocpp.v16 import call

from bot.tools.values import ConnectorStatus, Done, Outcome, Refused, Unsure
from tests.bot.adapters.ocpp.simulator import RULES, Plugged, Running, running

AT = "2026-03-01T12:00:00Z"


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, "C1") as found:
        yield found


@pytest.fixture
def charger(gateway: Running) -> Plugged:
    plugged = gateway.plug()
    plugged.boot()
    return plugged


def status(word: str, error: str = "NoError", connector: int = 1) -> Any:
    return call.StatusNotification(connector_id=connector, error_code=error, status=word)


def start(tag: str = "04AB12CD") -> Any:
    return call.StartTransaction(connector_id=1, id_tag=tag, meter_start=0, timestamp=AT)


def test_a_charger_that_booted_is_connected(gateway: Running, charger: Plugged) -> None:
    found = gateway.chargers.charger("C1")
    assert (found.model, found.connected, found.connector) == ("Copper SB", True, None)
    assert found.booted_at is not None


def test_a_boot_is_accepted_with_the_interval_of_the_rules(charger: Plugged) -> None:
    answer = charger.boot()
    assert (answer.status, answer.interval) == ("Accepted", RULES.heartbeat_s)


def test_a_heartbeat_is_heard(gateway: Running, charger: Plugged) -> None:
    before = gateway.chargers.charger("C1").heard_at
    answer = charger.send(call.Heartbeat())
    after = gateway.chargers.charger("C1").heard_at
    assert before is not None
    assert after is not None
    assert after > before
    assert answer.current_time.endswith("Z")


@pytest.mark.parametrize("word", [each.value for each in ConnectorStatus])
def test_every_status_is_kept(gateway: Running, charger: Plugged, word: str) -> None:
    charger.send(status(word, "NoError"))
    connector = gateway.chargers.charger("C1").connector
    assert connector is not None
    assert connector.status == word


def test_the_error_is_kept(gateway: Running, charger: Plugged) -> None:
    charger.send(status("Faulted", "GroundFailure"))
    connector = gateway.chargers.charger("C1").connector
    assert connector is not None
    assert (connector.status, connector.error) == (ConnectorStatus.FAULTED, "GroundFailure")


def test_who_charges_is_known_by_the_card(gateway: Running, charger: Plugged) -> None:
    begun = charger.send(start())
    assert begun.id_tag_info["status"] == "Accepted"
    assert gateway.chargers.charger("C1").charging_by == "ane"
    charger.send(call.StopTransaction(meter_stop=9, timestamp=AT, transaction_id=begun.transaction_id))
    assert gateway.chargers.charger("C1").charging_by is None


def test_a_transaction_that_is_sent_twice_has_one_number(charger: Plugged) -> None:
    assert charger.send(start()).transaction_id == charger.send(start()).transaction_id


def test_the_end_of_an_unknown_transaction_is_acknowledged(charger: Plugged) -> None:
    assert charger.send(call.StopTransaction(meter_stop=9, timestamp=AT, transaction_id=4711)) is not None


@pytest.mark.parametrize(("tag", "told"), [("04ab12cd", "Accepted"), ("DEADBEEF", "Invalid")])
def test_a_card_may_charge_if_it_is_listed(charger: Plugged, tag: str, told: str) -> None:
    assert charger.send(call.Authorize(id_tag=tag)).id_tag_info["status"] == told


def test_a_message_that_is_not_served_is_answered_so(charger: Plugged) -> None:
    assert charger.send(call.DataTransfer(vendor_id="x")) is None
    assert charger.send(call.Heartbeat()) is not None


def test_a_reset_is_soft_and_accepted(gateway: Running, charger: Plugged) -> None:
    assert gateway.chargers.restart("C1", "key-1") == Done()
    assert charger.point.told == [("Reset", {"type": "Soft"})]


def test_the_same_key_resets_once(gateway: Running, charger: Plugged) -> None:
    assert gateway.chargers.restart("C1", "key-1") == gateway.chargers.restart("C1", "key-1") == Done()
    assert len(charger.point.told) == 1


def test_a_charger_that_was_reset_is_seen_to_come_back(gateway: Running, charger: Plugged) -> None:
    before = gateway.chargers.charger("C1").booted_at
    gateway.chargers.restart("C1", "key-1")
    charger.unplug()
    again = gateway.plug()
    again.boot()
    again.send(status("Available"))
    found = gateway.chargers.charger("C1")
    assert found.booted_at is not None
    assert before is not None
    assert found.booted_at > before
    assert found.connector is not None
    assert found.connector.status == ConnectorStatus.AVAILABLE


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("Rejected", Refused(reason="not_allowed")),
        (NotSupportedError(), Refused(reason="not_available")),
        (InternalError(), Unsure(reason="unclear_answer")),
        ("Perhaps", Unsure(reason="unclear_answer")),
        (None, Unsure(reason="no_answer")),
    ],
)
def test_the_answer_to_a_reset_decides(gateway: Running, charger: Plugged, answer: Any, outcome: Outcome) -> None:
    charger.point.answers["Reset"] = answer
    assert gateway.chargers.restart("C1", "key-1") == outcome


def test_nobody_is_cut_off_by_a_reset(gateway: Running, charger: Plugged) -> None:
    charger.send(start("DEADBEEF"))
    assert gateway.chargers.restart("C1", "key-1") == Refused(reason="in_use")
    assert charger.point.told == []


def test_a_charger_that_hung_up_is_not_told_anything(gateway: Running, charger: Plugged) -> None:
    charger.unplug()
    assert not gateway.chargers.charger("C1").connected
    assert gateway.chargers.restart("C1", "key-1") == Refused(reason="not_connected")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("Unlocked", Done()),
        ("UnlockFailed", Refused(reason="other")),
        ("NotSupported", Refused(reason="not_available")),
    ],
)
def test_a_connector_is_unlocked(gateway: Running, charger: Plugged, answer: str, outcome: Outcome) -> None:
    charger.point.answers["UnlockConnector"] = answer
    assert gateway.chargers.unlock("C1", "key-1", 2) == outcome
    assert charger.point.told == [("UnlockConnector", {"connector_id": 2})]


def test_a_message_is_asked_for(gateway: Running, charger: Plugged) -> None:
    assert gateway.chargers.trigger("C1", "StatusNotification", "key-1") == Done()
    assert charger.point.told == [("TriggerMessage", {"requested_message": "StatusNotification"})]
