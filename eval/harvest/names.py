"""What could name somebody is taken out of a line before anybody reads it as an example, and never let in."""

from __future__ import annotations

import re

from bot.understanding.masking import mask

_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.\w+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def _numbers(digits: int) -> re.Pattern[str]:
    """So many digits in a row, with at most one sign between two of them."""
    return re.compile(rf"\d(?:[\s.\-/*]?\d){{{digits - 1},}}")


def nameless(text: str, digits: int) -> str:
    """The line with secrets, addresses and links in brackets, and with zeros for long numbers.

    Zeros keep the shape of the line; to the classifier every digit is alike.
    """
    text = _LINK.sub("[link]", _EMAIL.sub("[email]", mask(text).text))
    text = _numbers(digits).sub(lambda found: _DIGIT.sub("0", found[0]), text)
    return " ".join(text.split())


def named(text: str, digits: int) -> str | None:
    """What in the line could name somebody, as it stands there; None: nothing that a rule can see."""
    found = next((each[0] for each in (_EMAIL.search(text), _LINK.search(text)) if each), None)
    if found is None:
        numbers = (each[0] for each in _numbers(digits).finditer(text))
        found = next((each for each in numbers if set(_DIGIT.findall(each)) != {"0"}), None)
    return found or (text if mask(text).found else None)
