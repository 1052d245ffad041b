"""What the gateway lets in, what it drops, and what it survives."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ocpp.v16 import call
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.adapters.ocpp.orders import Action, Order
from bot.errors import SettingsError
from bot.tools.values import Done, Refused, Unsure
from tests.bot.adapters.ocpp.simulator import PASSWORD, RULES, ChargePoint201, Running, authorization, running


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, "C1", "C2") as found:
        yield found


def dial(
    gateway: Running, path: str = "/C1", user: str = "C1", password: str = PASSWORD, protocols: Any = ("ocpp1.6",)
) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{gateway.port}{path}",
        subprotocols=protocols,
        additional_headers=authorization(user, password),
        proxy=None,
    )


@pytest.fixture
def line(gateway: Running) -> Iterator[ClientConnection]:
    """A connection that sends whatever it likes."""
    with dial(gateway) as found:
        yield found


def answered(line: ClientConnection, frame: str) -> Any:
    line.send(frame)
    return json.loads(line.recv(5))


def lives(line: ClientConnection) -> bool:
    return bool(answered(line, '[2, "alive", "Heartbeat", {}]')[:2] == [3, "alive"])


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["ocpp1.6"], "ocpp1.6"), (["ocpp2.0.1"], "ocpp2.0.1"), (["ocpp1.6", "ocpp2.1", "ocpp2.0.1"], "ocpp2.0.1")],
)
def test_the_newest_version_of_both_is_spoken(gateway: Running, offered: list[str], chosen: str) -> None:
    with dial(gateway, protocols=offered) as line:
        assert line.subprotocol == chosen


@pytest.mark.parametrize("offered", [None, ["ocpp1.5"]])
def test_without_a_version_in_common_there_is_no_connection(gateway: Running, offered: list[str] | None) -> None:
    with pytest.raises(InvalidStatus) as raised:
        dial(gateway, protocols=offered)
    assert raised.value.response.status_code == 400


@pytest.mark.parametrize(
    ("path", "user", "password"),
    [
        ("/C1", "C1", "another-password-1"),
        ("/C1", "C1", ""),
        ("/C3", "C3", PASSWORD),
        ("/C2", "C1", PASSWORD),
        ("/", "C1", PASSWORD),
        ("/C1", "", ""),
    ],
)
def test_a_stranger_is_not_let_in(gateway: Running, path: str, user: str, password: str) -> None:
    with pytest.raises(InvalidStatus) as raised:
        dial(gateway, path, user, password)
    assert raised.value.response.status_code == 401
    assert not gateway.chargers.charger("C1").connected


def test_who_shows_no_password_is_asked_for_one(gateway: Running) -> None:
    with pytest.raises(InvalidStatus) as raised:
        connect(f"ws://127.0.0.1:{gateway.port}/C1", proxy=None)
    assert raised.value.response.headers["WWW-Authenticate"].startswith("Basic")


def test_a_charger_may_stand_anywhere_in_the_address(gateway: Running) -> None:
    with dial(gateway, "/ocpp/v1/C1?x=1") as line:
        assert lives(line)


def test_a_charger_that_is_added_while_the_gateway_runs_is_let_in(gateway: Running) -> None:
    gateway.state.add("C3", gateway.state.password("C1") or "")
    with dial(gateway, "/C3", "C3") as line:
        assert lives(line)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "no json",
        "{}",
        "[]",
        "[2]",
        '[2, "1"]',
        "[7, 1, 2]",
        '[[2], "1", "Heartbeat", {}]',
        '[2, "1", {"a": 1}, {}]',
        "[" * 10_000,
        '[3, "1", {}]',
        '[4, "1", "InternalError", "", {}]',
        b"\xff\xfe",
    ],
    ids=range(13),
)
def test_a_frame_that_is_none_is_dropped(line: ClientConnection, frame: str | bytes) -> None:
    line.send(frame)
    assert lives(line)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('[2, "1", "NoSuchAction", {}]', "NotSupported"),
        ('[2, "1", "GetDiagnostics", {"location": "x"}]', "NotImplemented"),
        ('[2, "1", "BootNotification", {"chargePointVendor": "Maker"}]', "ProtocolError"),
        (
            '[2, "1", "BootNotification", {"chargePointVendor": 1, "chargePointModel": "x"}]',
            "TypeConstraintViolation",
        ),
        ('[2, "1", "Heartbeat", {"more": 1}]', "FormatViolation"),
        ('[2, "1", "Heartbeat", []]', "TypeConstraintViolation"),
        ('[2, "1", "StatusNotification", {"connectorId": 1, "errorCode": "Boom", "status": "x"}]', "FormatViolation"),
        (
            '[2, "1", "StopTransaction", {"transactionId": 9223372036854775808, "meterStop": 1, "timestamp": "x"}]',
            "InternalError",
        ),
    ],
)
def test_a_message_that_breaks_the_standard_is_answered_with_an_error(
    line: ClientConnection, frame: str, code: str
) -> None:
    answer = answered(line, frame)
    assert answer[:3] == [4, "1", code]
    assert lives(line)


def test_the_same_message_id_again_is_answered_again(line: ClientConnection) -> None:
    assert lives(line)
    assert lives(line)


def test_an_answer_that_nobody_asked_for_is_not_taken_for_a_later_one(gateway: Running, line: ClientConnection) -> None:
    for _ in range(50):
        line.send('[3, "old", {"status": "Accepted"}]')
    assert lives(line)
    assert gateway.chargers.restart("C1", "key-1") == Unsure(reason="no_answer")


def test_a_message_that_is_too_long_ends_only_its_connection(gateway: Running, line: ClientConnection) -> None:
    with dial(gateway, "/C2", "C2") as other:
        line.send(json.dumps([2, "1", "Heartbeat", {"x": "x" * RULES.largest_bytes}]))
        with pytest.raises(ConnectionClosed) as raised:
            line.recv(5)
        assert raised.value.rcvd is not None
        assert raised.value.rcvd.code == 1009
        assert lives(other)


def test_the_newest_connection_of_a_charger_wins(gateway: Running) -> None:
    older = gateway.plug()
    older.boot()
    newer = gateway.plug(ChargePoint201)
    newer.boot("Newer")
    older.wait_gone()
    assert gateway.chargers.charger("C1").connected
    gateway.chargers.restart("C1", "key-1")
    assert (older.point.told, newer.point.told) == ([], [("Reset", {"type": "OnIdle"})])


def test_a_connection_that_breaks_is_noticed(gateway: Running) -> None:
    charger = gateway.plug()
    charger.boot()
    charger.break_off()
    assert within(5, lambda: not gateway.chargers.charger("C1").connected)
    assert gateway.chargers.restart("C1", "key-1") == Refused(reason="not_connected")


def test_an_order_for_a_charger_that_never_came_is_refused(gateway: Running) -> None:
    assert gateway.chargers.restart("C2", "key-1") == Refused(reason="not_connected")


def test_two_orders_at_once_are_both_carried_out(gateway: Running) -> None:
    charger = gateway.plug()
    charger.boot()
    gateway.orders.put(Order("key-1", "C1", Action.UNLOCK, "1"), 2)
    gateway.orders.put(Order("key-2", "C1", Action.UNLOCK, "2"), 2)
    assert within(5, lambda: gateway.orders.outcome("key-1") == gateway.orders.outcome("key-2") == Done())
    assert sorted(fields["connector_id"] for _, fields in charger.point.told) == [1, 2]


def test_a_second_gateway_on_the_same_database_does_not_start(gateway: Running, tmp_path: Path) -> None:
    from bot.adapters.ocpp.database import OcppDatabase
    from bot.adapters.ocpp.gateway import Gateway
    from bot.adapters.ocpp.people import People

    database = OcppDatabase(tmp_path / "ocpp.db")
    with pytest.raises(SettingsError, match="Another gateway"):
        gateway.do(_one_more(Gateway(database, People(), RULES)))
    database.close()
    assert gateway.chargers.charger("C1") is not None


async def _one_more(gateway: Any) -> None:
    await gateway.run("127.0.0.1", 0, print)


def test_after_a_restart_of_the_gateway_chargers_come_again(tmp_path: Path) -> None:
    with running(tmp_path, "C1") as first:
        first.plug().boot()
    with running(tmp_path, "C1") as second:
        assert not second.chargers.charger("C1").connected
        second.plug().send(call.Heartbeat())
        assert second.chargers.charger("C1").connected


def test_what_a_gateway_had_taken_when_it_stopped_is_not_sent_by_the_next(tmp_path: Path) -> None:
    with running(tmp_path, "C1") as first:
        charger = first.plug()
        charger.boot()
        charger.point.answers["Reset"] = None
        first.orders.put(Order("key-1", "C1", Action.RESET), 2)
        assert within(5, lambda: bool(charger.point.told))
    with running(tmp_path, "C1") as second:
        again = second.plug()
        again.boot()
        assert second.chargers.restart("C1", "key-1") == Unsure(reason="gateway_stopped")
        assert again.point.told == []


def test_no_card_and_no_password_stands_in_the_log(
    gateway: Running, line: ClientConnection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answered(line, '[2, "1", "Authorize", {"idTag": "04AB12CD"}]')
    answered(line, '[2, "1", "Authorize", {"idTag": "04AB12CD", "more": 1}]')
    line.send('[2, "1", "Authorize", {"idTag": "04AB12CD"')
    assert lives(line)
    with pytest.raises(InvalidStatus):
        dial(gateway, password="wrong-password-of-tests")
    assert "Authorize" in caplog.text
    assert [word for word in ("04AB12CD", PASSWORD, "wrong-password") if word in caplog.text] == []
