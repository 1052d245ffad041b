"""Accounts of the demo world."""

from __future__ import annotations

from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import Account


class DemoAccounts:
    """See :class:`bot.tools.ports.Accounts`."""

    def __init__(self, world: DemoWorld) -> None:
        self._world = world

    def account(self, number: str) -> Account:
        """See :class:`bot.tools.ports.Accounts`."""
        return self._world.answer("accounts", lambda: self._account(number))

    def _account(self, number: str) -> Account:
        found = self._world.things.find(Account, number)
        if found is None:
            raise NotFound(f"There is no account {number}.")
        return found
