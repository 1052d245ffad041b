"""A database of chargers with a clock that stands still, and the rules with short times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.orders import Orders
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState


class StillClock:
    """Goes on only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def rules() -> OcppRules:
    return OcppRules.load().model_copy(update={"take_s": 0.3, "answer_s": 0.5, "look_s": 0.01})


@pytest.fixture
def database(tmp_path: Path, clock: StillClock) -> Iterator[OcppDatabase]:
    opened = OcppDatabase(tmp_path / "ocpp.db", clock.now)
    yield opened
    opened.close()


@pytest.fixture
def state(database: OcppDatabase, rules: OcppRules) -> OcppState:
    """One charger, C1, that is connected to a gateway."""
    state = OcppState(database, rules)
    state.add("C1", "hash")
    state.beat()
    state.connected("C1", True)
    state.heard("C1")
    return state


@pytest.fixture
def orders(database: OcppDatabase) -> Orders:
    return Orders(database)
