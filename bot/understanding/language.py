"""Which of the eleven languages a chat line is written in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.understanding.text import says_little, words_with_a_language

# py3langid knows Bokmål as "no"; Nynorsk is answered in Bokmål.
_CODES = {"no": "nb", "nn": "nb"}
# Neither model alone may rule a language out.
SMALLEST_CHANCE = 1e-4


@dataclass(frozen=True)
class LanguageGuess:
    """The most likely language and its probability; a line without words of a language has none."""

    language: str
    confidence: float


class LanguageGuesser:
    """Tells the languages of short lines apart.

    Two models that err differently are multiplied: py3langid, which knows languages at large, and the index's own,
    which knows how drivers write each of them on a phone. Alone, the first is sure of every second Norwegian line.
    """

    def __init__(self, languages: Collection[str]) -> None:
        self._languages = tuple(languages)
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(sorted({*languages} - {"nb"} | {"no", "nn"}))

    def guess(self, text: str, own_chances: Mapping[str, float]) -> LanguageGuess | None:
        """The language of ``text``, or None where "4521", "ok" or an emoji says nothing of it.

        ``own_chances``: what the index makes of the text; a language that it does not know counts as even.
        """
        if says_little(text):
            return None
        words = words_with_a_language(text)
        chances = dict.fromkeys(self._languages, SMALLEST_CHANCE)
        for code, chance in self._identifier.rank(" ".join(words).lower()):
            language = _CODES.get(code, code)
            chances[language] += chance
        joint = {name: chance * own_chances.get(name, 1 / len(chances)) for name, chance in chances.items()}
        best = max(joint, key=lambda language: joint[language])
        return LanguageGuess(best, joint[best] / sum(joint.values()))
