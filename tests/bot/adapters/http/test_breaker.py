"""When a system is left alone."""

from __future__ import annotations

import pytest

from bot.adapters.http.breaker import Breaker
from bot.errors import Unavailable


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock: Clock) -> Breaker:
    """Has seen two failures, which is too many, and has waited."""
    breaker = Breaker(2, 30, clock)
    breaker.failed()
    breaker.failed()
    clock.seconds = 31
    return breaker


def test_one_call_is_let_through_to_see(opened: Breaker) -> None:
    opened.enter()
    with pytest.raises(Unavailable):
        opened.enter()


def test_if_that_one_fails_it_is_left_alone_as_long_again(opened: Breaker, clock: Clock) -> None:
    opened.enter()
    opened.failed()
    clock.seconds += 29
    with pytest.raises(Unavailable):
        opened.enter()


def test_if_that_one_succeeds_all_go(opened: Breaker) -> None:
    opened.enter()
    opened.succeeded()
    opened.enter()
    opened.enter()


def test_if_that_one_never_reports_the_next_goes_later(opened: Breaker, clock: Clock) -> None:
    opened.enter()
    clock.seconds += 31
    opened.enter()
