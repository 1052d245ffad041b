"""A text in the few characters that the finders look for, place by place: position n is position n of the original."""

from __future__ import annotations

import unicodedata
from itertools import accumulate, pairwise

SEPARATORS = r"[ \n\-._·*]"
"""What may stand between the digits of one number, once the text is plain."""
_BECOMES_SPACE = frozenset({"Zs", "Zl", "Zp", "Cf", "Me"})
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_LINE_ENDS = "\n\u2028\u2029"


class _Plain(dict[int, str]):
    """A table for str.translate that works out a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        char = self[code] = _plain(chr(code))
        return char


def plain(text: str) -> str:
    """Full-width letters, other scripts' digits, odd spaces and dashes as their ASCII likeness; the length stays."""
    return text.translate(_TABLE)


def replaced(text: str, spans: list[tuple[int, int]], token: str) -> str:
    """The text with the token in place of each span; spans that overlap count as one."""
    pieces: list[str] = []
    at = 0
    for start, end in joined(spans):
        pieces += (text[at:start], token)
        at = end
    return "".join((*pieces, text[at:]))


def joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted, those that overlap made one."""
    ordered = sorted(spans)
    reach = list(accumulate((end for _, end in ordered), max))
    cuts = [0, *(n for n in range(1, len(ordered)) if ordered[n][0] >= reach[n - 1]), len(ordered)]
    return [(ordered[first][0], reach[last - 1]) for first, last in pairwise(cuts) if first < last]


def _plain(char: str) -> str:
    if char in _LINE_ENDS:
        return "\n"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category in _BECOMES_SPACE or ord(char) in _VARIATION_SELECTORS or char.isspace():
        return " "
    if category == "Pd":
        return "-"
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char


_TABLE = _Plain()
