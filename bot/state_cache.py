"""Remembers the states of recent conversations."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from bot.ports import ConversationStore
from bot.state import ConversationState, state_of


class States:
    """Remembers the states of recent conversations, so that a turn replays only what is new in the store."""

    def __init__(self, store: ConversationStore, most: int = 5_000) -> None:
        self._store, self._most = store, most
        self._known: OrderedDict[str, ConversationState] = OrderedDict()
        self._guard = Lock()

    def of(self, conversation: str) -> ConversationState:
        """The state of a conversation now.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        with self._guard:
            known = self._known.get(conversation) or ConversationState()
        state = state_of(self._store.events(conversation, known.last), known)
        with self._guard:
            self._known[conversation] = state
            self._known.move_to_end(conversation)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return state
