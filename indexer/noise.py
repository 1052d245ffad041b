"""Misspellings as phones produce them: used on the learner's side of training, never on answers.

Every function takes the text and a random generator, so that a seed gives the same noise again.
"""

from __future__ import annotations

import random
import re
import unicodedata

_TRANSLITERATIONS = {
    "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "ß": "ss", "œ": "oe", "ł": "l",
    "Å": "Aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Æ": "Ae", "Œ": "Oe", "Ł": "L",
}  # fmt: skip
_PUNCTUATION = re.compile(r"[^\w\s]")


def without_accents(text: str) -> str:
    """Drop every combining mark: ``prélèvement`` → ``prelevement``, ``på`` → ``pa``."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def transliterated(text: str) -> str:
    """Write Germanic letters as people without the key do: ``på`` → ``paa``, ``für`` → ``fuer``."""
    return "".join(_TRANSLITERATIONS.get(char, char) for char in text)


def without_punctuation(text: str) -> str:
    """Drop punctuation; apostrophes and hyphens become spaces, as voice input writes them."""
    return " ".join(_PUNCTUATION.sub(" ", text).split())


def mistyped(text: str, rng: random.Random) -> str:
    """Swap, drop or double one letter inside a word of at least four letters."""
    places = list(re.finditer(r"[^\W\d_]{4,}", text))
    if not places:
        return text
    word = rng.choice(places)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def shortened(text: str, rng: random.Random, share: float) -> str:
    """Leave out each word with the chance ``share``; texts of under four words stay as they are."""
    words = text.split()
    kept = [word for word in words if rng.random() >= share]
    return " ".join(kept) if len(words) > 3 and kept else text


def noisy(text: str, rng: random.Random) -> str:
    """One plausible damaged spelling of ``text``; half of the time the text itself."""
    if rng.random() < 0.5:
        return text
    draw = rng.random()
    if draw < 0.3:
        text = without_accents(text)
    elif draw < 0.5:
        text = transliterated(text)
    if rng.random() < 0.4:
        text = without_punctuation(text)
    typos = rng.choice((0, 0, 1, 1, 2))
    for _ in range(typos if len(text) > 12 else min(typos, 1)):
        text = mistyped(text, rng)
    return text
