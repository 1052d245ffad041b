"""A demo world in which time only passes when a test lets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.demo.world import DemoWorld


class Hours:
    """A clock that stands still until it is moved on; sleeping moves it too."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def pass_by(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "world.db"


@pytest.fixture
def world(path: Path, hours: Hours) -> Iterator[DemoWorld]:
    opened = DemoWorld(path, now=hours.now, sleep=hours.pass_by)
    yield opened
    opened.close()
