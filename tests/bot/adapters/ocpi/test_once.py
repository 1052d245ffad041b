"""Once a key."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.adapters.ocpi.once import Once
from bot.errors import NotFound, ToolError, Unavailable
from bot.tools.values import Done, Outcome


class Act:
    """Counts how often it is done; fails where it is told to."""

    def __init__(self, error: ToolError | None = None) -> None:
        self.error, self.times = error, 0

    def __call__(self) -> Outcome:
        self.times += 1
        if self.error:
            raise self.error
        return Done(reference=str(self.times))


def test_the_same_key_is_done_once() -> None:
    once, act = Once(10), Act()
    assert once.run("a", act) == once.run("a", act) == Done(reference="1")


def test_another_key_is_done_again() -> None:
    once, act = Once(10), Act()
    assert (once.run("a", act), once.run("b", act)) == (Done(reference="1"), Done(reference="2"))


@pytest.mark.parametrize(
    ("error", "times"),
    [(Unavailable("lost", sent=True), 1), (NotFound("gone"), 1), (Unavailable("away", sent=False), 2)],
)
def test_a_failure_is_tried_anew_only_where_nothing_was_sent(error: ToolError, times: int) -> None:
    once, act = Once(10), Act(error)
    for _ in range(2):
        with pytest.raises(type(error)):
            once.run("a", act)
    assert act.times == times


def test_who_comes_while_it_is_done_waits_for_the_outcome() -> None:
    once, begun, go_on, times = Once(10), threading.Event(), threading.Event(), []

    def slow() -> Outcome:
        times.append(1)
        begun.set()
        go_on.wait(5)
        return Done()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once.run, "a", slow)
        begun.wait(5)
        second = pool.submit(once.run, "a", slow)
        go_on.set()
        assert (first.result(), second.result(), times) == (Done(), Done(), [1])


def test_the_oldest_keys_are_forgotten_first() -> None:
    once, act = Once(2), Act()
    for key in ("a", "b", "c"):
        once.run(key, act)
    assert (once.run("c", act), once.run("a", act)) == (Done(reference="3"), Done(reference="4"))
