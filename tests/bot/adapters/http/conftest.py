from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.http.connector import HttpConnector
from tests.bot.adapters.http.opened import EXAMPLE, environment, opened
from tests.bot.adapters.http.server import ExampleServer, example_server


@pytest.fixture(autouse=True)
def _straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy stands between the tests and their server."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def server() -> Iterator[ExampleServer]:
    server = example_server()
    server.reset()
    yield server
    server.reset()


@pytest.fixture
def connector(server: ExampleServer) -> Iterator[HttpConnector]:
    """The example file over the example server, waiting less."""
    with opened(EXAMPLE, environment(server.url)) as connector:
        yield connector


@pytest.fixture
def example() -> Path:
    return EXAMPLE
