"""A panel in memory, with an account of each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.adapters.conversations.memory import MemoryConversations
from bot.conversation import Conversations
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from indexer.search import Index
from tests.bot.panel.browsers import Browser, PanelWorld, a_panel, an_app
from tests.doubles import FixedIndex, SteppingClock
from tests.talking import conversations


@pytest.fixture
def clock() -> SteppingClock:
    """The panel's clock."""
    return SteppingClock()


@contextmanager
def _world(talks: Conversations, kb: Path, clock: SteppingClock, demo: bool) -> Iterator[PanelWorld]:
    panel = a_panel(talks, clock, demo, kb=kb)
    app = an_app(panel, talks, kb)
    with ExitStack() as stack:

        def opened() -> Browser:
            # Without its lifespan: nobody drives here, and nothing is to be watched.
            client = TestClient(app, raise_server_exceptions=False)
            stack.callback(client.close)
            return Browser(client)

        yield PanelWorld(panel, app, clock, opened)


@pytest.fixture
def world(small_talks: Conversations, small_base: Path, clock: SteppingClock) -> Iterator[PanelWorld]:
    """The panel of a server whose source systems are not the demo's."""
    with _world(small_talks, small_base, clock, demo=False) as world:
        yield world


@pytest.fixture(scope="module")
def shared_world(
    small_index: Index, small_base: Path, guesser: LanguageGuesser, templates: Templates
) -> Iterator[PanelWorld]:
    """Like ``world``, for the many tests of a module that leave its accounts as they are."""
    talks = conversations(MemoryConversations(), FixedIndex(small_index), guesser, templates)
    with _world(talks, small_base, SteppingClock(), demo=False) as world:
        yield world


@pytest.fixture
def demo_world(small_talks: Conversations, small_base: Path, clock: SteppingClock) -> Iterator[PanelWorld]:
    """The panel of a demo server."""
    with _world(small_talks, small_base, clock, demo=True) as world:
        yield world
