"""Values that their own form tells: EVSE ids, contract ids, reports, RFID UIDs, money, codes, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import unquote

from bot.understanding.slots.emaid import check_digit
from bot.understanding.slots.values import Found, Slot

_LINK = re.compile(r"(?:https?://|www\.|geo:)\S+", re.IGNORECASE)
# Either all parts are joined, or each is set off; words of a sentence must not look like one ("it was e208").
_EVSE = re.compile(
    r"(?<![A-Za-z0-9])(?:([A-Za-z]{2})([A-Za-z0-9]{3})([Ee])(\d[A-Za-z0-9]{1,29}(?:\*\d{1,2})?)"
    r"|([A-Za-z]{2})[*\-_.]\s?([A-Za-z0-9]{3})[*\-_.]\s?([Ee])[\s*\-_.]?(\d[A-Za-z0-9*]{0,30})"
    r"|([A-Za-z]{2})\s([A-Za-z0-9]{3})\s([Ee])\s?(\d{4}[A-Za-z0-9*]{0,26}))(?![A-Za-z0-9])"
)
_EMAID = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{2})[\s\-*]?([A-Za-z0-9]{3})[\s\-*]?([Cc][A-Za-z0-9]{8})(?:[\s\-*]?([A-Za-z0-9]))?(?![A-Za-z0-9])"
)
_REPORT = re.compile(r"(?<![A-Za-z0-9])[Rr][\s\-#.]{0,2}(\d{5})(?!\d)")
_RFID = re.compile(r"(?<![A-Za-z0-9:])((?:[0-9A-Fa-f]{2}:){3}(?:[0-9A-Fa-f]{2}:){0,6}[0-9A-Fa-f]{2})(?![A-Za-z0-9:])")
_UID = re.compile(r"(?:uid|rfid)\W{0,3}((?:[0-9A-Fa-f]{2}[\s:\-]?){4,10})(?![A-Za-z0-9])", re.IGNORECASE)
_CURRENCY = {
    "chf": "CHF", "fr": "CHF", "fr.": "CHF", "sfr": "CHF", "franken": "CHF", "francs": "CHF", "franchi": "CHF",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "kr": "NOK", "kr.": "NOK", "nok": "NOK", "sek": "SEK",
    "dkk": "DKK", "zł": "PLN", "zl": "PLN", "pln": "PLN", "złotych": "PLN", "$": "USD", "usd": "USD", "£": "GBP",
    "gbp": "GBP",
}  # fmt: skip
_WORD = "|".join(re.escape(word) for word in sorted(_CURRENCY, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?<![\w*\-.])(?:({_WORD})\s?({_NUMBER})(?:[,.][-–])?|({_NUMBER})(?:[,.][-–])?\s?({_WORD})(?:\s(\d\d))?)(?![\w*])",
    re.IGNORECASE,
)
_COORDINATES = re.compile(r"(?<![\d.])(-?\d{1,3}\.\d{2,})\s*[,;]\s*(-?\d{1,3}\.\d{2,})(?![\d.])")
_VENDOR_CODE = r"([A-Za-z]{{0,3}}[-\s]?\d{{1,4}})"
LARGEST_LATITUDE, LARGEST_LONGITUDE = 90, 180


def links(text: str) -> Iterator[Found]:
    """EVSE ids, printed numbers and places in links: QR codes and maps."""
    for match in _LINK.finditer(text):
        raw, opened = match.group(), unquote(match.group()).rstrip(".,;)")
        place = re.search(r"(?:@|q=|query=|ll=|mlat=|geo:|#map=\d+/)(-?\d+\.\d+)(?:[,/]|&mlon=)(-?\d+\.\d+)", opened)
        evse = _EVSE.search(opened.split("//")[-1].partition("/")[2] or opened)
        printed = re.search(r"(?:/|=)(\d{3,4}[A-Za-z]?)$", opened)
        if place:
            yield _location(place.group(1), place.group(2), raw, match.start())
        elif evse:
            yield Found(Slot.STATION, _evse_id(evse), raw, match.start())
        elif printed:
            yield Found(Slot.STATION, printed.group(1).upper(), raw, match.start())


def identifiers(text: str) -> Iterator[Found]:
    """What has a form of its own, contract ids before EVSE ids: an EMAID is never a station."""
    for match in _EMAID.finditer(text):
        if any(char.isdigit() for char in match.group(3)):
            yield _contract(match)
    for match in _EVSE.finditer(text):
        yield Found(Slot.STATION, _evse_id(match), match.group(), match.start())
    for match in _REPORT.finditer(text):
        yield Found(Slot.REPORT, f"R-{match.group(1)}", match.group(), match.start())
    for match in (*_RFID.finditer(text), *_UID.finditer(text)):
        uid = re.sub(r"[^0-9A-Fa-f]", "", match.group(1)).upper()
        if len(uid) in (8, 14, 20):
            yield Found(Slot.RFID, uid, match.group(1).strip(), match.start(1))
    for match in _COORDINATES.finditer(text):
        yield _location(match.group(1), match.group(2), match.group(), match.start())


def money(text: str) -> Iterator[Found]:
    """Amounts with a currency, as every language writes them."""
    for match in _MONEY.finditer(text):
        before, first, second, behind, cents = match.groups()
        currency = _CURRENCY[(before or behind).lower()]
        amount = amount_of(first or second)
        if cents and "." not in (first or second) and "," not in (first or second):
            amount += Decimal(cents) / 100
        yield Found(Slot.AMOUNT, f"{amount:.2f} {currency}", match.group(), match.start())


def amount_of(written: str) -> Decimal:
    """``1'200.50``, ``1.200,50`` and ``1200,5`` as a number: the last separator before one or two digits is decimal."""
    whole, _, cents = written, "", ""
    match = re.fullmatch(r"(.*?)[.,](\d{1,2})", written)
    if match:
        whole, cents = match.groups()
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits or 0}.{cents or 0}")


def _evse_id(match: re.Match[str]) -> str:
    country, operator, _, rest = (part for part in match.groups() if part is not None)
    return f"{country.upper()}*{operator.upper()}*E{rest.upper()}"


def _contract(match: re.Match[str]) -> Found:
    country, provider, instance, digit = (part.upper() if part else part for part in match.groups())
    base = f"{country}-{provider}-{instance}"
    valid = digit is None or check_digit(f"{country}{provider}{instance}") == digit
    return Found(Slot.CONTRACT, f"{base}-{digit}" if digit else base, match.group(), match.start(), valid=valid)


def _location(latitude: str, longitude: str, raw: str, start: int) -> Found:
    north, east = float(latitude), float(longitude)
    valid = abs(north) <= LARGEST_LATITUDE and abs(east) <= LARGEST_LONGITUDE
    return Found(Slot.LOCATION, f"{north:.5f},{east:.5f}", raw, start, valid=valid)
