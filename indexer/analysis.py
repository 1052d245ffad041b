"""Words for lexical search: folded, stemmed by language, German and Scandinavian compounds opened."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache

import Stemmer

from indexer.noise import transliterated, without_accents

_STEMMERS = {
    "en": "english", "fr": "french", "de": "german", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "es": "spanish", "sv": "swedish", "da": "danish", "pt": "portuguese", "pl": "polish",
}  # fmt: skip
COMPOUNDING = frozenset({"de", "nb", "nl", "sv", "da"})
_LINKS = ("", "s", "es", "n", "en", "e")
_WORD = re.compile(r"\w+")
SHORTEST_PART = 4
SHORTEST_COMPOUND = 9
# Longer "words" are pasted keys and noise; taking them apart would take seconds.
LONGEST_COMPOUND = 40


def folded(text: str) -> str:
    """Lower case without accents; ``å``, ``ø``, ``ü`` and the like become what people without the key type."""
    return without_accents(transliterated(unicodedata.normalize("NFC", text).casefold()))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(folded(text))


class Analyser:
    """Turns text of one language into stems; knows the words that compounds of that language are made of."""

    def __init__(self, language: str, parts: Collection[str] = ()) -> None:
        self.language = language
        self.parts = frozenset(parts)
        self._stemmers = threading.local()  # a Stemmer must not be shared between threads
        self._opened = lru_cache(maxsize=20_000)(self._open)

    @classmethod
    def learnt(cls, language: str, texts: Iterable[str]) -> Analyser:
        """An analyser whose compound parts are the words that ``texts`` use at least twice on their own."""
        if language not in COMPOUNDING:
            return cls(language)
        counts = Counter(word for text in texts for word in words(text))
        return cls(language, {word for word, count in counts.items() if count > 1 and len(word) >= SHORTEST_PART})

    def __call__(self, text: str) -> list[str]:
        """The stems of ``text``; of a compound also those of its parts."""
        pieces: list[str] = []
        for word in words(text):
            pieces.append(word)
            if self.parts and SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND:
                pieces.extend(self._opened(word))
        stems: list[str] = self._stemmer().stemWords(pieces)
        return stems

    def _stemmer(self) -> Stemmer.Stemmer:
        if not hasattr(self._stemmers, "own"):
            self._stemmers.own = Stemmer.Stemmer(_STEMMERS[self.language])
        return self._stemmers.own

    def _open(self, word: str) -> tuple[str, ...]:
        """The parts of a compound, or nothing: ``ladestasjon`` → ``lade``, ``stasjon``."""
        for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            head, tail = word[:cut], word[cut:]
            if tail not in self.parts and not self._opened(tail):
                continue
            for link in _LINKS:
                if head.endswith(link) and head[: len(head) - len(link)] in self.parts:
                    return (head[: len(head) - len(link)], *(self._opened(tail) or (tail,)))
        return ()
