"""Cuts a message into words that compare well: lower case, without accents, with their places. Pure.

Drivers in a panic write without accents, in capitals, with letters held down; the lexicons are spelt properly.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 32
"""Characters of a word that are looked at; no language has a longer one that matters here."""
SENTENCE_GAP = 2
"""By how many words the end of a sentence holds two words apart."""
_TOKEN = re.compile(r"(?P<word>[^\W_]+)|(?P<end>[.!?;:]+(?=\s|$)|\n+)")
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "œ": "oe", "đ": "d", "ð": "d"})
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Word:
    """A word of a message: ``forms`` to compare, where it stands in the text, and ``place`` among the words.

    ``sentence`` numbers the sentences of the message from 0.
    """

    forms: tuple[str, ...]
    start: int
    end: int
    place: int
    sentence: int


def composed(text: str) -> str:
    """The text with accents joined to their letters; offsets of words refer to it."""
    return unicodedata.normalize("NFC", text)


def words_of(text: str) -> list[Word]:
    """The words of a composed text, in order; between sentences their places leave a gap."""
    found: list[Word] = []
    place = sentence = 0
    for match in _TOKEN.finditer(text):
        if match["word"] is None:
            place += SENTENCE_GAP
            sentence += 1
            continue
        found.append(Word(forms(match["word"][:LONGEST_WORD]), match.start(), match.end(), place, sentence))
        place += 1
    return found


@lru_cache(maxsize=20_000)
def forms(word: str) -> tuple[str, ...]:
    """The word as written and without accents; letters held down once and twice ("smooooke", "heeelp")."""
    lower = word.lower()
    spellings = [lower]
    if _HELD_DOWN.search(lower):
        spellings = [_HELD_DOWN.sub(r"\1", lower), _HELD_DOWN.sub(r"\1\1", lower)]
    return tuple(dict.fromkeys(form for each in spellings for form in (each, plain(each))))


def plain(word: str) -> str:
    """Lower case, no accents, only letters that every keyboard has."""
    lower = word.lower()
    if not lower.isascii():  # most phrases are, and there are so many that the start would be noticeably later
        lower = "".join(char for char in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(char))
    return lower.translate(_LETTERS)


def spelt_out(word: str) -> str:
    """As people write it on a foreign keyboard: "oe" for "ö" and "ø", "aa" for "å", "ss" for "ß"."""
    return plain(word.lower().translate(_DIGRAPHS))
