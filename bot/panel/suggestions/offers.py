"""Keeps what was suggested to whom for a while, so that what became of it is measured here and not in a browser."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from bot.panel.suggestions.values import Suggestion

KEPT = timedelta(hours=2)
MOST = 4_000


@dataclass(frozen=True)
class Offer:
    """Replies that were suggested together, in one conversation."""

    id: str
    conversation: str
    suggestions: tuple[Suggestion, ...]
    at: datetime

    @property
    def names(self) -> tuple[str, ...]:
        """What was offered, best first."""
        return tuple(each.id for each in self.suggestions)


class Offers:
    """Of this process. What another one offered, or one that has ended, is not known: its use is not counted."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._kept: OrderedDict[str, Offer] = OrderedDict()

    def keep(self, conversation: str, suggestions: Sequence[Suggestion], now: datetime) -> Offer:
        """Keep them under a new id; the oldest are forgotten."""
        offer = Offer(secrets.token_urlsafe(9), conversation, tuple(suggestions), now)
        with self._guard:
            self._kept[offer.id] = offer
            while len(self._kept) > MOST or next(iter(self._kept.values())).at < now - KEPT:
                self._kept.popitem(last=False)
        return offer

    def of(self, offer: str, conversation: str) -> Offer | None:
        """The offer of that id, if it was made in that conversation."""
        with self._guard:
            found = self._kept.get(offer)
        return found if found is not None and found.conversation == conversation else None
