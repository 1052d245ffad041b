"""The backends of each read port, by name: what holds the demo world's facts (product.md, section 6).

A factory takes an empty folder and whether its source system answers; it opens the port and closes it again. A new
backend is one more entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.seed import Seed
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.statuspages import DemoStatusPages
from bot.adapters.demo.world import DemoWorld
from bot.adapters.statuspage import SUMMARY, StatusPage
from bot.tools.ports import Accounts, Chargers, Sessions, Stations, StatusPages
from tests.contracts.http_backends import http_accounts, http_chargers, http_sessions, http_stations
from tests.contracts.ocpi_backends import ocpi_sessions, ocpi_stations
from tests.contracts.ocpp_backends import ocpp_chargers
from tests.contracts.summaries import a_component, as_json, page_server, summary

Port = TypeVar("Port")
Factory = Callable[[Path, bool], AbstractContextManager[Port]]


def demo(tool: str, port: Callable[[DemoWorld], Port]) -> Factory[Port]:
    """A port of the demo world."""

    @contextmanager
    def factory(folder: Path, answers: bool) -> Iterator[Port]:
        world = DemoWorld(folder / "world.db", sleep=lambda _: None)
        if not answers:
            world.trouble(tool, "timeout", 2.0)
        yield port(world)
        world.close()

    return factory


@contextmanager
def status_page(folder: Path, answers: bool) -> Iterator[StatusPages]:
    """A real page for every vendor of the demo world; without an answer where nobody serves them any more."""
    platforms = Seed.load(datetime.now(UTC)).platforms
    with page_server() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("NO_PROXY", "*")
        pages = StatusPage({each.vendor: f"{server.url}/{each.vendor}" for each in platforms}, {})
        for each in platforms:
            components = [a_component(part.name) for part in each.components]
            if answers:
                server.answers[f"/{each.vendor}{SUMMARY}"] = as_json(summary(components=components))
        yield pages
        pages.close()


ACCOUNTS: dict[str, Factory[Accounts]] = {"demo": demo("accounts", DemoAccounts), "http": http_accounts}
STATIONS: dict[str, Factory[Stations]] = {
    "demo": demo("stations", DemoStations),
    "http": http_stations,
    "ocpi": ocpi_stations,
}
SESSIONS: dict[str, Factory[Sessions]] = {
    "demo": demo("sessions", DemoSessions),
    "http": http_sessions,
    "ocpi": ocpi_sessions,
}
STATUS_PAGES: dict[str, Factory[StatusPages]] = {"demo": demo("status", DemoStatusPages), "statuspage": status_page}

PORTALS: dict[str, Factory[Chargers]] = {"demo": demo("chargers", DemoChargers), "http": http_chargers}
"""Backends that know of a charger's plan and of its users' roles too."""
CHARGERS: dict[str, Factory[Chargers]] = {**PORTALS, "ocpp": ocpp_chargers}
"""All that reach chargers; one that talks to them directly knows neither plan nor roles."""
