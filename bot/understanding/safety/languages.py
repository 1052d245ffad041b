"""How likely a language is, from its small words: decides whether a word may be read in that language. Pure.

A lexicon knows only its own language and would misread others: "brand" is fire in four of them and a make in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.understanding.safety.lexicon import Lexicon
from bot.understanding.safety.words import Word, plain


class Margins(BaseModel):
    """How far another language may be ahead, counted in small words that only that language has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hint: float
    """What a hint from outside is worth."""
    unsure_within: float
    """For homographs and slips of the fingers, over the whole message."""
    sure_within: float
    """For all other words, and ahead of the languages akin to it too; over the whole message or their own sentence,
    for some drivers write in two languages."""


@dataclass(frozen=True)
class Standing:
    """How far each language is behind the likeliest one.

    ``akin``: how far it is together with its kin, which share most of its words; ``sentences``: the same for each
    sentence.
    """

    alone: Mapping[str, float]
    akin: Mapping[str, float]
    sentences: Sequence[Mapping[str, float]]


class Languages:
    """The small words of all lexicons."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._kin = {each.language: (each.language, *each.kin) for each in lexicons}
        self._having: dict[str, tuple[str, ...]] = {}
        for each in lexicons:
            for word in {plain(word) for word in each.telling}:
                self._having[word] = (*self._having.get(word, ()), each.language)

    def standing(self, words: Sequence[Word], hint: str | None, worth: float) -> Standing:
        """Count the small words. A hint to a language that has no lexicon tells nothing."""
        sentences = [dict.fromkeys(self._kin, 0.0) for _ in range(words[-1].sentence + 1)] if words else []
        for word in words:
            for language in (having := self._having.get(word.forms[-1], ())):
                # A word that three languages have tells a third for each.
                sentences[word.sentence][language] += 1 / len(having)
        whole = {name: sum(each[name] for each in sentences) + worth * (name == hint) for name in self._kin}
        return Standing(_behind(whole), self._behind_with_kin(whole), list(map(self._behind_with_kin, sentences)))

    def _behind_with_kin(self, scores: Mapping[str, float]) -> dict[str, float]:
        return _behind({name: max(scores.get(each, 0.0) for each in kin) for name, kin in self._kin.items()})


def _behind(scores: Mapping[str, float]) -> dict[str, float]:
    most = max(scores.values(), default=0.0)
    return {name: most - score for name, score in scores.items()}
