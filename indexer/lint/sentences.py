"""Sentences, and how hard they are to read."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
# A full stop ends a sentence where a capital, a quotation mark or nothing follows: not in "2.4" and not in "e.g. a".
_END = re.compile(r"(?<=[.!?…])[»”“\"')\]]*\s+(?=[«„“\"'(]?[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATED = re.compile(
    r"\b(?:z\.\s?B|d\.\s?h|bzw|ca|evtl|ggf|usw|etc|f\.eks|bl\.a|dvs|p\.\s?es|ecc|p\.\s?ex|e\.g|i\.e|Nr|no)\.$"
)
_CLAUSE = re.compile(r"(?<!\d)[:;]\s|\s[–—]\s")
LONG_LETTERS = 6


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    found: list[str] = []
    for part in _END.split(text):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] += f" {part}"
        elif part.strip():
            found.append(part.strip())
    return found


def clauses(text: str) -> list[str]:
    """The parts of a paragraph that can be read on their own: a colon or semicolon ends one as a full stop does."""
    return [part for sentence in sentences(text) for part in _CLAUSE.split(sentence) if words(part)]


def words(text: str) -> list[str]:
    """The words and numbers of a text."""
    return _WORD.findall(text)


def lix(text: list[str]) -> float:
    """The readability index LIX of clauses: 30 is a children's book, 60 a law (Björnsson, "Läsbarhet", 1968)."""
    found = [word for sentence in text for word in words(sentence)]
    if not found or not text:
        return 0.0
    long = sum(len(word) > LONG_LETTERS for word in found)
    return len(found) / len(text) + 100 * long / len(found)
