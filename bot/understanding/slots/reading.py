"""A message as words, and what the words of eleven languages say around its numbers. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.safety.matcher import Found as Concepts
from bot.understanding.safety.matcher import Matcher, Span
from bot.understanding.safety.words import LONGEST_WORD, Word, composed, forms

# Letters and digits are apart: people write "station4521" and "150kW".
_TOKEN = re.compile(r"(?P<word>[^\W\d_]+|\d+)|(?P<end>[.!?;]+(?=\s|$)|\n+)")
_LOOSE = re.compile(r"[^\w.,;!?\n]*")
_POLAR = frozenset({"and", "not", "denial", "instead", "wrong"})
_ABBREVIATED = 4
"""Letters of a word that a full stop shortens rather than ends: "nr.", "kto."."""


@dataclass(frozen=True)
class Reading:
    """The words of a text, and the concepts that begin and end at each of them, of any language."""

    text: str
    words: Sequence[Word]
    concepts: Mapping[str, Concepts]
    """By language, for what only one language may say."""
    ending: Mapping[int, Sequence[tuple[int, str]]]
    """Number of a word → concepts whose last word it is, the longest first, with the number of their first word."""
    known: frozenset[int]
    """Numbers of words that belong to a concept."""
    starting: Mapping[int, Sequence[tuple[int, str]]]
    """Number of a word → concepts whose first word it is, the longest first, with the number of their last word."""

    def word_at(self, offset: int) -> int:
        """The number of the first word that begins at the offset or later."""
        return bisect_left(self.words, offset, key=lambda word: word.start)

    def knows(self, word: str) -> bool:
        """Whether a word of the text is one that the lexicons have."""
        number = next((n for n, each in enumerate(self.words) if self.written(n).lower() == word.lower()), None)
        return number is not None and number in self.known

    def written(self, number: int) -> str:
        """A word as it was written."""
        return self.text[self.words[number].start : self.words[number].end]

    def before(self, number: int) -> int | None:
        """The word before, where nothing but a space or a sign like ``:`` or ``#`` parts the two."""
        return number - 1 if number > 0 and self._together(number - 1) else None

    def after(self, number: int) -> int | None:
        """The word after, likewise."""
        return number + 1 if number + 1 < len(self.words) and self._together(number) else None

    def _together(self, first: int) -> bool:
        between = self.text[self.words[first].end : self.words[first + 1].start]
        if between.startswith("."):
            word = self.written(first)
            return word.isalpha() and len(word) <= _ABBREVIATED and _LOOSE.fullmatch(between[1:]) is not None
        return _LOOSE.fullmatch(between) is not None

    def says(self, first: int, last: int, concepts: frozenset[str]) -> bool:
        """Whether the words from ``first`` to ``last`` are all of these concepts, with nothing left over."""
        place = first
        while place <= last:
            ends = [end for end, name in self.starting.get(place, ()) if name in concepts and end <= last]
            if not ends:
                return False
            place = max(ends) + 1
        return True

    def has(self, first: int, last: int, *concepts: str) -> bool:
        """Whether one of the concepts stands within the words from ``first`` to ``last``."""
        return any(
            name in concepts and end <= last
            for place in range(first, last + 1)
            for end, name in self.starting.get(place, ())
        )

    def ends_with(self, last: int, concepts: frozenset[str]) -> int | None:
        """The first word of the longest of these concepts that ends at ``last``."""
        return next((first for first, name in self.ending.get(last, ()) if name in concepts), None)


class Reader:
    """Reads texts with the words of a matcher."""

    def __init__(self, matcher: Matcher, linking: Iterable[str]) -> None:
        self._matcher = matcher
        self._linking = frozenset(linking)

    def read(self, text: str) -> Reading:
        """The text in composed form (NFC), with its words."""
        text = composed(text)
        words = _words(text)
        concepts = self._matcher.find(words)
        ending: dict[int, set[tuple[int, str]]] = defaultdict(set)
        starting: dict[int, set[tuple[int, str]]] = defaultdict(set)
        polar = _polar(concepts)
        for language, found in concepts.items():
            for name in self._linking & found.keys():
                for span in found[name]:
                    if name not in _POLAR or (language, name, span) in polar:
                        ending[span.last].add((span.first, name))
                        starting[span.first].add((span.last, name))
        return Reading(
            text,
            words,
            concepts,
            {last: sorted(spans) for last, spans in ending.items()},
            frozenset(
                word for found in concepts.values() for spans in found.values() for s in spans for word in s.words
            ),
            {first: sorted(spans, reverse=True) for first, spans in starting.items()},
        )


def _polar(concepts: Mapping[str, Concepts]) -> set[tuple[str, str, Span]]:
    """What says no and not in the languages that know most of the words: "no" is a "not" in Spanish only.

    Where several know as many, a word is a "not" only if it is one in each of them that has it.
    """
    covered = {
        language: len({word for spans in found.values() for span in spans for word in span.words})
        for language, found in concepts.items()
    }
    likely = [language for language, count in covered.items() if count == max(covered.values())]
    told = {
        (language, name, span) for language in likely for name in _POLAR for span in concepts[language].get(name, ())
    }
    nots = {(language, span.words) for language, name, span in told if name == "not"}
    only_denials = {
        span.words for language, name, span in told if name == "denial" and (language, span.words) not in nots
    }
    return {each for each in told if each[1] != "not" or each[2].words not in only_denials}


def _words(text: str) -> list[Word]:
    words: list[Word] = []
    sentence = 0
    for match in _TOKEN.finditer(text):
        if match["word"] is None:
            sentence += 1
        else:
            spelled = forms(match["word"][:LONGEST_WORD])
            words.append(Word(spelled, match.start(), match.end(), len(words), sentence))
    return words


def char_span(reading: Reading, span: Span) -> tuple[int, int]:
    """Where a span stands in the text."""
    return reading.words[span.first].start, reading.words[span.last].end
