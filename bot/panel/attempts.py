"""How often signing in may be tried: whoever goes on waits longer and longer."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from bot.panel.rules import AttemptRules

WHAT = "panel sign-in"


class Attempts:
    """Counts in a storage of the library ``limits``: one process's memory, or a server that several share."""

    def __init__(self, rules: AttemptRules, storage: Storage) -> None:
        self._rules = rules
        self._limiter = FixedWindowRateLimiter(storage)

    def take(self, account: str, address: str) -> int | None:
        """Count one attempt; None: it may be made, else the seconds to wait.

        It is counted before the password is looked at: of many at once, no more than are allowed get so far.
        """
        waits = [self._wait(limit, *who) for limit, who in self._counted(account, address)]
        return max((wait for wait in waits if wait is not None), default=None)

    def forget(self, account: str, address: str) -> None:
        """Forget what was counted for an account that was signed in to from there, and for nothing else."""
        for limit in self._rules.account_from_address:
            self._limiter.clear(limit, WHAT, "pair", account, address)

    def _counted(self, account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        rules = self._rules
        return [
            *((limit, ("pair", account, address)) for limit in rules.account_from_address),
            *((limit, ("account", account)) for limit in rules.account),
            *((limit, ("address", address)) for limit in rules.address),
        ]

    def _wait(self, limit: RateLimitItem, *who: str) -> int | None:
        if self._limiter.hit(limit, WHAT, *who):
            return None
        return max(1, math.ceil(self._limiter.get_window_stats(limit, WHAT, *who).reset_time - time.time()))
