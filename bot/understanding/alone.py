"""Reading messages in one thread of its own, while many turns wait for source systems in theirs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot.state import ConversationState
from bot.types import Choice, Understanding
from bot.understanding.understand import Understander
from indexer.search import Index


class Alone:
    """Like :class:`Understander`, in one thread for all callers.

    Reading is computing, and the interpreter computes in one thread at a time: with many at once they hand the
    interpreter back and forth, and OpenMP sets up its own threads anew for each of them (``python -m eval.bench``).
    """

    def __init__(self, inner: Understander) -> None:
        self._inner = inner
        self.slots = inner.slots
        self._thread = ThreadPoolExecutor(1, "understanding")

    def understand(
        self, said: str, choice: Choice | None, state: ConversationState, index: Index, now: datetime
    ) -> Understanding:
        """See :meth:`Understander.understand`."""
        return self._thread.submit(self._inner.understand, said, choice, state, index, now).result()

    def language_of(self, state: ConversationState, index: Index) -> str:
        """See :meth:`Understander.language_of`."""
        return self._inner.language_of(state, index)

    def is_danger(self, said: str) -> bool:
        """See :meth:`Understander.is_danger`."""
        return self._thread.submit(self._inner.is_danger, said).result()

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False)
