"""Finds all values in a message. Text is data: nothing here raises, and time grows with the length only."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.understanding.slots.identifiers import amount_of, identifiers, links, money
from bot.understanding.slots.numbers import Numbers
from bot.understanding.slots.rules import SlotRules, any_of
from bot.understanding.slots.values import Found, Slot

_BARE_AMOUNT = re.compile(r"(?<![\w.,])(\d{1,5}(?:[.,]\d{1,2})?)(?![\w.,]\d)")
_REACH = 24
"""Characters before a value among which "not" or "I meant" is looked for."""


class SlotFinder:
    """Reads messages by the rules of rules.yaml."""

    def __init__(self, rules: SlotRules) -> None:
        self._numbers = Numbers(rules)
        self._codes = {name.casefold(): name for name in rules.error_codes}
        self._code = re.compile(
            "|".join(r"\s?".join(re.findall("[A-Z][a-z]+|EV", name)) or name for name in rules.error_codes),
            re.IGNORECASE,
        )
        self._words = {word.casefold(): name for name, words in rules.error_words.items() for word in words}
        self._word = re.compile(rf"(?<!\w)(?:{any_of(self._words)})", re.IGNORECASE)
        self._vendor_code = re.compile(
            rf"(?<!\w)(?:{any_of(rules.vendor_code_cues)})\w{{0,4}}\W{{1,3}}([A-Za-z]{{0,3}}[-\s]?\d{{1,4}})(?![\w*])"
            r"|(?<!\w)([EF]-?\d{2,4})(?![\w*])",
            re.IGNORECASE,
        )
        self._symptoms = {word.casefold(): name for name, words in rules.symptoms.items() for word in words}
        self._symptom = re.compile(rf"(?<!\w)(?:{any_of(self._symptoms)})", re.IGNORECASE)
        self._rejecting = re.compile(rf"(?<!\w)(?:{any_of(rules.rejecting)})\W+(?:\w+\W+)?$", re.IGNORECASE)
        self._correcting = re.compile(rf"(?<!\w)(?:{any_of(rules.corrections)})(?!\w)", re.IGNORECASE)

    @classmethod
    def load(cls) -> SlotFinder:
        """With the shipped rules."""
        return cls(SlotRules.load())

    def find(self, text: str, expected: Slot | None = None) -> tuple[Found, ...]:
        """Every value, in the order of the text. ``expected``: the slot that was just asked for."""
        found: list[Found] = []
        for each in (*links(text), *identifiers(text), *money(text), *self._error_codes(text)):
            _add(found, each)
        if expected is Slot.AMOUNT:
            for match in _BARE_AMOUNT.finditer(text):
                _add(found, Found(Slot.AMOUNT, f"{amount_of(match.group(1)):.2f}", match.group(1), match.start(1)))
        for each in self._numbers.find(text, [(one.start, one.end) for one in found], expected):
            _add(found, each)
        found += self._told_symptoms(text)
        return tuple(sorted(self._corrected(text, found), key=lambda each: each.start))

    def _error_codes(self, text: str) -> list[Found]:
        codes = [
            Found(
                Slot.ERROR_CODE, self._codes[re.sub(r"\s", "", match.group()).casefold()], match.group(), match.start()
            )
            for match in self._code.finditer(text)
        ]
        codes += [
            Found(Slot.ERROR_CODE, self._words[match.group().casefold()], match.group(), match.start())
            for match in self._word.finditer(text)
        ]
        for match in self._vendor_code.finditer(text):
            group = 1 if match.group(1) else 2
            value = re.sub(r"\s", "", match.group(group)).upper()
            codes.append(Found(Slot.ERROR_CODE, value, match.group(group), match.start(group)))
        return codes

    def _told_symptoms(self, text: str) -> list[Found]:
        told: dict[str, Found] = {}
        for match in self._symptom.finditer(text):
            name = self._symptoms[match.group().casefold()]
            told.setdefault(name, Found(Slot.SYMPTOM, name, match.group(), match.start()))
        return list(told.values())

    def _corrected(self, text: str, found: list[Found]) -> list[Found]:
        """Of two values of one slot, the one that was taken back is marked: "not 4512 but 4521", "4512, no, 4521"."""
        marked = []
        for each in found:
            twins = [other for other in found if other.slot == each.slot and other.value != each.value]
            rejected = bool(self._rejecting.search(text[max(0, each.start - _REACH) : each.start])) and bool(twins)
            later = [other for other in twins if other.start > each.end]
            mended = any(self._correcting.search(text[each.end : other.start]) for other in later)
            none_rejected = not any(
                self._rejecting.search(text[max(0, other.start - _REACH) : other.start]) for other in later
            )
            marked.append(replace(each, rejected=rejected or (mended and none_rejected and each.slot != Slot.SYMPTOM)))
        if marked and all(each.rejected for each in marked if each.slot == marked[-1].slot):
            marked[-1] = replace(marked[-1], rejected=False)
        return marked


def _add(found: list[Found], new: Found) -> None:
    """Unless its place is taken; what is looked for first goes first."""
    if not any(new.start < each.end and each.start < new.end for each in found):
        found.append(new)
