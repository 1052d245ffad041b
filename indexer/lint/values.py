"""The values that a text states, the same however a language writes them: "CHF 50.00" and "50,00 CHF" are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from indexer.facts import filters_for

Kind = Literal["amount", "percentage", "time", "phone", "number"]

_BLANK = " \u00a0\u202f"
_NUMBER = rf"\d+(?:[{_BLANK}’'.,]\d+)*"
_CURRENCIES = r"CHF|EUR|NOK|SEK|DKK|GBP|USD|PLN|Fr\.|€|£|\$"
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "Fr.": "CHF"}
# The order is that of being tried: what is part of a phone or an amount is no number of its own.
_VALUE = re.compile(
    rf"(?P<phone>(?<![\d*])(?:\+|00)?\d[\d{_BLANK}()/–-]{{6,}}\d(?!\d))"
    rf"|(?P<before>{_CURRENCIES})[{_BLANK}]?(?P<amount>{_NUMBER})"
    rf"|(?P<sum>{_NUMBER})[{_BLANK}]?(?P<after>{_CURRENCIES})(?!\w)"
    rf"|(?P<percentage>{_NUMBER})[{_BLANK}]?%"
    rf"|(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)[{_BLANK}]?(?P<half>[AaPp]\.?[Mm]\b\.?)"
    rf"|(?P<hour24>\d{{1,2}})(?::|[{_BLANK}]?h[{_BLANK}]?)(?P<minute24>\d\d)(?!\d)"
    rf"|(?P<number>(?<![\w-]){_NUMBER})"
)


@dataclass(frozen=True)
class Value:
    """One value of a text: ``said`` as it stands there, ``text`` the same in every language."""

    kind: Kind
    text: str
    said: str


def values(text: str) -> Iterator[Value]:
    """Every amount, percentage, time, phone and other number of ``text``, in order."""
    for match in _VALUE.finditer(text):
        yield _value(match)


def _value(match: re.Match[str]) -> Value:
    said = match[0].strip()
    if match["phone"]:
        return Value("phone", digits(match["phone"]), said)
    if match["amount"] or match["sum"]:
        currency = match["before"] or match["after"]
        return Value("amount", f"{_SIGNS.get(currency, currency)} {plain(match['amount'] or match['sum'])}", said)
    if match["percentage"]:
        return Value("percentage", f"{plain(match['percentage'])}%", said)
    if match["hour"] or match["hour24"]:
        hour, minute = int(match["hour"] or match["hour24"]), int(match["minute"] or match["minute24"])
        if match["half"]:
            hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
        return Value("time", f"{hour:02}:{minute:02}", said)
    return Value("number", plain(match["number"]), said)


def digits(text: str) -> str:
    """The digits of a phone, with those of an international prefix but without its sign."""
    found = re.sub(r"\D", "", text)
    return found.removeprefix("00")


def plain(number: str) -> str:
    """A number with a point before its decimals and nothing between thousands: "1.250,50" and "1,250.50" are one."""
    compact = re.sub(rf"[{_BLANK}’']", "", number)
    whole, mark, rest = _cut(compact)
    if mark and len(rest) == 3 and whole not in ("", "0") and not re.search(r"[.,]", whole):
        whole, rest = whole + rest, ""
    whole = re.sub(r"[.,]", "", whole).lstrip("0") or "0"
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def _cut(number: str) -> tuple[str, str, str]:
    place = max(number.rfind("."), number.rfind(","))
    return (number[:place], number[place], number[place + 1 :]) if place >= 0 else (number, "", "")


@dataclass(frozen=True)
class Fact:
    """A fact of a vendor as an article of some language would show it."""

    vendor: str
    name: str
    shown: str


def facts_shown(vendor: str, facts: dict[str, Any], language: str) -> Iterator[Fact]:
    """The facts that have a number in them, as they would be shown."""
    filters = filters_for(language)
    for name, value in facts.items():
        match value:
            case {"amount": _, "currency": _}:
                yield Fact(vendor, name, filters["money"](value))
            case {"min": _, "max": _, "unit": _}:
                yield Fact(vendor, name, filters["span"](value))
            case dict():
                yield from (Fact(vendor, f"{name}.{key}", each) for key, each in value.items() if isinstance(each, str))
            case str() if name.endswith("_percent"):
                yield Fact(vendor, name, filters["percent"](value))
            case str() if re.fullmatch(r"\d\d:\d\d", value):
                yield Fact(vendor, name, time.fromisoformat(value).isoformat("minutes"))
            case str():
                yield Fact(vendor, name, value)


def names_of(facts: dict[str, Any]) -> frozenset[str]:
    """Names among a vendor's facts, such as those of plans, models and buttons: the same in every language."""
    found: set[str] = set()
    for value in facts.values():
        texts = value if isinstance(value, list) else [value]
        found |= {text for text in texts if isinstance(text, str) and text[:1].isupper()}
    return frozenset(found)
