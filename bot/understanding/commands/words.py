"""Makes a message and a phrase comparable: lower case, no accents, no punctuation, no letters held down. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.understanding.safety.words import plain, spelt_out

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))
# Phones and people leave it out: "dont", "jai".
_WITHIN_A_WORD = re.compile(r"(?<=\w)'(?=\w)")
# Doubled letters are written once and single ones held down: "yesss", "stopp", "oppdater".
_REPEATED = re.compile(r"([^\W\d_])\1+")
# What only changes how a sign is drawn: its skin, its sex, its colour.
_DRAWN = re.compile("\u200d.|[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_SIGN = "So"
"""Unicode's category of emoji and other pictures."""


def words_of(text: str) -> tuple[str, ...]:
    """The words and signs of a text in order, each in the spelling that all spellings share."""
    return _tokens(plain(_joined(text)))


@lru_cache(maxsize=100_000)
def spellings(phrase: str) -> tuple[tuple[str, ...], ...]:
    """How people may write a phrase: without accents, or spelt out ("oe" for "ø"). Empty where it has no words."""
    joined = _joined(phrase)
    forms = (plain(joined),) if joined.isascii() else (plain(joined), spelt_out(joined))
    return tuple(dict.fromkeys(words for form in forms if (words := _tokens(form))))


def _joined(text: str) -> str:
    return _WITHIN_A_WORD.sub("", _DRAWN.sub("", text).translate(_APOSTROPHES))


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_shared(token) for token in _TOKEN.findall(text) if _counts(token))


def _shared(token: str) -> str:
    # Of one letter only it is an abbreviation or laughter: "nn", "kkkk".
    return _REPEATED.sub(r"\1", token) if len(set(token)) > 1 else token


def _counts(token: str) -> bool:
    return token[0].isalnum() or unicodedata.category(token) == _SIGN
