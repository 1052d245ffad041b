"""What a number is when it is no value: a time, a date, a phone number, a measure, a year, a car, a house. Pure."""

from __future__ import annotations

import re

from bot.understanding.slots.reading import Reading
from bot.understanding.slots.rules import SlotRules

_TIME = re.compile(r"(?<![\d.,])(?:[01]?\d|2[0-4])(?:[:h]\d{2}|\.\d{2}(?=\s?(?:uhr|h\b))|\s?h\b)(?!\d)", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)\d{1,4}\s?[./-]\s?\d{1,2}(?:\s?[./-]\s?\d{1,4}|[. ]\s?(?:19|20)\d\d)?(?![\d/])")
# With a country's code, or a leading nought and eight digits at least, or in groups of two and three.
_PHONE = re.compile(
    r"\+\s?\d[\d ()/.-]{6,18}\d|(?<![\w/.-])0\d[\d ()/.-]{6,16}\d"
    r"|(?<![\w/.-])\d{2,3}(?:[ .-]\d{2,3}){2,4}(?![\w]|[.,]\d)"
)
_FEWEST_PHONE_DIGITS = 8
_LONGEST_COUNT = 3
"""Digits of a count, a measure without a unit of its own or a house number; a station's number may have more."""
_STREET_REACH = 2
"""Words between "rue" or "via" and the number of the house."""
_DUTCH_POSTCODE = re.compile(r" [A-Z]{2}(?= [A-Z][a-z])")
APOSTROPHES = ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
_OCLOCK = re.compile(r"(?:[01]?\d|2[0-3])(?:[0-5][05])")


class Otherwise:
    """Tells numbers that are no values."""

    def __init__(self, rules: SlotRules) -> None:
        self._rules = rules
        self._first_year, self._last_year = rules.years

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where times and dates stand."""
        return [match.span() for pattern in (_TIME, _DATE) for match in pattern.finditer(text)]

    def phones(self, text: str) -> list[tuple[int, int]]:
        """Where phone numbers stand; the number of a pass may look like one."""
        return [
            match.span()
            for match in _PHONE.finditer(text)
            if sum(char.isdigit() for char in match.group()) >= _FEWEST_PHONE_DIGITS
        ]

    def measured(self, reading: Reading, number: int, digits: str, letter: str) -> bool:
        """Whether a unit stands behind the number, or a thing that has numbers before it."""
        if letter and self._is_unit(letter, digits):
            return True
        if reading.text[reading.words[number].end :].lstrip(" ").startswith(("%", "‰", "°")):
            return True
        before, after = self._neighbours(reading, number)
        if after.casefold() in self._rules.measures and not self._is_elided(reading, number):
            return True
        if len(digits) <= _LONGEST_COUNT and after in self._rules.short_measures:
            return True
        if before.casefold() in self._rules.makers or f"{before}{digits}{letter}".casefold() in self._rules.models:
            return True
        if f"{digits}{letter or after}".casefold() in self._rules.models:
            return True
        return len(digits) <= _LONGEST_COUNT and (self._counts(reading, number) or self._is_house(reading, number))

    def is_year(self, digits: str) -> bool:
        """Whether it may be a year."""
        return len(digits) == 4 and self._first_year <= int(digits) <= self._last_year

    def is_time(self, reading: Reading, number: int, digits: str) -> bool:
        """Whether it is a time without its colon: "kl 2130"."""
        before = reading.before(number)
        return (
            before is not None
            and reading.ends_with(before, frozenset({"moment"})) is not None
            and _OCLOCK.fullmatch(digits) is not None
        )

    def is_place(self, reading: Reading, number: int) -> bool:
        """Whether it is a postal code, or belongs to a number plate."""
        before, after = self._neighbours(reading, number)
        dutch = _DUTCH_POSTCODE.match(reading.text, reading.words[number].end)
        return after.casefold() in self._rules.towns or before in self._rules.plates or dutch is not None

    def _is_unit(self, letter: str, digits: str) -> bool:
        return letter in self._rules.unit_letters or (letter == "A" and len(digits) <= _LONGEST_COUNT)

    def _is_elided(self, reading: Reading, number: int) -> bool:
        """Whether an apostrophe stands behind the next word: a pronoun, as in "4521 m'affiche", and no unit."""
        place = reading.after(number)
        return place is not None and reading.text[reading.words[place].end :].startswith(APOSTROPHES)

    def _counts(self, reading: Reading, number: int) -> bool:
        after = reading.after(number)
        return after is not None and any(name == "unit" for _, name in reading.starting.get(after, ()))

    def _is_house(self, reading: Reading, number: int) -> bool:
        around: list[int] = []
        for step in (reading.before, reading.after):
            place = step(number)
            while place is not None:
                around.append(place)
                place = step(place) if abs(place - number) < _STREET_REACH else None
        return any(reading.has(place, place, "street") for place in around)

    def _neighbours(self, reading: Reading, number: int) -> tuple[str, str]:
        before, after = reading.before(number), reading.after(number)
        return (
            reading.written(before) if before is not None else "",
            reading.written(after) if after is not None else "",
        )
