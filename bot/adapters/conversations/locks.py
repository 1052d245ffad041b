"""One lock a conversation, for as long as anybody holds or awaits it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakValueDictionary


class _Held:
    """A lock that can be weakly referenced."""

    def __init__(self) -> None:
        self.lock = Lock()


class Locks:
    """Hands out locks by name; a lock that nobody uses is forgotten."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held: WeakValueDictionary[str, _Held] = WeakValueDictionary()

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Wait for the lock of that name and hold it."""
        with self._guard:
            held = self._held.get(name)
            if held is None:
                held = self._held[name] = _Held()
        with held.lock:
            yield
