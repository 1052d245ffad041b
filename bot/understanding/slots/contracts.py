"""Contract ids (EMAID) by ISO 15118-2, annex H, and by DIN SPEC 91286, apart from everything that looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.understanding.slots.emaid import check_digit
from bot.understanding.slots.values import Found, Slot

_FEWEST_DIGITS = 3
"""In an instance that no hyphen sets off; a long word has none."""


class ContractIds:
    """Finds contract ids. ``countries``: what one may begin with."""

    def __init__(self, countries: Iterable[str]) -> None:
        country, provider = f"({'|'.join(sorted(countries))})", r"([A-Z0-9]{3})"
        instance, digit = r"([A-Z0-9]{9})", r"([A-Z0-9])"
        self._iso = [
            re.compile(rf"(?<![A-Za-z0-9*]){each}(?![A-Za-z0-9*])", re.IGNORECASE | re.ASCII)
            for each in (
                rf"{country}[-*\s]{{1,3}}{provider}[-*\s]{{1,3}}{instance}(?:[-*\s]?{digit})?",
                rf"{country}{provider}{instance}{digit}?",
            )
        ]
        self._din = re.compile(
            rf"(?<![A-Za-z0-9*]){country}([-*]){provider}\2([A-Z0-9]{{6}})(?:\2([0-9X]))?(?![A-Za-z0-9*-])",
            re.IGNORECASE | re.ASCII,
        )

    def find(self, text: str) -> Iterator[Found]:
        """The ids of a text; one with a wrong check digit is found as well, as not valid."""
        for pattern in self._iso:
            for match in pattern.finditer(text):
                country, provider, instance, digit = (part and part.upper() for part in match.groups())
                if sum(char.isdigit() for char in instance) < _FEWEST_DIGITS or _is_evse(instance):
                    continue
                value = "-".join(filter(None, (country, provider, instance, digit)))
                valid = digit is None or check_digit(f"{country}{provider}{instance}") == digit
                yield Found(Slot.CONTRACT, value, match.group(), match.start(), valid=valid)
        for match in self._din.finditer(text):
            country, _, provider, instance, digit = (part and part.upper() for part in match.groups())
            if any(char.isdigit() for char in instance) and not _is_evse(instance):
                value = "-".join(filter(None, (country, provider, instance, digit)))
                yield Found(Slot.CONTRACT, value, match.group(), match.start())


def _is_evse(instance: str) -> bool:
    return instance[0] == "E" and instance[1:].isdigit()
