"""What is read once and kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.adapters.ocpi.kept import Kept
from bot.errors import Unavailable


class Source:
    """Counts how often it was read; may be out of order."""

    def __init__(self) -> None:
        self.reads, self.down = 0, False

    def read(self) -> int:
        if self.down:
            raise Unavailable("down")
        self.reads += 1
        return self.reads


class Later:
    """Does aside what it is given when it is told to."""

    def __init__(self) -> None:
        self.tasks: list[Callable[[], None]] = []

    def __call__(self, task: Callable[[], None]) -> None:
        self.tasks.append(task)

    def work(self) -> None:
        while self.tasks:
            self.tasks.pop()()


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def kept(source: Source, later: Later, clock: Hands) -> Kept[int]:
    return Kept(source.read, 100.0, later, clock)


def test_it_is_read_once_while_it_is_fresh(kept: Kept[int], clock: Hands) -> None:
    assert kept.get() == 1
    clock.at = 99
    assert kept.get() == 1


def test_what_is_old_is_given_out_and_read_again_aside(kept: Kept[int], clock: Hands, later: Later) -> None:
    kept.get()
    clock.at = 100
    assert kept.get() == 1
    later.work()
    assert kept.get() == 2


def test_only_one_reads_again(kept: Kept[int], clock: Hands, later: Later) -> None:
    kept.get()
    clock.at = 100
    kept.get()
    kept.get()
    assert len(later.tasks) == 1


def test_it_can_become_old_more_than_once(kept: Kept[int], clock: Hands, later: Later) -> None:
    kept.get()
    for clock.at in (100, 200):
        kept.get()
        later.work()
    assert kept.get() == 3


def test_what_cannot_be_read_again_stays_in_use(kept: Kept[int], source: Source, clock: Hands, later: Later) -> None:
    kept.get()
    clock.at, source.down = 100, True
    kept.get()
    later.work()
    assert kept.get() == 1
    source.down = False
    later.work()
    assert kept.get() == 2


def test_the_first_reading_fails_for_who_waits_for_it(kept: Kept[int], source: Source) -> None:
    source.down = True
    with pytest.raises(Unavailable):
        kept.get()


def test_a_younger_one_is_read_where_it_is_too_old_for_that(kept: Kept[int], clock: Hands) -> None:
    kept.get()
    clock.at = 9
    assert kept.younger(10) == 1
    clock.at = 10
    assert kept.younger(10) == 2


def test_threads_that_come_together_read_once(later: Later, clock: Hands) -> None:
    together, source = threading.Barrier(4), Source()
    kept = Kept(source.read, 100.0, later, clock)

    def get(_: int) -> int:
        together.wait()
        return kept.get()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(get, range(4))) == [1] * 4
