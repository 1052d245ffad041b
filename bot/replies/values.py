"""How a value is written in a language: money, times, lists; texts from outside are kept short and on one line."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from bot.dialogue.steps import OneOf
from bot.tools.values import Money

if TYPE_CHECKING:
    from bot.dialogue.steps import Said

LONGEST = 160
"""Characters of a name or note that a source system or a driver gave."""


def written(value: Said, language: str, timezone: str, now: datetime) -> object:
    """The value as it stands in a sentence of ``language``; None and whole numbers stay, for conditions."""
    match value:
        case Money(amount=amount, currency=currency):
            return format_currency(amount, currency, format="¤¤ #,##0.00", locale=language)
        case datetime():
            return _moment(value, language, ZoneInfo(timezone), now)
        case Decimal():
            return format_decimal(value, locale=language)
        case OneOf(names=names):
            return format_list([_short(each) for each in names], style="or", locale=language)
        case tuple():
            return format_list([_short(each) for each in value], locale=language)
        case str():
            return _short(value)
        case _:
            return value


def _moment(value: datetime, language: str, zone: ZoneInfo, now: datetime) -> str:
    """The time of day; with the date where that is not today's."""
    local = value.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return format_time(local, format="short", locale=language)
    return format_datetime(local, format="short", locale=language)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
