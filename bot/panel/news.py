"""Tells the open pages of this process what changed."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

KEPT = 5_000
"""Names of which is known when they were told last: far more than change between a page and its stream."""


class InProcessNews:
    """Wakes coroutines of this process; see :class:`bot.panel.ports.PanelNews`."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._process = secrets.token_hex(8)
        self._number = self._forgotten = 0
        self._told: OrderedDict[str, int] = OrderedDict()
        self._listeners: set[_Listener] = set()
        self._closed = False

    def tell(self, *names: str) -> None:
        """See :class:`bot.panel.ports.PanelNews`."""
        with self._guard:
            self._number += 1
            for name in names:
                self._told[name] = self._number
                self._told.move_to_end(name)
            while len(self._told) > KEPT:
                self._forgotten = self._told.popitem(last=False)[1]
            everybody = list(self._listeners)
        for listener in everybody:
            listener.hear(names)

    def mark(self) -> str:
        """See :class:`bot.panel.ports.PanelNews`."""
        with self._guard:
            return f"{self._process}-{self._number}"

    @contextmanager
    def listen(self, wanted: frozenset[str] | None = None, since: str | None = None) -> Iterator[_Listener]:
        """See :class:`bot.panel.ports.PanelNews`."""
        listener = _Listener(wanted)
        with self._guard:
            self._listeners.add(listener)
            if since is not None:
                listener.hear(self._since(since, wanted or frozenset()))
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

    def _since(self, mark: str, wanted: frozenset[str]) -> tuple[str, ...]:
        process, _, number = mark.partition("-")
        known = process == self._process and number.isascii() and number.isdigit()
        if not known or int(number) < self._forgotten:
            return tuple(wanted)
        return tuple(name for name, told in self._told.items() if told > int(number))


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
