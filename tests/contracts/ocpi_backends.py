"""Stations and sessions over OCPI, from a party in memory that holds the demo world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.adapters.ocpi.system import OcpiSystem, open_ocpi
from bot.tools.ports import Sessions, Stations
from tests.bot.adapters.ocpi.party import FakeParty, a_connection, rules


class Silent(httpx.BaseTransport):
    """Takes every request and never answers."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("no answer", request=request)


@contextmanager
def _system(answers: bool) -> Iterator[OcpiSystem]:
    party = FakeParty()
    system = open_ocpi(a_connection(), rules(), party if answers else Silent())
    party.results = system.results
    yield system
    system.close()


@contextmanager
def ocpi_stations(folder: Path, answers: bool) -> Iterator[Stations]:
    with _system(answers) as system:
        yield system.stations


@contextmanager
def ocpi_sessions(folder: Path, answers: bool) -> Iterator[Sessions]:
    with _system(answers) as system:
        yield system.sessions
