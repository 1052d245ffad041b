"""Which of several values a driver took back: "not 4512 but 4521", "4512, no, I meant 4521"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.understanding.slots.reading import Reading
from bot.understanding.slots.values import Found, Slot

_LINKS = frozenset({"link", "be", "at"})
_BEFORE_NOT = frozenset({"be", "and", "denial"})
_LONGEST = 8
"""Words of a correction between two values: "4512 sorry that was the wrong one I mean 4521"."""
_CLAUSE_END = re.compile(r"[,;!?\n]|\.(?=\s|$)")
_SKIPPED = 3
"""Words between "not" and its value: "not the station 4512"."""


class Corrections:
    """Tells what was taken back. ``cues``: concepts that name a slot, which corrections repeat."""

    def __init__(self, cues: frozenset[str]) -> None:
        self._cues = cues
        self._around = _LINKS | cues | {"and", "denial", "meant", "not"}

    def mark(self, reading: Reading, found: Sequence[Found]) -> list[Found]:
        """The values in the order of the text, with those marked as rejected that were taken back."""
        return [replace(each, rejected=self._is_taken_back(reading, each, found)) for each in found]

    def _is_taken_back(self, reading: Reading, one: Found, found: Sequence[Found]) -> bool:
        if one.slot is Slot.SYMPTOM:
            return False
        twins = [other for other in found if other.slot is one.slot and other.value != one.value]
        if self._is_denied(reading, one, twins, found):
            return True
        following = next((other for other in twins if other.start >= one.end), None)
        if following is None:
            return False
        others = [other for other in found if other.slot is one.slot and other.value != following.value]
        return not self._is_denied(reading, following, others, found) and self._is_mended(reading, one, following)

    def _is_denied(self, reading: Reading, one: Found, twins: Sequence[Found], found: Sequence[Found]) -> bool:
        """Whether a "not" before it is about it, or an "is wrong" behind it."""
        if twins and any(self._says_behind(reading, one, "wrong")):
            return True
        place = reading.word_at(one.start) - 1
        for _ in range(_SKIPPED + 1):
            if place < 0 or _parted(reading, place, one):
                return False
            spans = reading.ending.get(place, ())
            if any(name == "instead" for _, name in spans):
                return bool(twins)
            begins = next((first for first, name in spans if name == "not"), None)
            if begins is not None:
                doubtful = (begins, "denial") in spans
                return self._is_about(reading, begins, found) and (
                    not doubtful or self._is_not(reading, one, begins, place, twins)
                )
            skipped = reading.ends_with(place, _LINKS | self._cues)
            if skipped is None:
                return False
            place = skipped - 1
        return False

    def _is_about(self, reading: Reading, begins: int, found: Sequence[Found]) -> bool:
        """Whether the "not" opens a clause or follows "is" or a value; "it works not, 4521" is about something else."""
        if begins == 0:
            return True
        start, end = reading.words[begins].start, reading.words[begins - 1].end
        if not reading.text[end:start].isspace() or any(
            other.start <= end <= other.end for other in found if other.slot is not Slot.SYMPTOM
        ):
            return True
        return reading.ends_with(begins - 1, _BEFORE_NOT) is not None

    def _is_not(self, reading: Reading, one: Found, begins: int, place: int, twins: Sequence[Found]) -> bool:
        """Whether a word is "not" rather than "no": another value follows, or it is set off and an article follows."""
        if any(other.start > one.start for other in twins):
            return True
        if not twins:
            return False
        article = place + 1 < reading.word_at(one.start)
        set_off = begins > 0 and "," in reading.text[reading.words[begins - 1].end : reading.words[begins].start]
        return article or set_off

    def _is_mended(self, reading: Reading, one: Found, following: Found) -> bool:
        """Whether what stands between two values, or right behind the second, says that the second is meant."""
        first, last = reading.word_at(one.end), reading.word_at(following.start) - 1
        if first > last:
            return "*" in reading.text[one.end : following.start] or any(self._says_behind(reading, following, "meant"))
        if last - first >= _LONGEST:
            return False
        if reading.has(first, last, "meant") or any(self._says_behind(reading, following, "meant")):
            return True
        return reading.has(first, last, "denial") and reading.says(first, last, self._around)

    def _says_behind(self, reading: Reading, one: Found, concept: str) -> Iterator[bool]:
        place = reading.word_at(one.end)
        if place < len(reading.words) and reading.before(place) is not None:
            yield from (name == concept for _, name in reading.starting.get(place, ()))


def _parted(reading: Reading, place: int, one: Found) -> bool:
    """Whether a comma or a full stop stands between a word and the value."""
    return _CLAUSE_END.search(reading.text[reading.words[place].end : one.start]) is not None
