"""What is left of a message once it is safe to read."""

from __future__ import annotations

import re
import unicodedata

# Longer messages are pasted logs; what matters stands at the beginning.
READ_CHARACTERS = 2_000
FEWEST_LETTERS = 4
_KEPT_CONTROLS = "\n\t"
_LETTERS = re.compile(r"[^\W\d_]+")
_IDENTIFIER = re.compile(r"\S*\d\S*|[A-Z]{2}\*\S+|https?://\S+|\S+@\S+")


def storable(text: str) -> str:
    """The text without what no database takes: lone surrogates and the null character."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def cleaned(text: str) -> str:
    """Without control characters, lone surrogates and direction overrides; composed form; trimmed."""
    kept = "".join(_kept(char) for char in text[: READ_CHARACTERS * 2])
    return unicodedata.normalize("NFC", kept).strip()[:READ_CHARACTERS]


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if char in _KEPT_CONTROLS or not category.startswith("C"):
        return char
    # Invisible marks inside a word leave it whole; other controls part words.
    return "" if category == "Cf" else " "


def says_little(text: str) -> bool:
    """Whether the text is only "ok", a number or the like: nothing that a topic or a language could be told from."""
    return sum(map(len, words_with_a_language(text))) < FEWEST_LETTERS


def words_with_a_language(text: str) -> list[str]:
    """The words that belong to some language: no numbers, ids, links or addresses."""
    return _LETTERS.findall(_IDENTIFIER.sub(" ", text))
