"""Finds all values in a message. Text is data: nothing here raises, and time grows with the length only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.understanding.safety.matcher import Matcher
from bot.understanding.safety.words import composed
from bot.understanding.slots import places
from bot.understanding.slots.codes import ErrorCodes, reports, uids, uids_with_colons
from bot.understanding.slots.contracts import ContractIds
from bot.understanding.slots.corrections import Corrections
from bot.understanding.slots.evse import EvseIds
from bot.understanding.slots.links import links
from bot.understanding.slots.money import Money, bare_amounts
from bot.understanding.slots.numbers import Numbers
from bot.understanding.slots.reading import Reader, Reading
from bot.understanding.slots.rules import LINKING, SlotRules
from bot.understanding.slots.symptoms import Symptoms
from bot.understanding.slots.taken import Taken
from bot.understanding.slots.values import Found, Slot

_DASHES = "‐‑‒–—−"


class SlotFinder:
    """Reads messages by the rules. Pure once loaded; safe to use from several threads."""

    def __init__(self, rules: SlotRules) -> None:
        self._reader = Reader(Matcher(rules.lexicons), (*LINKING, *rules.cues))
        self._evse = EvseIds(rules.countries, rules.models)
        self._contracts = ContractIds(rules.countries)
        self._money = Money(rules)
        self._codes = ErrorCodes(rules)
        self._numbers = Numbers(rules)
        self._symptoms = Symptoms(rules)
        self._corrections = Corrections(frozenset(rules.cues))

    @classmethod
    def load(cls) -> SlotFinder:
        """With the shipped rules and words.

        Raises:
            pydantic.ValidationError: when a file is not as it must be.
        """
        return cls(SlotRules.load())

    def find(self, text: str, expected: Slot | None = None) -> tuple[Found, ...]:
        """Every value, in the order of the text; offsets refer to its composed form (NFC).

        ``expected``: the slot that was just asked for. Two values of one slot may both be there, and one value may be
        found twice where it was written twice; see :attr:`Found.rejected` for those that were taken back.
        """
        written = composed(text)
        reading = self._reader.read(_plain(written))
        taken = Taken(len(written))
        found = [each for each in self._formed(reading, expected, taken) if taken.take(each)]
        if expected is Slot.AMOUNT:
            found += [each for each in bare_amounts(reading.text) if taken.take(each)]
        found += self._numbers.find(reading, taken, expected)
        found += self._told(reading, found)
        ordered = sorted(found, key=lambda each: (each.start, each.end))
        marked = self._corrections.mark(reading, ordered)
        return tuple(replace(each, raw=written[each.start : each.end]) for each in marked)

    def _formed(self, reading: Reading, expected: Slot | None, taken: Taken) -> Iterator[Found]:
        """Values that their own form tells. What is looked for first goes first: a contract id is never a station."""
        text = reading.text
        yield from places.in_links(text)
        yield from self._evse.in_links(text)
        for link in links(text):
            taken.block(link.start, link.end)
        yield from self._contracts.find(text)
        yield from self._evse.find(text, reading.knows)
        yield from reports(text)
        yield from uids_with_colons(text)
        yield from self._spoken_uids(reading, expected)
        yield from places.written(text)
        amounts, prices = self._money.find(text)
        yield from amounts
        for start, end in prices:
            taken.block(start, end)
        yield from self._codes.find(reading)

    def _spoken_uids(self, reading: Reading, expected: Slot | None) -> Iterator[Found]:
        """UIDs without colons: only where the message speaks of a card, and all digits only right behind "uid"."""
        card = any(name in ("rfid", "pass") for spans in reading.ending.values() for _, name in spans)
        for each in uids(reading.text):
            cued = self._numbers.cued(reading, reading.word_at(each.start)) or ()
            letters = any(char.isalpha() for char in each.value)
            if expected is Slot.RFID or Slot.RFID in cued or (card and letters):
                yield each

    def _told(self, reading: Reading, found: Iterable[Found]) -> list[Found]:
        """Each symptom once; words that are an error code already tell none besides."""
        codes = [(each.start, each.end) for each in found if each.slot is Slot.ERROR_CODE]
        told: dict[str, Found] = {}
        for each in self._symptoms.find(reading):
            if not any(each.start < end and start < each.end for start, end in codes):
                told.setdefault(each.value, each)
        return list(told.values())


def _plain(text: str) -> str:
    """Digits of other scripts, odd spaces and dashes as their plain ones, place by place."""
    return text if text.isascii() else "".join(map(_plain_character, text))


def _plain_character(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.digit(char))
    if char in _DASHES:
        return "-"
    return " " if unicodedata.category(char) == "Zs" else char
