"""Tells the open pages of this process what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock


class InProcessNews:
    """Wakes coroutines of this process; see :class:`bot.panel.ports.PanelNews`."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._listeners: set[_Listener] = set()
        self._closed = False

    def tell(self, *names: str) -> None:
        """See :class:`bot.panel.ports.PanelNews`."""
        with self._guard:
            everybody = list(self._listeners)
        for listener in everybody:
            listener.hear(names)

    @contextmanager
    def listen(self, wanted: frozenset[str] | None = None) -> Iterator[_Listener]:
        """See :class:`bot.panel.ports.PanelNews`."""
        listener = _Listener(wanted)
        with self._guard:
            self._listeners.add(listener)
            if self._closed:
                listener.end()
        try:
            yield listener
        finally:
            with self._guard:
                self._listeners.discard(listener)

    def close(self) -> None:
        """See :class:`bot.panel.ports.PanelNews`."""
        with self._guard:
            self._closed = True
            everybody = list(self._listeners)
        for listener in everybody:
            listener.end()


class _Listener:
    """Keeps names until they are taken: however much happens, each name is kept once."""

    def __init__(self, wanted: frozenset[str] | None) -> None:
        self._wanted = wanted
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._guard = Lock()
        self._names: set[str] = set()
        self._ended = False

    def hear(self, names: tuple[str, ...]) -> None:
        heard = names if self._wanted is None else self._wanted.intersection(names)
        if not heard:
            return
        with self._guard:
            self._names.update(heard)
        self._wake()

    def end(self) -> None:
        with self._guard:
            self._ended = True
        self._wake()

    async def changed(self) -> frozenset[str] | None:
        """See :class:`bot.panel.ports.NewsListener`."""
        await self._woken.wait()
        self._woken.clear()
        with self._guard:
            names, self._names = frozenset(self._names), set()
            return None if self._ended else names

    def _wake(self) -> None:
        # A loop that has ended has nobody left to wake.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._woken.set)
