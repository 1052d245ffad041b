"""Who may see what. Identity comes from the signed-in app, never from the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.types import Identity

AccountAccess = Literal["number", "token"]
"""What account data needs of a driver who is not signed in: its number, or signing in."""


@dataclass(frozen=True)
class Access:
    """The rights of one driver in one conversation."""

    identity: Identity | None
    accounts_need: AccountAccess
    staff: bool = False
    """Somebody of the support team looks: they may see more than the driver, for whom it is not told."""

    def account(self, number: str) -> bool:
        """Whether the driver may see that account: one of their own, or any whose number is enough."""
        if self.staff:
            return True
        if self.identity and self.identity.accounts:
            return number in self.identity.accounts
        return self.identity is None and self.accounts_need == "number"

    @property
    def user(self) -> str | None:
        """The signed-in user."""
        return self.identity.user if self.identity else None
