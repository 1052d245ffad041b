"""What a gap is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from bot.panel.figures.asked import Why
from bot.types import Value

GapReason = Literal[Why, "mistaken"]
"""Those of :data:`Why`; or an agent says that it is about another topic, so the article was there and not found."""
REASONS: tuple[GapReason, ...] = (*get_args(Why), "mistaken")


class Missed(Value):
    """One question that a driver was not helped with."""

    conversation: str
    message: str
    at: datetime
    language: str | None
    text: str
    """Secrets masked, and every number, code and address too."""
    why: GapReason


class Gap(Value):
    """Questions that mean much the same, whatever their language."""

    count: int
    """Of the period."""
    before: int
    """Of the period of the same length before it."""
    languages: dict[str, int]
    """Questions of the period by language, the most frequent first."""
    reasons: dict[GapReason, int]
    """Questions of the period by why they count, the most frequent first."""
    topic: str
    """Of the nearest passage."""
    section: str
    similarity: float
    """Cosine between what the questions mean on average and that passage."""
    examples: tuple[Missed, ...]
    """Of the period, the most typical first, and of as many languages as there is room for."""

    @property
    def trend(self) -> int:
        """So many more than in the period before."""
        return self.count - self.before


class GapReport(Value):
    """The gaps of a period, the largest first."""

    since: datetime
    until: datetime
    before: datetime
    """When the period before began."""
    questions: int
    """Questions of the period; those of gaps that are too small to be listed too."""
    questions_before: int
    left_out: int
    """Questions of both periods that were too many to be compared: the oldest ones."""
    small: int
    """Questions of the period in gaps that are too small to be listed."""
    gaps: tuple[Gap, ...]
