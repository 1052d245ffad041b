"""EVSE ids in any spelling, and what the links of QR codes say.

``CH*EPO*E4521``: country, operator, ``E`` and up to 30 letters, digits and stars (ISO 15118-2, annex H; product.md 7).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from bot.understanding.slots.links import links
from bot.understanding.slots.values import Found, Slot

_PRINTED = re.compile(r"(?:/|=)(\d{3,4}[A-Za-z]?)(?=$|[/?&#])")
_REST = r"\d[A-Za-z0-9]{0,29}(?:[*]\d?[A-Za-z0-9]{0,8}){0,3}"
_LONGEST = 31


class EvseIds:
    """Finds EVSE ids. ``countries``: what an id may begin with; ``models``: cars that look like the end of one."""

    def __init__(self, countries: Iterable[str], models: Iterable[str]) -> None:
        country = f"(?P<country>{'|'.join(sorted(countries))})"
        # Either every part is set off, or only by spaces (then longer, for sentences have such words too), or none is.
        spellings = (
            rf"{country}[*\-_./]\s?(?P<operator>[A-Z0-9]{{3}})\s?[*\-_./]\s?E[\s*\-_.]?(?P<rest>{_REST}(?:-\d{{1,2}})?)",
            rf"{country}\s(?P<operator>[A-Z0-9]{{3}})\s[*]?\s?E\s?(?P<rest>\d{{3}}{_REST})",
            rf"{country}(?P<operator>[A-Z0-9]{{3}})E(?P<rest>\d{{2}}{_REST})",
            rf"{country}(?P<operator>[A-Z0-9]{{3}})[*\-]E(?P<rest>{_REST})",
            rf"{country}[*\-](?P<operator>[A-Z0-9]{{3}})E(?P<rest>{_REST})",
        )
        self._spellings = [
            re.compile(rf"(?<![A-Za-z0-9*]){each}(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII) for each in spellings
        ]
        self._models = frozenset(models)

    def find(self, text: str, is_word: Callable[[str], bool]) -> Iterator[Found]:
        """The ids of a text. ``is_word``: "charge4521" is a word and a number, and no id of Switzerland."""
        for number, spelling in enumerate(self._spellings):
            for match in spelling.finditer(text):
                operator, rest = match["operator"], match["rest"]
                joined, spaced = number == 2, number == 1
                if joined and operator.isalpha() and is_word(f"{match['country']}{operator}e"):
                    continue
                if spaced and (f"e{rest}".lower() in self._models or is_word(operator)):
                    continue
                yield Found(Slot.STATION, _canonical(match), match.group(), match.start())

    def in_links(self, text: str) -> Iterator[Found]:
        """Ids and printed numbers that the links of a text name: an id first, in the path or in a parameter."""
        for link in links(text):
            inside = next(self.find(link.path, lambda _: False), None)
            printed = _PRINTED.search(link.path)
            if inside is not None:
                yield Found(Slot.STATION, inside.value, link.written, link.start)
            elif printed is not None:
                yield Found(Slot.STATION, printed.group(1).upper(), link.written, link.start)


def _canonical(match: re.Match[str]) -> str:
    rest = match["rest"].upper().replace("-", "*")[:_LONGEST].rstrip("*")
    return f"{match['country'].upper()}*{match['operator'].upper()}*E{rest}"
