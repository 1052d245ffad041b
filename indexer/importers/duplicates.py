"""Articles that say the same in nearly the same words, whichever brand or source they are from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.importers.rules import DuplicateRules

_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"\{#[^}]*\}|\{\{.*?\}\}|!\[|\]\([^)]*\)")


@dataclass(frozen=True)
class Alike:
    """Another article, and the share of word sequences that it has in common (Jaccard similarity, 0 to 1)."""

    other: str
    similarity: float


class Texts:
    """Texts by name and language, asked which of them are like a new one.

    Compared exactly: a knowledge base has hundreds of articles, not the millions that hashing would be for.
    """

    def __init__(self, rules: DuplicateRules) -> None:
        self._rules = rules
        self._known: dict[str, tuple[str, frozenset[str]]] = {}

    def add(self, name: str, language: str, markdown: str) -> None:
        """Remember a text."""
        self._known[name] = (language, self._shingles(markdown))

    def like(self, language: str, markdown: str, besides: Iterable[str] = ()) -> tuple[Alike, ...]:
        """The texts of this language that are nearly the same, the most alike first; not those in ``besides``."""
        mine, left_out = self._shingles(markdown), {*besides}
        found = [
            Alike(name, round(_jaccard(mine, shingles), 2))
            for name, (spoken, shingles) in self._known.items()
            if spoken == language and name not in left_out and _jaccard(mine, shingles) >= self._rules.alike
        ]
        return tuple(sorted(found, key=lambda each: (-each.similarity, each.other)))

    def _shingles(self, markdown: str) -> frozenset[str]:
        words = _WORD.findall(_MARKS.sub(" ", markdown).casefold())
        count = max(1, len(words) - self._rules.words + 1)
        return frozenset(" ".join(words[place : place + self._rules.words]) for place in range(count))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
