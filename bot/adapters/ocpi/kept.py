"""Lists that are read once, used for a while and read again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.errors import ToolError

log = logging.getLogger(__name__)
Kept_ = TypeVar("Kept_")


def in_a_thread(task: Callable[[], None]) -> None:
    """Do it beside what goes on."""
    threading.Thread(target=task, name="ocpi-again", daemon=True).start()


class Kept(Generic[Kept_]):
    """Something that takes long to read. Safe to use from several threads; one of them reads at a time.

    What has become old is still given out, and read again meanwhile: nobody waits for a long list while a driver
    waits for them.

    Args:
        read: gets it anew; its errors reach whoever has to wait for it.
        fresh_s: after how many seconds it is old.
        aside: runs the reading again of what is old.
        monotonic: what its age is reckoned by, in seconds.
    """

    def __init__(
        self,
        read: Callable[[], Kept_],
        fresh_s: float,
        aside: Callable[[Callable[[], None]], None] = in_a_thread,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read, self._fresh_s, self._aside, self._monotonic = read, fresh_s, aside, monotonic
        self._reading, self._again = threading.Lock(), threading.Lock()
        self._kept: tuple[Kept_, float] | None = None

    def get(self) -> Kept_:
        """It, perhaps a little old.

        Raises:
            ToolError: of the reading, where nothing was read so far.
        """
        kept = self._kept
        if kept is None:
            return self.younger(self._fresh_s)
        if self._age(kept) >= self._fresh_s and self._again.acquire(blocking=False):
            self._aside(self._refreshed)
        return kept[0]

    def younger(self, seconds: float) -> Kept_:
        """It, read again unless that was done within so many seconds.

        Raises:
            ToolError: of the reading.
        """
        with self._reading:
            if self._kept is None or self._age(self._kept) >= seconds:
                # Dated by its beginning: what changes while it is read may be missing in it.
                began = self._monotonic()
                self._kept = (self._read(), began)
            return self._kept[0]

    def _age(self, kept: tuple[Kept_, float]) -> float:
        return self._monotonic() - kept[1]

    def _refreshed(self) -> None:
        try:
            self.younger(self._fresh_s)
        except ToolError as error:
            log.warning("what was read before stays in use: %s", error)
        finally:
            self._again.release()
