"""Each port over the example back end of tests/bot/adapters/http, by the file of docs/connectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from bot.adapters.http.connector import HttpConnector
from bot.adapters.http.ports import HttpAccounts, HttpChargers, HttpSessions, HttpStations
from bot.tools.ports import Accounts, Chargers, Sessions, Stations
from tests.bot.adapters.http.opened import EXAMPLE, environment, opened
from tests.bot.adapters.http.server import example_server

Port = TypeVar("Port")
Factory = Callable[[Path, bool], AbstractContextManager[Port]]


def http(port: Callable[[HttpConnector], Port]) -> Factory[Port]:
    """A port over the example back end, which answers every call with an error where it is not to answer."""

    @contextmanager
    def factory(folder: Path, answers: bool) -> Iterator[Port]:
        server = example_server()
        server.reset()
        server.behaviour = "normal" if answers else "error"
        with pytest.MonkeyPatch.context() as environ:
            environ.setenv("NO_PROXY", "*")
            with opened(EXAMPLE, environment(server.url)) as connector:
                yield port(connector)
        server.reset()

    return factory


http_accounts: Factory[Accounts] = http(HttpAccounts)
http_stations: Factory[Stations] = http(HttpStations)
http_sessions: Factory[Sessions] = http(HttpSessions)
http_chargers: Factory[Chargers] = http(HttpChargers)
