"""What drivers asked for, and what became of suggested replies, as it is counted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from bot.care import SuggestionUse
from bot.types import Value

Why = Literal["none", "choices", "not_helped", "corrected"]
"""No article fits; several might; the answer did not help; a person says that no article is about it."""


class Asked(Value):
    """A message of the driver that asked for something, and what became of it."""

    message: str
    at: datetime
    text: str = ""
    """Secrets masked, cut."""
    language: str | None = None
    nearest: str | None = None
    """The topic of the nearest article, whether it was answered from or not."""
    topic: str | None = None
    """What it was answered from, or what a person says that it was about."""
    reply: str | None = None
    why: Why | None = None
    """Why it counts as unanswered; None: it does not."""


class Suggested(Value):
    """What became of suggested replies, by messages that people sent."""

    as_is: int = 0
    edited: int = 0
    distance: float = 0.0
    """Summed over the edited ones; each is 0 as is, 1 nothing left."""
    ignored: int = 0
    none: int = 0
    """There was nothing to suggest."""

    def after(self, use: SuggestionUse | None) -> Self:
        """The same once a person has sent one more message."""
        if use is None or not use.offered:
            return self.model_copy(update={"none": self.none + 1})
        if use.used is None:
            return self.model_copy(update={"ignored": self.ignored + 1})
        if use.distance == 0:
            return self.model_copy(update={"as_is": self.as_is + 1})
        return self.model_copy(update={"edited": self.edited + 1, "distance": self.distance + use.distance})
