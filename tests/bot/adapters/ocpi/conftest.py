"""A connection to a party in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.adapters.ocpi.system import OcpiSystem, open_ocpi
from tests.bot.adapters.ocpi.party import FakeParty, a_connection, rules


@pytest.fixture
def party() -> FakeParty:
    return FakeParty()


@pytest.fixture
def system(party: FakeParty) -> Iterator[OcpiSystem]:
    opened = open_ocpi(a_connection(), rules(), party)
    party.results = opened.results
    yield opened
    opened.close()
