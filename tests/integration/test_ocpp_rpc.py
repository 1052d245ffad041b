"""The OCPP gateway against a charge point that this project did not write; see .ci/ocpp-rpc."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.tools.values import Charger, ConnectorStatus, Done
from tests.bot.adapters.ocpp.simulator import PASSWORD, Running, running

INSTALLED = os.environ.get("PLUGDESK_TEST_OCPP_RPC", "")
SCRIPT = Path(__file__).parent / "ocpp_rpc" / "charge_point.js"
pytestmark = [
    pytest.mark.ocpp_rpc,
    pytest.mark.skipif(not INSTALLED, reason="PLUGDESK_TEST_OCPP_RPC is not set; .ci/ocpp-rpc installs and prints it"),
]
AT = "2026-03-01T12:00:00Z"
BOOTS: dict[str, Any] = {
    "ocpp1.6": {"chargePointVendor": "Maker", "chargePointModel": "Copper SB"},
    "ocpp2.0.1": {"chargingStation": {"vendorName": "Maker", "model": "Copper SB"}, "reason": "PowerUp"},
}
STATUSES: dict[str, Any] = {
    "ocpp1.6": {"connectorId": 1, "errorCode": "NoError", "status": "Available"},
    "ocpp2.0.1": {"timestamp": AT, "connectorStatus": "Available", "evseId": 1, "connectorId": 1},
}
RESETS = {"ocpp1.6": {"type": "Soft"}, "ocpp2.0.1": {"type": "OnIdle"}}


class Node:
    """A charge point in a process of its own. Whatever it holds against our messages fails the test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.told: list[Any] = []

    def write(self, **line: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def read(self, wanted: str) -> Any:
        """The next of that kind of lines; what the gateway asked for meanwhile is kept."""
        assert self._process.stdout is not None
        for text in self._process.stdout:
            line = json.loads(text)
            assert "invalid" not in line, line
            if wanted in line:
                return line[wanted]
            assert "told" in line, line
            self.told.append(line["told"])
        raise AssertionError(f"It ended without {wanted}.")

    def call(self, action: str, payload: Any) -> Any:
        self.write(call=[action, payload])
        return self.read("result")


@contextmanager
def plugged(gateway: Running, protocol: str) -> Iterator[Node]:
    options = {"endpoint": f"ws://127.0.0.1:{gateway.port}", "identity": "C1", "password": PASSWORD}
    process = subprocess.Popen(
        ["node", str(SCRIPT), json.dumps({**options, "protocols": [protocol]})],
        env={**os.environ, "NODE_PATH": str(Path(INSTALLED) / "node_modules")},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        node = Node(process)
        assert node.read("connected") == protocol
        yield node
    finally:
        process.communicate(timeout=10)


@pytest.fixture(params=sorted(BOOTS))
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, "C1") as found:
        yield found


def seen(gateway: Running) -> Charger:
    return gateway.chargers.charger("C1")


def status(gateway: Running) -> ConnectorStatus | None:
    connector = seen(gateway).connector
    return connector.status if connector else None


def test_boot_heartbeat_and_status_are_taken_and_answered_by_the_standard(gateway: Running, protocol: str) -> None:
    with plugged(gateway, protocol) as node:
        assert node.call("BootNotification", BOOTS[protocol])["status"] == "Accepted"
        assert node.call("Heartbeat", {})["currentTime"]
        assert node.call("StatusNotification", STATUSES[protocol]) == {}
        assert (seen(gateway).model, seen(gateway).connected) == ("Copper SB", True)
        assert status(gateway) == ConnectorStatus.AVAILABLE
    assert not seen(gateway).connected


def test_a_transaction_of_1_6_runs_from_its_start_to_its_end(gateway: Running) -> None:
    with plugged(gateway, "ocpp1.6") as node:
        node.call("BootNotification", BOOTS["ocpp1.6"])
        assert node.call("Authorize", {"idTag": "04AB12CD"}) == {"idTagInfo": {"status": "Accepted"}}
        start = {"connectorId": 1, "idTag": "04AB12CD", "meterStart": 0, "timestamp": AT}
        begun = node.call("StartTransaction", start)
        assert seen(gateway).charging_by == "ane"
        values = [{"timestamp": AT, "sampledValue": [{"value": "450"}]}]
        assert node.call("MeterValues", {"connectorId": 1, "meterValue": values}) == {}
        stop = {"transactionId": begun["transactionId"], "meterStop": 900, "timestamp": AT}
        assert node.call("StopTransaction", stop) == {}
        assert seen(gateway).charging_by is None


def test_a_transaction_of_2_0_1_runs_from_its_start_to_its_end(gateway: Running) -> None:
    with plugged(gateway, "ocpp2.0.1") as node:
        node.call("BootNotification", BOOTS["ocpp2.0.1"])
        card = {"idToken": "04AB12CD", "type": "ISO14443"}
        assert node.call("Authorize", {"idToken": card}) == {"idTokenInfo": {"status": "Accepted"}}
        event = {
            "eventType": "Started",
            "timestamp": AT,
            "triggerReason": "Authorized",
            "seqNo": 0,
            "transactionInfo": {"transactionId": "t-1", "chargingState": "SuspendedEV"},
            "evse": {"id": 1, "connectorId": 1},
        }
        assert node.call("TransactionEvent", {**event, "idToken": card})["idTokenInfo"] == {"status": "Accepted"}
        assert (seen(gateway).charging_by, status(gateway)) == ("ane", ConnectorStatus.SUSPENDED_EV)
        ended = {**event, "eventType": "Ended", "seqNo": 1, "transactionInfo": {"transactionId": "t-1"}}
        assert node.call("TransactionEvent", ended) == {}
        assert (seen(gateway).charging_by, status(gateway)) == (None, ConnectorStatus.FINISHING)


def test_a_charger_that_is_reset_boots_again(gateway: Running, protocol: str) -> None:
    with plugged(gateway, protocol) as node:
        node.call("BootNotification", BOOTS[protocol])
        before = seen(gateway).booted_at
        assert gateway.chargers.restart("C1", "key-1") == Done()
        node.call("Heartbeat", {})
        assert node.told == [["Reset", RESETS[protocol]]]
    with plugged(gateway, protocol) as node:
        node.call("BootNotification", BOOTS[protocol])
        node.call("StatusNotification", STATUSES[protocol])
        after = seen(gateway).booted_at
    assert before is not None
    assert after is not None
    assert after > before


def test_unlock_and_trigger_are_asked_for_by_the_standard(gateway: Running, protocol: str) -> None:
    with plugged(gateway, protocol) as node:
        node.call("BootNotification", BOOTS[protocol])
        assert gateway.chargers.unlock("C1", "key-1") == Done()
        assert gateway.chargers.trigger("C1", "StatusNotification", "key-2") == Done()
        node.call("Heartbeat", {})
        assert [action for action, _ in node.told] == ["UnlockConnector", "TriggerMessage"]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "ProtocolError"),
        ({"chargePointVendor": 1, "chargePointModel": "x"}, "TypeConstraintViolation"),
        ({**BOOTS["ocpp1.6"], "more": 1}, "FormatViolation"),
    ],
)
def test_a_message_that_breaks_the_schema_is_answered_with_an_error(gateway: Running, payload: Any, code: str) -> None:
    with plugged(gateway, "ocpp1.6") as node:
        node.write(raw=[2, "broken", "BootNotification", payload])
        kind, unique_id, told, description, details = node.read("raw")
        assert (kind, unique_id, told) == (4, "broken", code)
        assert (type(description), type(details)) == (str, dict)
        assert seen(gateway).booted_at is None
        assert node.call("BootNotification", BOOTS["ocpp1.6"])["status"] == "Accepted"


def test_an_action_that_there_is_not_is_answered_so(gateway: Running, protocol: str) -> None:
    with plugged(gateway, protocol) as node:
        node.write(raw=[2, "broken", "MakeCoffee", {}])
        assert node.read("raw")[:3] == [4, "broken", "NotSupported"]
