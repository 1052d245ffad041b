"""Wakes those who follow conversations: at once for what this process writes, soon for what others write."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from threading import Lock

from anyio import sleep, to_thread

from bot.events import Event, Happening
from bot.ports import ConversationStore, News, Notifier, Speaker

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0
"""Seconds between two looks for what other processes wrote; one look serves all who listen."""


class InProcessNotifier:
    """Wakes coroutines of this process; see :class:`bot.ports.Notifier`."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._listeners: dict[str, set[_Listener]] = defaultdict(set)
        self._general: set[_GeneralListener] = set()
        self._closed = False

    def appended(self, conversation: str, number: int) -> None:
        """See :class:`bot.ports.Notifier`."""
        for listener in self._of(conversation):
            listener.hear(number=number)
        with self._guard:
            everywhere = list(self._general)
        for each in everywhere:
            each.hear(conversation, number)

    def typing(self, conversation: str, who: Speaker) -> None:
        """See :class:`bot.ports.Notifier`."""
        for listener in self._of(conversation):
            listener.hear(typing=who)

    @contextmanager
    def listen(self, conversation: str) -> Iterator[_Listener]:
        """See :class:`bot.ports.Notifier`."""
        listener = _Listener()
        with self._guard:
            self._listeners[conversation].add(listener)
            if self._closed:
                listener.hear(ended=True)
        try:
            yield listener
        finally:
            with self._guard:
                self._listeners[conversation].discard(listener)
                if not self._listeners[conversation]:
                    del self._listeners[conversation]

    @contextmanager
    def listen_to_all(self) -> Iterator[_GeneralListener]:
        """See :class:`bot.ports.Notifier`."""
        listener = _GeneralListener()
        with self._guard:
            self._general.add(listener)
            if self._closed:
                listener.end()
        try:
            yield listener
        finally:
            with self._guard:
                self._general.discard(listener)

    def close(self) -> None:
        """See :class:`bot.ports.Notifier`."""
        with self._guard:
            self._closed = True
            everybody = [each for listeners in self._listeners.values() for each in listeners]
            everywhere = list(self._general)
        for listener in everybody:
            listener.hear(ended=True)
        for each in everywhere:
            each.end()

    @property
    def listening(self) -> int:
        """How many listen now."""
        with self._guard:
            return sum(map(len, self._listeners.values())) + len(self._general)

    def _of(self, conversation: str) -> list[_Listener]:
        with self._guard:
            return list(self._listeners.get(conversation, ()))


class _Listener:
    """Keeps what came until it is taken: however much happens, it holds one number and one word."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._guard = Lock()
        self._news = News()

    def hear(self, number: int = 0, typing: Speaker | None = None, ended: bool = False) -> None:
        """Let there be news. From any thread."""
        with self._guard:
            before = self._news
            self._news = News(max(before.number, number), typing or before.typing, ended or before.ended)
        # A loop that has ended has nobody left to wake.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._woken.set)

    async def news(self) -> News:
        """See :class:`bot.ports.Listener`."""
        await self._woken.wait()
        self._woken.clear()
        with self._guard:
            taken, self._news = self._news, News()
        return taken


class _GeneralListener:
    """Keeps what came until it is taken: one number a conversation."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._guard = Lock()
        self._changed: dict[str, int] = {}
        self._ended = False

    def hear(self, conversation: str, number: int) -> None:
        """Let something have happened. From any thread."""
        with self._guard:
            self._changed[conversation] = max(number, self._changed.get(conversation, 0))
        self._wake()

    def end(self) -> None:
        """Let nothing come any more. From any thread."""
        with self._guard:
            self._ended = True
        self._wake()

    async def changed(self) -> Mapping[str, int] | None:
        """See :class:`bot.ports.GeneralListener`."""
        await self._woken.wait()
        self._woken.clear()
        with self._guard:
            taken, self._changed = self._changed, {}
            return None if self._ended else taken

    def _wake(self) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._woken.set)


class AnnouncedConversations:
    """A store that lets a notifier know of everything that is written; see :class:`bot.ports.ConversationStore`."""

    def __init__(self, store: ConversationStore, notifier: Notifier) -> None:
        self._store, self._notifier = store, notifier

    def lock(self, conversation: str) -> AbstractContextManager[None]:
        """See :class:`bot.ports.ConversationStore`."""
        return self._store.lock(conversation)

    def create(self, conversation: str, happening: Happening, at: datetime) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        self._store.create(conversation, happening, at)
        self._notifier.appended(conversation, 1)

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """See :class:`bot.ports.ConversationStore`."""
        return self._store.events(conversation, after, limit)

    def append(self, conversation: str, happenings: Sequence[Happening], at: datetime, expected: int) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        self._store.append(conversation, happenings, at, expected)
        self._notifier.appended(conversation, expected + len(happenings))

    def appended(self, since: int | None, most: int | None = None) -> tuple[int, Mapping[str, int]]:
        """See :class:`bot.ports.ConversationStore`."""
        return self._store.appended(since, most)

    def close(self) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        self._store.close()


async def follow(store: ConversationStore, notifier: Notifier) -> None:
    """Again and again, tell of what other processes appended."""
    mark: int | None = None
    while True:
        try:
            mark, changed = await to_thread.run_sync(store.appended, mark)
            for conversation, number in changed.items():
                notifier.appended(conversation, number)
        except Exception:
            log.exception("what other processes wrote could not be looked for; it is looked for again")
        await sleep(LOOK_EVERY)
