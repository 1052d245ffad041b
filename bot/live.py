"""The index that serves, exchanged for a newer build while the process runs."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from indexer.errors import PlugdeskError
from indexer.manifest import CURRENT, current_build
from indexer.ports import Embedder
from indexer.search import Index, open_index

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0
"""Seconds between two looks at which build should serve."""


class LiveIndex:
    """Gives the current index; a new build is opened beside it and takes over once it is whole.

    A build that cannot be opened is reported once and the old one goes on serving.
    """

    def __init__(self, root: Path, embedder: Embedder) -> None:
        self._root, self._embedder = root, embedder
        self._seen = self._stamp()  # before opening: a build that takes over meanwhile must not be missed
        self._index = open_index(root, embedder)
        self._looked = time.monotonic()
        self._opening = threading.Lock()

    def current(self) -> Index:
        """The index to use for one turn; never waits for a newer one."""
        if time.monotonic() - self._looked > LOOK_EVERY and self._opening.acquire(blocking=False):
            self._looked = time.monotonic()
            stamp = self._stamp()
            if stamp == self._seen:
                self._opening.release()
            else:
                self._seen = stamp
                threading.Thread(target=self._exchange, name="index", daemon=True).start()
        return self._index

    def _stamp(self) -> int:
        try:
            return (self._root / CURRENT).stat().st_mtime_ns
        except OSError:
            return 0

    def _exchange(self) -> None:
        try:
            if current_build(self._root).name != self._index.manifest.build:
                self._index = open_index(self._root, self._embedder)
                log.info("now serving the index %s", self._index.manifest.build)
        except PlugdeskError as error:
            log.error("the new index cannot serve, the old one goes on: %s", error)
        finally:
            self._opening.release()
