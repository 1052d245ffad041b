"""The only module that chooses backends: from settings to services that work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation import Conversations
from bot.errors import SettingsError
from bot.live import LiveIndex
from bot.policy import Policy
from bot.ports import ConversationStore
from bot.replies.catalogues import Templates
from bot.replies.composer import Composer
from bot.settings import Settings
from bot.understanding.language import LanguageGuesser
from indexer.embedders import open_embedder


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Everything that the channels need, opened."""

    conversations: Conversations
    knowledge: LiveIndex
    store: ConversationStore

    def close(self) -> None:
        """Give back what was opened."""
        self.store.close()


def open_store(url: str) -> ConversationStore:
    """The conversation store of a URL.

    Raises:
        SettingsError: when no backend has that scheme.
        StoreError: when the backend cannot be opened.
    """
    if url == "memory:":
        from bot.adapters.conversations.memory import MemoryConversations

        return MemoryConversations()
    if url.startswith("sqlite:///"):
        from bot.adapters.conversations.sqlite import SqliteConversations

        return SqliteConversations(Path(url.removeprefix("sqlite:///")))
    raise SettingsError(f"PLUGDESK_CONVERSATIONS is {url!r}. Use sqlite:///path/to/file.db or memory:")


def open_services(settings: Settings) -> Services:
    """Open the model, the index and the store.

    Raises:
        PlugdeskError: each kind says what is wrong and which command helps.
    """
    knowledge = LiveIndex(settings.index, open_embedder(settings.model, settings.prefixes))
    languages = tuple(knowledge.current().languages)
    store = open_store(settings.conversations)
    conversations = Conversations(
        store, knowledge, LanguageGuesser(languages), Composer(Templates(languages)), Policy.load(), SystemClock()
    )
    return Services(conversations, knowledge, store)
