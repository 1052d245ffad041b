"""Where somebody is: coordinates, geo URIs (RFC 5870) and links of maps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.slots.links import links
from bot.understanding.slots.values import Found, Slot

_DEGREES = r"[-−]?\d{1,3}\.\d{2,15}"
_COMMA_DEGREES = r"[-−]?\d{1,3},\d{3,15}"
_SIDE = r"\s?°?\s?[NSEWO]?"
_WRITTEN = (
    re.compile(rf"(?<![\w.,])({_DEGREES}{_SIDE})\s?[,;/ ]\s?({_DEGREES}{_SIDE})(?![\w.])", re.IGNORECASE),
    re.compile(rf"(?<![\w.,])({_COMMA_DEGREES}{_SIDE})\s?[; ]\s?({_COMMA_DEGREES}{_SIDE})(?![\w.,])", re.IGNORECASE),
)
_PLAIN = r"(-?\d{1,3}(?:\.\d{1,15})?)"
_PLACE_KEYS = "q|query|ll|sll|daddr|destination|center|coordinate|mlat|lat"
_IN_LINK = (
    re.compile(rf"^geo:{_PLAIN},{_PLAIN}", re.IGNORECASE),
    re.compile(rf"!3d{_PLAIN}!4d{_PLAIN}"),
    re.compile(rf"[?&](?:{_PLACE_KEYS})=(?:loc:)?{_PLAIN}(?:[,+ ]+|&m?lon=){_PLAIN}"),
    re.compile(rf"@{_PLAIN},{_PLAIN}"),
    re.compile(rf"#map=\d{{1,2}}/{_PLAIN}/{_PLAIN}"),
    re.compile(rf"/(?:place|search|dir)/{_PLAIN},[+ ]?{_PLAIN}"),
)  # fmt: skip
_NORTHERNMOST, _EASTERNMOST = 90, 180


def in_links(text: str) -> Iterator[Found]:
    """Places that links and geo URIs name."""
    for link in links(text):
        place = next(filter(None, (pattern.search(link.opened) for pattern in _IN_LINK)), None)
        if place is not None:
            yield _place(float(place[1]), float(place[2]), link.written, link.start)


def written(text: str) -> Iterator[Found]:
    """Coordinates in degrees, latitude first."""
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            yield _place(_degrees(match[1]), _degrees(match[2]), match.group(), match.start())


def _degrees(written: str) -> float:
    number = re.sub(r"[^\d.,−-]", "", written).replace(",", ".").replace("−", "-")
    south_or_west = written[-1:].upper() in ("S", "W")
    return -float(number) if south_or_west else float(number)


def _place(latitude: float, longitude: float, raw: str, start: int) -> Found:
    valid = abs(latitude) <= _NORTHERNMOST and abs(longitude) <= _EASTERNMOST
    # Adding nothing makes a negative zero a zero.
    return Found(Slot.LOCATION, f"{latitude + 0.0:.5f},{longitude + 0.0:.5f}", raw, start, valid=valid)
