"""Results of commands, which come later and by another way: the other side posts them (OCPI 13.2.2)."""

from __future__ import annotations

import logging
import secrets
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet

log = logging.getLogger(__name__)


class CommandResults:
    """Where those who sent a command wait for what became of it. Safe to use from several threads.

    It lives in one process: the address that a command's result is posted to must lead to the process that sent it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._awaited: dict[str, Future[str]] = {}

    def expect(self) -> str:
        """A new id that a result may come under, once; nobody can guess it."""
        command = secrets.token_urlsafe(24)
        with self._guard:
            self._awaited[command] = Future()
        return command

    def arrived(self, command: str, result: str) -> bool:
        """Take in a result (OCPI 13.4.2). False where none is awaited under that id: unknown, late, or the second."""
        with self._guard:
            future = self._awaited.get(command)
            if future is None or future.done():
                log.warning("a result %.32r came that nobody waits for", result)
                return False
            future.set_result(result)
            return True

    def wait(self, command: str, seconds: float) -> str | None:
        """The result, or None where it did not come in time. Afterwards nothing is awaited under that id."""
        with self._guard:
            future = self._awaited[command]
        try:
            return future.result(timeout=seconds)
        except NotYet:
            return None
        finally:
            self.forget(command)

    def forget(self, command: str) -> None:
        """Await nothing under that id any more."""
        with self._guard:
            self._awaited.pop(command, None)
