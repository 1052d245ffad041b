"""A circuit breaker: a system that failed several times in a row is left alone for a while.

Own code, for the well-kept libraries either hold a lock while a call runs, so that reads would wait for one another,
or have none at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bot.errors import Unavailable


class Breaker:
    """Counts failures. Safe to use from several threads; no lock is held while a call runs.

    Args:
        failures: so many in a row open it.
        reset_s: after so many seconds one call is let through to see; the others wait for what it finds.
        monotonic: the clock, in seconds.
    """

    def __init__(self, failures: int, reset_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most, self._reset_s, self._monotonic = failures, reset_s, monotonic
        self._guard = threading.Lock()
        self._failed = 0
        self._closed_until = 0.0

    def enter(self) -> None:
        """Ask before a call.

        Raises:
            Unavailable: when the system is left alone; nothing was sent.
        """
        with self._guard:
            if self._failed < self._most:
                return
            now = self._monotonic()
            if now < self._closed_until:
                raise Unavailable(f"is left alone after {self._failed} failures in a row", sent=False)
            # Should the one that is let through never report back, the next one goes after as long again.
            self._closed_until = now + self._reset_s

    def succeeded(self) -> None:
        """The system answered."""
        with self._guard:
            self._failed = 0

    def failed(self) -> None:
        """It did not, or said that it cannot."""
        with self._guard:
            self._failed += 1
            if self._failed >= self._most:
                self._closed_until = self._monotonic() + self._reset_s
