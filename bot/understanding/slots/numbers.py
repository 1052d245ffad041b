"""What a bare number is: by the word near it, by the question that was asked, by its form; else it is nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.slots.rules import SlotRules, any_of
from bot.understanding.slots.values import Found, Slot

_NUMBER = re.compile(r"(?<![\w*.:,/#+-])#?(\d{1,12}(?:[ ]\d{2,5})*[A-Za-z]?)(?![\w*:/-]|[.,]\d)")
_BEFORE_WORDS = 4
"""Words before a number among which a cue is looked for; the nearest one counts."""
_AFTER_WORDS = 2
_WORDS = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*\.?|[€$£%]|[°]c", re.IGNORECASE)
_YEARS = range(1990, 2060)


class Numbers:
    """Reads bare numbers by the rules."""

    def __init__(self, rules: SlotRules) -> None:
        self._forms = {slot: re.compile(form) for slot, form in rules.forms.items()}
        self._cues = {
            slot: re.compile(rf"(?<!\w)(?:{any_of(words)})\w*", re.IGNORECASE) for slot, words in rules.cues.items()
        }
        self._units = frozenset(word.casefold() for word in rules.units)
        self._models = frozenset(word.casefold() for word in rules.models)

    def find(self, text: str, taken: list[tuple[int, int]], expected: Slot | None) -> Iterator[Found]:
        """The numbers that are values, outside of what is ``taken`` already."""
        for match in _NUMBER.finditer(text):
            start, end = match.span(1)
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            written = match.group(1)
            slot = self._slot(text, start, end, written, expected)
            if slot is not None:
                yield Found(slot, _canonical(slot, written), written, start)

    def _slot(self, text: str, start: int, end: int, written: str, expected: Slot | None) -> Slot | None:
        before, after = text[:start], text[end:]
        if self._measures(before, after):
            return None
        digits = re.sub(r"\s", "", written)
        cued = self._cued(before, after)
        if cued is not None:
            return cued
        if expected is not None and self._fits(expected, digits):
            return expected
        if digits.isdigit() and int(digits) in _YEARS and not _alone(text, start, end):
            return None
        fitting = [slot for slot, form in self._forms.items() if form.fullmatch(digits)]
        return fitting[0] if fitting else None

    def _fits(self, slot: Slot, digits: str) -> bool:
        form = self._forms.get(slot)
        return form.fullmatch(digits) is not None if form else slot in (Slot.PASS, Slot.REPORT, Slot.AMOUNT)

    def _measures(self, before: str, after: str) -> bool:
        following = _WORDS.match(after.lstrip(" "))
        preceding = _WORDS.findall(before[-24:])
        if following and following.group().casefold() in self._units:
            return True
        return bool(preceding) and preceding[-1].casefold() in self._models

    def _cued(self, before: str, after: str) -> Slot | None:
        near = " ".join(_WORDS.findall(before[-60:])[-_BEFORE_WORDS:])
        best: tuple[int, Slot] | None = None
        for slot, pattern in self._cues.items():
            last = max((match.start() for match in pattern.finditer(near)), default=-1)
            if last >= 0 and (best is None or last > best[0]):
                best = last, slot
        if best is not None:
            return best[1]
        behind = " ".join(_WORDS.findall(after[:30])[:_AFTER_WORDS])
        return next((slot for slot, pattern in self._cues.items() if pattern.match(behind)), None)


def _alone(text: str, start: int, end: int) -> bool:
    return not re.search(r"\w", text[:start] + text[end:])


def _canonical(slot: Slot, written: str) -> str:
    compact = re.sub(r"\s", "", written)
    if slot is Slot.REPORT:
        return f"R-{compact}"
    return written if slot is Slot.PASS else compact.upper()
