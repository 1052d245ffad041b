"""Conversations over a knowledge base of three topics: fast to build, and enough for what stands around a turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.conversation import Conversations
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from indexer.build import build_index
from indexer.search import Index, open_index
from tests.doubles import FixedIndex, LetterEmbedder
from tests.small_kb import write_small_kb
from tests.talking import conversations


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The knowledge base that no test changes."""
    return write_small_kb(tmp_path_factory.mktemp("small") / "kb")


@pytest.fixture(scope="session")
def small_index(small_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Its index, built once."""
    root = tmp_path_factory.mktemp("small-index")
    build_index(small_base, root, LetterEmbedder())
    return open_index(root, LetterEmbedder())


@pytest.fixture
def small_talks(small_index: Index, guesser: LanguageGuesser, templates: Templates) -> Iterator[Conversations]:
    """Conversations over it, kept in memory."""
    store = MemoryConversations()
    yield conversations(store, FixedIndex(small_index), guesser, templates)
    store.close()
