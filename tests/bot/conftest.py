"""Like tests/conftest.py, with the shipped index opened once for all conversations, and a small one beside it."""

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


@pytest.fixture
def talks(shipped_index: Index, guesser: LanguageGuesser, templates: Templates) -> Iterator[Conversations]:
    """Conversations over the shipped knowledge base, kept in memory."""
    store = MemoryConversations()
    yield conversations(store, FixedIndex(shipped_index), guesser, templates)
    store.close()


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of three topics that no test changes; enough for what stands around a turn."""
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
