"""What many tests share: a small knowledge base that they may change, and the shipped one, built once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.conversation import Conversations
from bot.live import LiveIndex
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from indexer.build import build_index
from indexer.embedders import open_embedder
from indexer.knowledge import DRIVER_LANGUAGES
from indexer.search import Index, open_index
from tests.small_kb import write_small_kb
from tests.talking import conversations

ROOT = Path(__file__).parents[1]
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture
def small_kb(tmp_path: Path) -> Path:
    """A valid knowledge base of three topics in a folder of its own."""
    return write_small_kb(tmp_path / "kb")


@pytest.fixture(scope="session")
def shipped_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of the shipped knowledge base was built with the shipped model."""
    # Workers of one run share it: whoever comes second waits, and then has next to nothing to build.
    run = tmp_path_factory.getbasetemp()
    root = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "shipped" / "index"
    build_index(ROOT / "kb", root, open_embedder())
    return root


@pytest.fixture(scope="session")
def shipped_index(shipped_root: Path) -> Index:
    """The shipped knowledge base, opened."""
    return open_index(shipped_root, open_embedder())


@pytest.fixture(scope="session")
def guesser() -> LanguageGuesser:
    """Loads once: the model of the language guesser is large."""
    return LanguageGuesser(DRIVER_LANGUAGES)


@pytest.fixture(scope="session")
def templates() -> Templates:
    """All templates in all languages."""
    return Templates(DRIVER_LANGUAGES)


@pytest.fixture
def talks(shipped_root: Path, guesser: LanguageGuesser, templates: Templates) -> Iterator[Conversations]:
    """Conversations over the shipped knowledge base, kept in memory."""
    store = MemoryConversations()
    live = LiveIndex(shipped_root, open_embedder())
    yield conversations(store, live, guesser, templates)
    store.close()
