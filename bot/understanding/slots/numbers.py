"""What a bare number is: by the word that belongs to it, by the question that was asked, by its form; else nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.understanding.slots.otherwise import Otherwise
from bot.understanding.slots.reading import Reading
from bot.understanding.slots.rules import SlotRules
from bot.understanding.slots.taken import Taken
from bot.understanding.slots.values import Found, Slot

_NUMBER = re.compile(
    r"(?<![\d*:/+@=&%])(?<!\d[.,'’-])(?P<prefix>(?<![A-Za-z])[A-Z]{1,4}-?)?(?P<digits>\d{1,20}(?: \d{1,8}){0,6})"
    r"(?P<letter>[A-Z](?![A-Za-z0-9]))?(?![\d*@]|[:/.,'’-]\d)",
    re.IGNORECASE | re.ASCII,
)
_LINKS = frozenset({"link", "be"})
_CORRECTING = frozenset({"link", "be", "at", "and", "denial", "meant", "not"})
_THOUSANDS = re.compile(r"\d{1,3} \d{3}")
_LONGEST_GROUP = 4
"""Digits of a group of a pass number that is printed in groups."""
_FURTHEST = 6
"""Words between a word and its number."""
_FEWEST_DIGITS = 3
_SHORT_COUNTS = (Slot.PASS, Slot.STATION, Slot.CHARGER)
"""Slots that shorter numbers count: "post 3" is the third one here, "card 2" the second of two."""


@dataclass(frozen=True)
class _Candidate:
    """Digits with the letters joined to them; ``word``: the number of their first word in the reading."""

    prefix: str
    digits: str
    letter: str
    raw: str
    start: int
    word: int

    @property
    def compact(self) -> str:
        return f"{self.prefix}{self.digits}{self.letter}".upper()

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.raw)


class Numbers:
    """Reads numbers by the rules."""

    def __init__(self, rules: SlotRules) -> None:
        self._rules = rules
        self._otherwise = Otherwise(rules)
        self._cues = frozenset(rules.cues)

    def find(self, reading: Reading, taken: Taken, expected: Slot | None) -> list[Found]:
        """The numbers that are values, outside of what is ``taken`` already."""
        found: list[Found] = []
        for start, end in self._otherwise.spans(reading.text):
            taken.block(start, end)
        phones = Taken(len(reading.text))
        for start, end in self._otherwise.phones(reading.text):
            phones.block(start, end)
        for match in _NUMBER.finditer(reading.text):
            for candidate in self._candidates(reading, match, expected):
                if taken.has(*candidate.span):
                    continue
                slot = self._slot(reading, candidate, expected, found, phones.has(*candidate.span))
                if slot is not None:
                    found.append(Found(slot, _canonical(slot, candidate), candidate.raw, candidate.start))
        return found

    def cued(self, reading: Reading, word: int) -> tuple[Slot, ...] | None:
        """The slots of the word that a number belongs to, right before it or with linking words between."""
        place = reading.before(word)
        for _ in range(_FURTHEST):
            if place is None:
                return None
            spans = reading.ending.get(place, ())
            cue = next(((first, name) for first, name in spans if name in self._cues), None)
            link = next((first for first, name in spans if name in _LINKS), None)
            if any(name == "and" for _, name in spans):
                return None
            if cue is not None and (link is None or cue[0] <= link):
                names = [name for first, name in spans if first == cue[0] and name in self._cues]
                return tuple(slot for name in names for slot in self._rules.cues[name])
            if link is None:
                return None
            place = reading.before(link)
        return None

    def _candidates(self, reading: Reading, match: re.Match[str], expected: Slot | None) -> Iterator[_Candidate]:
        start, digits = match.start("digits"), match["digits"]
        word = reading.word_at(start)
        prefix, letter = match["prefix"] or "", match["letter"] or ""
        if prefix and any(name in self._cues | _LINKS for _, name in reading.ending.get(word - 1, ())):
            prefix = ""
        groups = list(re.finditer(r"\d+", digits))
        first = start - len(prefix)
        if len(groups) == 1 or self._is_one(reading, word - bool(prefix), prefix, digits, letter, expected):
            raw = reading.text[first : match.end()]
            yield _Candidate(prefix, digits.replace(" ", ""), letter, raw, first, word - bool(prefix))
            return
        if self._otherwise.is_place(reading, word + len(groups) - 1):
            return
        for group in groups:
            begins, ends = start + group.start(), start + group.end()
            opens, closes = group is groups[0], group is groups[-1]
            yield _Candidate(
                prefix if opens else "",
                group.group(),
                letter if closes else "",
                reading.text[first if opens else begins : match.end() if closes else ends],
                first if opens else begins,
                reading.word_at(first if opens else begins),
            )

    def _is_one(
        self, reading: Reading, word: int, prefix: str, digits: str, letter: str, expected: Slot | None
    ) -> bool:
        """Whether groups of digits are one number."""
        groups = digits.split(" ")
        joined = f"{prefix}{''.join(groups)}{letter}".upper()
        slots = self.cued(reading, word)
        for slot in slots if slots is not None else (expected,):
            if slot is Slot.PASS and max(map(len, groups)) <= _LONGEST_GROUP:
                return True
            if slot is not None and self._fits(slot, joined) and not self._fits(slot, groups[0]):
                return True
        return _THOUSANDS.fullmatch(digits) is not None

    def _slot(
        self, reading: Reading, one: _Candidate, expected: Slot | None, found: Sequence[Found], in_phone: bool
    ) -> Slot | None:
        last = one.word + bool(one.prefix)
        cued = self.cued(reading, one.word)
        if cued is None and in_phone and expected is not Slot.PASS:
            return None
        if self._otherwise.measured(reading, last, one.digits, one.letter) and not self._is_cued_with_letter(cued, one):
            return None
        if reading.text[one.span[1] : one.span[1] + 1].isalpha() and not reading.starting.get(last + 1):
            return None
        if cued is not None:
            return self._chosen(cued, one)
        if self._otherwise.is_time(reading, last, one.digits) or self._otherwise.is_place(reading, last):
            return None
        if inherited := self._inherited(reading, one, found):
            return inherited
        if behind := self._cued_behind(reading, last, one):
            return behind
        if expected is not None and self._fits(expected, one.compact):
            return expected
        return None if self._is_part(reading, one) else self._by_form(reading, one)

    def _is_cued_with_letter(self, cued: tuple[Slot, ...] | None, one: _Candidate) -> bool:
        """Whether the letter is of a printed number rather than a unit: "station 101A"."""
        return (
            bool(cued) and bool(one.letter) and self._fits(Slot.STATION, one.compact) and Slot.STATION in (cued or ())
        )

    def _chosen(self, cued: tuple[Slot, ...], one: _Candidate) -> Slot | None:
        fitting = [slot for slot in cued if self._fits(slot, one.compact)]
        if fitting:
            return fitting[0]
        if not cued or one.prefix or cued[0] is Slot.RFID or self._otherwise.is_year(one.digits):
            return None
        # Of the wrong form, but clearly meant: the system will say that there is no such thing. A short one may count.
        return cued[0] if len(one.digits) >= (_FEWEST_DIGITS if cued[0] in _SHORT_COUNTS else 1) else None

    def _inherited(self, reading: Reading, one: _Candidate, found: Sequence[Found]) -> Slot | None:
        """The slot of the number before, where only a correction or an "and" stands between."""
        if not found or one.prefix:
            return None
        last = found[-1]
        same = len(re.sub(r"\D", "", last.value)) == len(one.digits)
        first = reading.word_at(last.end)
        joined = reading.has(first, one.word - 1, "and", "denial", "meant", "not")
        return last.slot if same and joined and reading.says(first, one.word - 1, _CORRECTING) else None

    def _cued_behind(self, reading: Reading, last: int, one: _Candidate) -> Slot | None:
        """The slot of a word behind the number that belongs to no other number: "40711 is my account"."""
        place, told = reading.after(last + bool(one.letter)), False
        for _ in range(_FURTHEST):
            if place is None:
                return None
            cues = [(end, name) for end, name in reading.starting.get(place, ()) if name in self._cues]
            if cues:
                end = cues[0][0]
                slots = [slot for name_end, name in cues if name_end == end for slot in self._rules.cues[name]]
                fitting = [slot for slot in slots if self._fits(slot, one.compact)]
                bare = [slot for slot in fitting if slot is not Slot.ERROR_CODE and (told or slot is not Slot.PASS)]
                return bare[0] if bare and not self._belongs_to_next(reading, end) else None
            links = [end for end, name in reading.starting.get(place, ()) if name in _LINKS]
            if not links:
                return None
            told = told or (links[0], "be") in reading.starting[place]
            place = reading.after(links[0])
        return None

    def _belongs_to_next(self, reading: Reading, place: int) -> bool:
        following = reading.after(place)
        for _ in range(_FURTHEST):
            if following is None:
                return False
            if reading.written(following).isdigit():
                return True
            links = [end for end, name in reading.starting.get(following, ()) if name in _LINKS]
            if not links:
                return False
            following = reading.after(links[0])
        return False

    def _is_part(self, reading: Reading, one: _Candidate) -> bool:
        """Whether letters are joined to it that are neither a word nor the letter of a printed number."""
        if one.prefix:
            return True
        text, start = reading.text, one.start
        if start and (text[start - 1].isalpha() or (text[start - 1] in "-_" and text[start - 2 : start - 1].isalpha())):
            known = self._cues | _CORRECTING
            if not any(name in known for _, name in reading.ending.get(one.word - 1, ())):
                return True
        return False

    def _by_form(self, reading: Reading, one: _Candidate) -> Slot | None:
        alone = len(reading.words) == 1
        if self._otherwise.is_year(one.digits) and not one.letter and not alone:
            return None
        slot = next((slot for slot in self._rules.bare if self._fits(slot, one.compact)), None)
        if slot is not None and self._rules.vague[slot].fullmatch(one.compact) and not self._says_nothing_else(reading):
            return None
        if slot is not None and slot is not Slot.STATION:
            return self._nearest(reading, one) or slot
        told_of_pass = any("pass" in concepts for concepts in reading.concepts.values())
        if slot is None and told_of_pass and self._rules.distant_pass.fullmatch(one.compact):
            return Slot.PASS
        return slot

    def _says_nothing_else(self, reading: Reading) -> bool:
        known = _CORRECTING | self._cues
        words = range(len(reading.words))
        return all(reading.written(n).isdigit() or reading.has(n, n, *known) for n in words)

    def _nearest(self, reading: Reading, one: _Candidate) -> Slot | None:
        """Of accounts and reports, which look alike, what was spoken of last; no account where only a bill was."""
        for place in range(one.word - 1, -1, -1):
            for _, name in reading.ending.get(place, ()):
                for slot in self._rules.cues.get(name, ()):
                    if slot in (Slot.ACCOUNT, Slot.REPORT, Slot.CHARGER) and self._fits(slot, one.compact):
                        return slot
        return None

    def _fits(self, slot: Slot, compact: str) -> bool:
        form = self._rules.forms.get(slot)
        return form is not None and form.fullmatch(compact) is not None


def _canonical(slot: Slot, one: _Candidate) -> str:
    return f"R-{one.digits}" if slot is Slot.REPORT else one.compact
