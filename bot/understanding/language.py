"""Which of the eleven languages a chat line is written in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.understanding.text import words_with_a_language

# py3langid knows Bokmål as "no"; Nynorsk is answered in Bokmål.
_CODES = {"no": "nb", "nn": "nb"}
FEWEST_LETTERS = 4


@dataclass(frozen=True)
class LanguageGuess:
    """The most likely language and its probability; a line without words of a language has none."""

    language: str
    confidence: float


class LanguageGuesser:
    """Tells the languages of short lines apart (py3langid, restricted to those that drivers write)."""

    def __init__(self, languages: Collection[str]) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(sorted({*languages} - {"nb"} | {"no", "nn"}))

    def guess(self, text: str) -> LanguageGuess | None:
        """The language of ``text``, or None where "4521", "ok" or an emoji says nothing of it."""
        words = words_with_a_language(text)
        if sum(map(len, words)) < FEWEST_LETTERS:
            return None
        chances: dict[str, float] = {}
        for code, chance in self._identifier.rank(" ".join(words).lower()):
            language = _CODES.get(code, code)
            chances[language] = chances.get(language, 0.0) + chance
        best = max(chances, key=lambda language: chances[language])
        return LanguageGuess(best, chances[best])
