"""Amounts of money, as eleven languages write them: "CHF 49.80", "1.200,50 €", "kr 349,-", "49 fr 80"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.understanding.slots.rules import SlotRules, any_of
from bot.understanding.slots.values import Found, Slot

_NUMBER = r"\d{1,3}(?:[.,'’  \u2009\u202f]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_NO_CENTS = r"(?:[,.][-–—])?"
_BARE = re.compile(
    r"(?<![\w.,'’:/-])(-?\d{1,7}(?:[.,'’]\d{3}){0,2}(?:[.,]\d{1,2})?)(?:[.,][-–—])?(?![\w:/]|[.,]\d|\s?%)"
)
_MINUTE = 60
_DECIMALS = re.compile(r"(.*?)[.,](\d{1,2})")


class Money:
    """Finds amounts by the currencies of the rules."""

    def __init__(self, rules: SlotRules) -> None:
        self._codes = {word.casefold(): code for code, words in rules.currencies.items() for word in words}
        self._seconds = rules.seconds
        word = any_of(self._codes)
        self._amount = re.compile(
            rf"(?<![\w*.,-])(?P<sign>-?)(?:(?P<before>{word})\s?(?P<minus>-?)(?P<first>{_NUMBER}){_NO_CENTS}"
            rf"|(?P<second>{_NUMBER}){_NO_CENTS}\s?(?P<behind>{word})(?:\s?(?P<cents>\d\d)(?!\d))?)(?![\w*]|[.,]\d)",
            re.IGNORECASE,
        )
        self._price = re.compile(rf"\s?(?:{any_of(rules.priced_by)})\s?(?:{any_of(rules.priced)})", re.IGNORECASE)

    def find(self, text: str) -> tuple[list[Found], list[tuple[int, int]]]:
        """Amounts with a currency; and where prices stand, which are no amounts."""
        found: list[Found] = []
        prices: list[tuple[int, int]] = []
        for match in self._amount.finditer(text):
            if self._price.match(text, match.end()):
                prices.append(match.span())
                continue
            number, word = match["first"] or match["second"], match["before"] or match["behind"]
            amount = amount_of(number)
            if word in self._seconds and amount <= _MINUTE:
                continue
            if match["cents"] and "." not in number and "," not in number:
                amount += Decimal(match["cents"]) / 100
            sign = "-" if match["sign"] or match["minus"] else ""
            code = self._codes[word.casefold()]
            found.append(Found(Slot.AMOUNT, f"{sign}{amount:.2f} {code}", match.group(), match.start()))
        return found, prices


def bare_amounts(text: str) -> Iterator[Found]:
    """Amounts without a currency, where one was asked for."""
    for match in _BARE.finditer(text):
        written = match.group(1)
        sign = "-" if written.startswith("-") else ""
        yield Found(Slot.AMOUNT, f"{sign}{amount_of(written):.2f}", written, match.start(1))


def amount_of(written: str) -> Decimal:
    """``1'200.50``, ``1.200,50`` and ``1200,5``: the last sign before one or two digits parts the decimals."""
    match = _DECIMALS.fullmatch(written)
    whole, cents = match.groups() if match else (written, "")
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits or 0}.{cents or 0}")
