"""Masks secrets at the door: cards, security codes, IBANs, passwords. From here on nobody sees them.

A card number has 13 to 19 digits and a check digit by Luhn (ISO/IEC 7812-1); an IBAN has one by ISO 13616.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from stdnum import iban, luhn

MASKING_FILE = Path(__file__).with_name("masking.yaml")
# Major industry identifiers of bank cards (ISO/IEC 7812-1): 3 travel, 4 and 5 banking, 2 and 6 banking and others.
_ISSUERS = "23456"
_LENGTHS = range(13, 20)
LONGEST_RUN = 40
"""Digits in a row, spaces aside, that may still be cards; what is longer is a log or a list."""
_SPACING = r"[\s.\-\u00a0\u2009\u202f_]{0,2}"
_DIGITS = re.compile(rf"\d(?:{_SPACING}\d){{12,}}")
_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}{_SPACING}\d\d(?:{_SPACING}[A-Za-z0-9]){{11,30}}")
_EXPIRY = re.compile(r"(\[card\])[\s,;]*(?:\w{1,10}[\s:.]*)?\d\d\s?/\s?\d\d(?:\d\d)?")
_CODE_BEHIND = re.compile(r"(\[card\])[\s,;]*\d{3,4}(?!\d)")


class Secret(StrEnum):
    """What was masked."""

    CARD = "card"
    CVV = "cvv"
    IBAN = "iban"
    PASSWORD = "password"  # noqa: S105 - a kind, not a secret


@dataclass(frozen=True)
class Masked:
    """A text without its secrets, and which kinds it had, sorted."""

    text: str
    found: tuple[Secret, ...]


class MaskingRules(BaseModel):
    """masking.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    security_code: tuple[str, ...]
    password: tuple[str, ...]
    pin: tuple[str, ...]
    links: tuple[str, ...]
    no_secret: tuple[str, ...]


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rules = MaskingRules.model_validate(yaml.safe_load(MASKING_FILE.read_text(encoding="utf-8")))
    link = rf"(?:\s*(?:{_any(rules.links)}))?\s*"
    code = re.compile(rf"(?<!\w)({_any(rules.security_code)}){link}\d{{3,4}}(?!\d)", re.IGNORECASE)
    no_secret = rf"(?!(?:{_any(rules.no_secret)})(?!\w))"
    word = re.compile(
        rf"(?<!\w)({_any(rules.password)})((?:\s*[:=]\s*|\s+(?:{_any(rules.links)})\s+)){no_secret}(\S+)"
        rf"|(?<!\w)({_any(rules.pin)}){link}(\d{{4,8}})(?!\d)",
        re.IGNORECASE,
    )
    return code, word


def mask(text: str) -> Masked:
    """The text with every secret replaced by its kind in brackets. Masking twice changes nothing."""
    found: set[Secret] = set()
    # The digits of an IBAN may look like a card's, so IBANs go first.
    plain = _plain_digits(text)
    text = _replaced(text, plain, _ibans(plain), "[iban]", Secret.IBAN, found)
    plain = _plain_digits(text)
    text = _replaced(text, plain, _cards(plain), "[card]", Secret.CARD, found)
    if Secret.CARD in found:
        text = _EXPIRY.sub(r"\1", text)
        text, count = _CODE_BEHIND.subn(r"\1 [cvv]", text)
        found |= {Secret.CVV} if count else set()
    code, word = _rules()
    text, count = code.subn(r"\1 [cvv]", text)
    found |= {Secret.CVV} if count else set()
    text, count = word.subn(_without_word, text)
    found |= {Secret.PASSWORD} if count else set()
    return Masked(text, tuple(sorted(found)))


def _without_word(match: re.Match[str]) -> str:
    cue = match.group(1) or match.group(4)
    value = match.group(3) or match.group(5)
    return match.group(0) if value.startswith("[") else f"{cue} [password]"


def _cards(plain: str) -> list[tuple[int, int]]:
    """Card numbers; one begins and ends where its group of digits does, or right where another one does."""
    spans: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(plain):
        spots = [index for index in range(*match.span()) if plain[index].isdigit()]
        if len(spots) > LONGEST_RUN:
            continue
        start = 0
        while start < len(spots):
            begins = start == 0 or not plain[spots[start] - 1].isdigit() or (spans and spans[-1][1] == spots[start])
            length = _card_length(plain, spots[start:]) if begins else 0
            if length:
                spans.append((spots[start], spots[start + length - 1] + 1))
            start += length or 1
    return spans


def _card_length(plain: str, spots: list[int]) -> int:
    """How many of the digits, from the first one, are a card; 0 where none is."""
    for size in reversed(_LENGTHS):
        number = "".join(plain[index] for index in spots[:size])
        if len(number) < size or number[0] not in _ISSUERS or len(set(number)) == 1:
            continue
        ends = len(spots) == size or spots[size] != spots[size - 1] + 1 or len(spots) - size in _LENGTHS
        if ends and luhn.is_valid(number):
            return size
    return 0


def _ibans(plain: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in _IBAN.finditer(plain):
        for end in range(match.end(), match.start() + 14, -1):
            if plain[end - 1].isalnum() and iban.is_valid(plain[match.start() : end]):
                spans.append((match.start(), end))
                break
    return spans


def _replaced(text: str, plain: str, spans: list[tuple[int, int]], token: str, kind: Secret, found: set[Secret]) -> str:
    if len(plain) != len(text):
        raise ValueError("Digits are compared place by place.")
    for start, end in reversed(spans):
        text = f"{text[:start]}{token}{text[end:]}"
        found.add(kind)
    return text


def _plain_digits(text: str) -> str:
    """Each full-width or other script's digit as its ASCII digit, place by place."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
