"""Commands that carry a key are carried out once a key."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from bot.errors import Unavailable
from bot.tools.values import Outcome


class Once:
    """Remembers outcomes by key. Safe to use from several threads.

    OCPI has no idempotency key, so this process remembers; across processes and restarts the ledger of actions does.
    """

    def __init__(self, most: int) -> None:
        self._most, self._guard = most, threading.Lock()
        self._outcomes: OrderedDict[str, Future[Outcome]] = OrderedDict()

    def run(self, key: str, act: Callable[[], Outcome]) -> Outcome:
        """What ``act`` gives, or gave, or is about to give under that key.

        Raises:
            ToolError: of ``act``, each time again, unless it says that nothing was sent: that may be tried anew.
        """
        with self._guard:
            begun = self._outcomes.get(key)
            mine = begun is None
            future = begun or self._outcomes.setdefault(key, Future())
            if len(self._outcomes) > self._most:
                self._outcomes.popitem(last=False)
        if mine:
            self._settle(key, future, act)
        return future.result()

    def _settle(self, key: str, future: Future[Outcome], act: Callable[[], Outcome]) -> None:
        try:
            future.set_result(act())
        except BaseException as error:
            if isinstance(error, Unavailable) and not error.sent:
                with self._guard:
                    self._outcomes.pop(key, None)
            future.set_exception(error)
