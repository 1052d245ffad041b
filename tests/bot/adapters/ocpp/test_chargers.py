"""The port over the shared file; the gateway's part is played by the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters.ocpp.chargers import OcppChargers
from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.orders import Action, Order, Orders
from bot.adapters.ocpp.people import People
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState
from bot.errors import NotFound, Unavailable
from bot.tools.values import Done, Outcome, Refused, Unsure
from tests.bot.adapters.ocpp.conftest import StillClock

PEOPLE = People.model_validate({"chargers": {"C1": {"users": {"ane": "super-administrator"}}}})


@pytest.fixture
def chargers(database: OcppDatabase, state: OcppState, rules: OcppRules) -> OcppChargers:
    return OcppChargers(database, PEOPLE, rules)


@contextmanager
def gateway(orders: Orders, outcome: Outcome | None) -> Iterator[list[Order]]:
    """Takes orders and settles them so; what it took."""
    taken: list[Order] = []
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            for order in orders.take():
                taken.append(order)
                if outcome is not None:
                    orders.settle(order.key, outcome)
            time.sleep(0.01)

    thread = threading.Thread(target=work)
    thread.start()
    yield taken
    over.set()
    thread.join()


def test_an_order_reaches_the_gateway_and_its_outcome_comes_back(chargers: OcppChargers, orders: Orders) -> None:
    with gateway(orders, Done()) as taken:
        assert chargers.restart("C1", "key-1") == Done()
    assert taken == [Order("key-1", "C1", Action.RESET)]


def test_the_same_key_again_is_answered_without_a_second_order(chargers: OcppChargers, orders: Orders) -> None:
    with gateway(orders, Refused(reason="in_use")) as taken:
        assert chargers.restart("C1", "key-1") == chargers.restart("C1", "key-1") == Refused(reason="in_use")
    assert len(taken) == 1


def test_unlock_and_trigger_carry_what_they_are_about(chargers: OcppChargers, orders: Orders) -> None:
    with gateway(orders, Done()) as taken:
        chargers.unlock("C1", "key-1", 2)
        chargers.trigger("C1", "StatusNotification", "key-2")
    assert [(each.action, each.argument) for each in taken] == [
        (Action.UNLOCK, "2"),
        (Action.TRIGGER, "StatusNotification"),
    ]


def test_an_order_that_nobody_takes_is_withdrawn(chargers: OcppChargers, orders: Orders) -> None:
    assert chargers.restart("C1", "key-1") == Refused(reason="unreachable")
    assert orders.take() == []


def test_an_order_that_is_taken_and_not_answered_is_unsure(chargers: OcppChargers, orders: Orders) -> None:
    with gateway(orders, None):
        assert chargers.restart("C1", "key-1") == Unsure(reason="no_answer")
    assert chargers.restart("C1", "key-1") == Unsure(reason="no_answer")


def test_without_a_gateway_nothing_is_read_and_nothing_sent(
    chargers: OcppChargers, orders: Orders, clock: StillClock
) -> None:
    clock.pass_by(10)
    with pytest.raises(Unavailable, match="plugdesk ocpp serve"):
        chargers.charger("C1")
    with pytest.raises(Unavailable) as raised:
        chargers.restart("C1", "key-1")
    assert not raised.value.sent
    assert orders.take() == []


def test_an_outcome_is_known_without_a_gateway(chargers: OcppChargers, orders: Orders, clock: StillClock) -> None:
    with gateway(orders, Done()):
        chargers.restart("C1", "key-1")
    clock.pass_by(10)
    assert chargers.restart("C1", "key-1") == Done()


def test_roles_are_those_of_the_file(chargers: OcppChargers) -> None:
    assert (chargers.role("C1", "ane"), chargers.role("C1", "kari")) == ("super-administrator", None)


def test_nobody_has_a_role_for_a_charger_that_there_is_not(chargers: OcppChargers) -> None:
    with pytest.raises(NotFound):
        chargers.role("C2", "ane")


def test_a_charger_that_there_is_not_is_told_nothing(chargers: OcppChargers, orders: Orders) -> None:
    with pytest.raises(NotFound):
        chargers.restart("C2", "key-1")
    assert orders.take() == []
