"""A panel in memory, with an account of each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.conversation import Conversations
from tests.bot.panel.browsers import Browser, PanelWorld, a_panel, an_app
from tests.doubles import SteppingClock


@pytest.fixture
def clock() -> SteppingClock:
    """The panel's clock."""
    return SteppingClock()


@pytest.fixture
def world(small_talks: Conversations, small_base: Path, clock: SteppingClock) -> Iterator[PanelWorld]:
    """The panel of a server whose source systems are not the demo's."""
    panel = a_panel(small_talks, clock)
    app = an_app(panel, small_talks, small_base)
    with ExitStack() as stack:

        def opened() -> Browser:
            # Without its lifespan: nobody drives here, and nothing is to be watched.
            client = TestClient(app, raise_server_exceptions=False)
            stack.callback(client.close)
            return Browser(client)

        yield PanelWorld(panel, app, clock, opened)
