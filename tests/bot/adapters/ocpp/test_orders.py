"""Orders are taken once and have one outcome."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.orders import Action, Order, Orders
from bot.tools.values import Done, Refused, Unsure
from tests.bot.adapters.ocpp.conftest import StillClock

RESET = Order("key-1", "C1", Action.RESET)


def test_an_order_is_taken_as_it_was_put(orders: Orders) -> None:
    order = Order("key-1", "C1", Action.UNLOCK, "2")
    orders.put(order, 3)
    assert orders.take() == [order]


def test_an_order_is_taken_once(orders: Orders, tmp_path: Path, clock: StillClock) -> None:
    orders.put(RESET, 3)
    other = OcppDatabase(tmp_path / "ocpp.db", clock.now)
    assert (orders.take(), orders.take(), Orders(other).take()) == ([RESET], [], [])
    other.close()


def test_the_same_key_is_the_same_order(orders: Orders) -> None:
    orders.put(RESET, 3)
    orders.put(Order("key-1", "C2", Action.UNLOCK, "2"), 3)
    assert orders.take() == [RESET]
    orders.put(RESET, 3)
    assert orders.take() == []


def test_an_order_whose_time_is_over_is_not_taken(orders: Orders, clock: StillClock) -> None:
    orders.put(RESET, 3)
    clock.pass_by(3)
    assert orders.take() == []


def test_the_first_outcome_stays(orders: Orders) -> None:
    orders.put(RESET, 3)
    orders.settle("key-1", Done())
    orders.settle("key-1", Refused(reason="in_use"))
    assert orders.outcome("key-1") == Done()


def test_an_order_without_an_outcome_has_none(orders: Orders) -> None:
    orders.put(RESET, 3)
    assert orders.outcome("key-1") is None


def test_what_was_not_taken_is_withdrawn(orders: Orders) -> None:
    orders.put(RESET, 3)
    assert orders.given_up("key-1") == Refused(reason="unreachable")
    assert orders.take() == []


def test_what_was_taken_and_not_answered_is_unsure_for_good(orders: Orders) -> None:
    orders.put(RESET, 3)
    orders.take()
    assert orders.given_up("key-1") == Unsure(reason="no_answer")
    orders.settle("key-1", Done())
    assert orders.outcome("key-1") == Unsure(reason="no_answer")


def test_an_answer_just_before_giving_up_counts(orders: Orders) -> None:
    orders.put(RESET, 3)
    orders.take()
    orders.settle("key-1", Done())
    assert orders.given_up("key-1") == Done()


def test_what_a_dead_gateway_had_taken_is_unsure_and_never_taken_again(orders: Orders) -> None:
    orders.put(RESET, 3)
    orders.put(Order("key-2", "C1", Action.RESET), 3)
    orders.settle("key-2", Done())
    orders.take()
    orders.begin()
    assert orders.outcome("key-1") == Unsure(reason="gateway_stopped")
    assert orders.outcome("key-2") == Done()
    assert orders.take() == []


def test_what_no_gateway_had_taken_is_taken_by_the_next(orders: Orders) -> None:
    orders.put(RESET, 3)
    orders.begin()
    assert orders.take() == [RESET]
