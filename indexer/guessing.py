"""In which language a text of some length is; for drivers' short lines, see the index's own classifier."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from indexer.knowledge import DRIVER_LANGUAGES

# py3langid knows Bokmål as "no"; Nynorsk is read as Bokmål is.
_CODES = {"no": "nb", "nn": "nb"}
_FAMILY = {"da": "nb", "sv": "nb"}
"""Too alike for one block to tell: such a block is not foreign to the other."""


@dataclass(frozen=True)
class Guess:
    """The most likely language and its probability, 0 to 1."""

    language: str
    confidence: float


@cache
def _identifier() -> LanguageIdentifier:
    """Loads once; knows the languages that drivers write, so that no rare one is guessed."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted({*DRIVER_LANGUAGES} - {"nb"} | {"no", "nn"}))
    return identifier


def guessed(text: str) -> Guess:
    """The language of a text of some length."""
    chances: Counter[str] = Counter()
    for code, chance in _identifier().rank(text.lower()):
        chances[_CODES.get(code, code)] += chance
    language, confidence = max(chances.items(), key=lambda item: (item[1], item[0]))
    return Guess(language, min(1.0, float(confidence)))


def akin(one: str, other: str) -> bool:
    """Whether the languages are the same, or too alike for one block of text to tell."""
    return _FAMILY.get(one, one) == _FAMILY.get(other, other)
