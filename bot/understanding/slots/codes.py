"""Error codes: OCPP's in any spelling and in words, and makers' own. UIDs of cards. Ids of reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.slots.reading import Reading, char_span
from bot.understanding.slots.rules import SlotRules
from bot.understanding.slots.values import Found, Slot

_PARTS = re.compile(r"EV(?=C)|[A-Z][a-z]+")
_REPORT = re.compile(r"(?<!\w)R[\s.:#_-]{0,2}([0-9]{5})(?!\w)", re.IGNORECASE)
_COLON_UID = re.compile(r"(?<![0-9A-Za-z:])[0-9A-F]{2}(?::[0-9A-F]{2}){3,9}(?![0-9A-Za-z:])", re.IGNORECASE | re.ASCII)
_UID = re.compile(r"(?<![0-9A-Za-z])[0-9A-F]{2}(?:[ :-]?[0-9A-F]{2}){3,9}(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)
_UID_LENGTHS = (8, 14, 20)
"""Hexadecimal digits of 4, 7 and 10 bytes (product.md, section 7)."""


class ErrorCodes:
    """Finds error codes that need no number's cue."""

    def __init__(self, rules: SlotRules) -> None:
        self._names = {name.casefold(): name for name in rules.error_codes}
        spelled = (_spelled(name, name not in rules.together) for name in rules.error_codes)
        self._code = re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE | re.ASCII)
        self._maker = re.compile(rf"(?<![\w*-])(?:{rules.maker_code})(?![\w*])", re.IGNORECASE | re.ASCII)
        self._models = rules.models

    def find(self, reading: Reading) -> Iterator[Found]:
        """OCPP's codes, then what tells one in words, then makers' codes."""
        text = reading.text
        for match in self._code.finditer(text):
            name = self._names[re.sub(r"[\s_-]", "", match.group()).casefold()]
            yield Found(Slot.ERROR_CODE, name, match.group(), match.start())
        for concepts in reading.concepts.values():
            for name in self._names.values():
                for span in concepts.get(name, ()):
                    start, end = char_span(reading, span)
                    yield Found(Slot.ERROR_CODE, name, text[start:end], start)
        for match in self._maker.finditer(text):
            if re.sub(r"[\s_-]", "", match.group()).lower() not in self._models:
                value = re.sub(r"\s", "", match.group()).upper()
                yield Found(Slot.ERROR_CODE, value, match.group(), match.start())


def _spelled(name: str, apart: bool) -> str:
    gap = r"[\s_-]?" if apart else "[_-]?"
    return gap.join(_PARTS.findall(name))


def reports(text: str) -> Iterator[Found]:
    """Ids of reports, such as ``R-20418``."""
    for match in _REPORT.finditer(text):
        yield Found(Slot.REPORT, f"R-{match.group(1)}", match.group(), match.start())


def uids_with_colons(text: str) -> Iterator[Found]:
    """UIDs that need no word before them."""
    for match in _COLON_UID.finditer(text):
        yield from _uid(match)


def uids(text: str) -> Iterator[Found]:
    """Everything that may be a UID, where one is spoken of."""
    for match in _UID.finditer(text):
        yield from _uid(match)


def _uid(match: re.Match[str]) -> Iterator[Found]:
    value = re.sub(r"[\s:-]", "", match.group()).upper()
    if len(value) in _UID_LENGTHS:
        yield Found(Slot.RFID, value, match.group(), match.start())
