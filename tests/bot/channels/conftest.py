"""Conversations over a small knowledge base, for what needs no real answers."""

from __future__ import annotations

from collections.abc import Iterator

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
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Three topics, built without a model."""
    folder = tmp_path_factory.mktemp("small-index")
    build_index(write_small_kb(folder / "kb"), folder / "index", LetterEmbedder())
    return open_index(folder / "index", LetterEmbedder())


@pytest.fixture
def small_talks(small_index: Index, guesser: LanguageGuesser, templates: Templates) -> Iterator[Conversations]:
    """Conversations over the small index, kept in memory."""
    store = MemoryConversations()
    yield conversations(store, FixedIndex(small_index), guesser, templates)
    store.close()
