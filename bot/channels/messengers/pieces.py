"""Cuts long texts into messages that a messenger takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

Weigh = Callable[[str], int]
_BREAKS = tuple(map(re.compile, (r"\n{2,}", r"\n", r"(?<=[.!?…])\s+", r"\s+")))
"""Where a text may be cut, the best place first: between paragraphs, lines, sentences, words."""
_FULL_ENOUGH = 0.5
"""A piece that ends at a better place may be so much shorter than one that is full."""


def character(_letter: str) -> int:
    """For messengers that count characters."""
    return 1


def utf16_unit(letter: str) -> int:
    """For messengers that count units of UTF-16, of which letters beyond the first plane, such as emoji, have two."""
    return 2 if ord(letter) > 0xFFFF else 1


def pieces(text: str, longest: int, last: int | None = None, weigh: Weigh = character) -> list[str]:
    """The text in pieces of at most ``longest``, cut between paragraphs where that can be; at least one.

    Args:
        text: with its line breaks.
        longest: what one message holds, as ``weigh`` counts letters.
        last: what the last one holds, where that is less: one that carries buttons.
        weigh: how much a letter counts.
    """
    text, found = text.strip(), []
    while sum(map(weigh, text)) > longest:
        piece, text = _from_the_start(text, longest, weigh)
        found.append(piece)
    if last is not None and sum(map(weigh, text)) > last:
        piece, text = _from_the_end(text, last, weigh)
        found.append(piece)
    return [piece for piece in (*found, text) if piece] or [""]


def _from_the_start(text: str, most: int, weigh: Weigh) -> tuple[str, str]:
    """As much of the beginning as fits, and the rest."""
    fits = sum(1 for reached in accumulate(map(weigh, text)) if reached <= most)
    for pattern in _BREAKS:
        places = [each for each in pattern.finditer(text, 0, fits + 1) if each.start() >= fits * _FULL_ENOUGH]
        if places:
            return text[: places[-1].start()].rstrip(), text[places[-1].end() :].lstrip()
    return text[:fits], text[fits:]


def _from_the_end(text: str, most: int, weigh: Weigh) -> tuple[str, str]:
    """What comes before, and as much of the end as fits."""
    start = len(text) - sum(1 for reached in accumulate(map(weigh, reversed(text))) if reached <= most)
    for pattern in _BREAKS:
        place = next((each for each in pattern.finditer(text) if each.end() >= start), None)
        if place is not None and place.end() < len(text):
            return text[: place.start()].rstrip(), text[place.end() :].lstrip()
    return text[:start], text[start:]
