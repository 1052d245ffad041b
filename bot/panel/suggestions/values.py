"""A suggested reply, and how far what was sent is from it."""

from __future__ import annotations

from typing import Literal

from rapidfuzz.distance import Levenshtein

from bot.events import READ
from bot.types import Source, Value

Likelihood = Literal["high", "fair", "low"]


class Looked(Value):
    """What a source system said to one call."""

    tool: str
    arguments: tuple[str, ...]
    outcome: READ
    value: dict[str, object] | None


class Suggestion(Value):
    """A reply that an agent may send as it is, or change."""

    id: str
    """What it is made of: ``article:de/cable-stuck``, ``live:accounts.account(40711)``, ``canned:greeting``."""
    kind: Literal["live", "article", "canned"]
    """``live``: it holds what a source system said a moment ago, or asks for what is missing to look; ``canned``: one
    of bot/panel/canned."""
    text: str
    """In the driver's language, ready to send."""
    language: str
    readable: str
    """The same in the agent's language, composed from the same articles and templates; no translation of words."""
    readable_language: str
    topic: str | None
    """What it is about, where a topic of the knowledge base is."""
    confidence: float
    """Probability that it is about what the driver asks."""
    likelihood: Likelihood = "low"
    """The same in a word."""
    sources: tuple[Source, ...] = ()
    readable_sources: tuple[Source, ...] = ()
    """The same articles as the agent can read them."""
    tools: tuple[str, ...] = ()
    """The readings that stand in it, such as ``accounts.account(40711)``."""
    looked: tuple[Looked, ...] = ()
    """What those said."""
    urgent: bool = False


def distance(suggested: str, sent: str) -> float:
    """How much was changed: 0 as is, 1 nothing left; Levenshtein distance by the longer text, outer space aside."""
    return float(Levenshtein.normalized_distance(suggested.strip(), sent.strip()))
