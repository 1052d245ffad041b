"""Like tests/conftest.py, with the shipped index opened once for all conversations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.conversation import Conversations
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from indexer.search import Index
from tests.doubles import FixedIndex
from tests.talking import conversations


@pytest.fixture
def talks(shipped_index: Index, guesser: LanguageGuesser, templates: Templates) -> Iterator[Conversations]:
    """Conversations over the shipped knowledge base, kept in memory."""
    store = MemoryConversations()
    yield conversations(store, FixedIndex(shipped_index), guesser, templates)
    store.close()
