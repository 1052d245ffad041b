"""Messages of one sender, one by one and in the order of their writing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import anyio
import pytest

from bot.channels.hooks.order import Order

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def run(main: Callable[[], Awaitable[None]]) -> None:
    anyio.run(main)


def test_messages_that_overtake_each_other_are_put_in_order() -> None:
    passed: list[int] = []

    async def pass_(order: Order, second: int) -> None:
        async with order.turn("me", NOON + timedelta(seconds=second)):
            passed.append(second)

    async def main() -> None:
        order = Order(0.05)
        async with anyio.create_task_group() as group:
            for second in (3, 1, 2):
                group.start_soon(pass_, order, second)

    run(main)
    assert passed == [1, 2, 3]


@pytest.mark.parametrize("senders", [("me", "me"), ("me", "you")])
def test_one_senders_messages_pass_one_at_a_time(senders: tuple[str, str]) -> None:
    inside = most = 0

    async def pass_(order: Order, sender: str) -> None:
        nonlocal inside, most
        async with order.turn(sender, None):
            inside += 1
            most = max(most, inside)
            await anyio.sleep(0.02)
            inside -= 1

    async def main() -> None:
        order = Order(0.05)
        async with anyio.create_task_group() as group:
            for sender in senders:
                group.start_soon(pass_, order, sender)

    run(main)
    assert most == len(set(senders))


def test_a_message_that_does_not_say_when_it_was_written_waits_for_none() -> None:
    async def main() -> None:
        with anyio.fail_after(1):
            async with Order(60).turn("me", None):
                pass

    run(main)


def test_a_turn_that_fails_lets_the_next_one_pass() -> None:
    async def main() -> None:
        order = Order(0)
        with pytest.raises(ValueError, match="oops"):
            async with order.turn("me", NOON):
                raise ValueError("oops")
        with anyio.fail_after(1):
            async with order.turn("me", NOON):
                pass

    run(main)


def test_one_that_stops_waiting_holds_nobody_up() -> None:
    async def wait(order: Order, second: int) -> None:
        async with order.turn("me", NOON + timedelta(seconds=second)):
            pass

    async def main() -> None:
        order = Order(0.05)
        with anyio.move_on_after(0.01):
            await wait(order, 1)
        with anyio.fail_after(1):
            await wait(order, 2)

    run(main)
