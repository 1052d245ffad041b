"""How the vendors' facts are written in each language: money, shares, spans of time, alternatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

_WORDS: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("units.yaml").read_text(encoding="utf-8"))


def money(value: Mapping[str, str], language: str) -> str:
    """``{amount: "50.00", currency: CHF}`` as "CHF 50.00", "50,00 CHF": the currency's code is always shown."""
    return format_currency(Decimal(value["amount"]), value["currency"], format="¤¤ #,##0.00", locale=language)


def percent(value: str, language: str) -> str:
    """``"4.5"`` as "4.5%", "4,5 %"."""
    return format_percent(Decimal(value) / 100, locale=language, decimal_quantization=False)


def span(value: Mapping[str, Any], language: str) -> str:
    """``{min: 1, max: 2, unit: working-day}`` as "1 to 2 working days"."""
    first, last = (format_decimal(value[end], locale=language) for end in ("min", "max"))
    return _WORDS[language][value["unit"]].format(first=first, last=last)


def either(values: Sequence[str], language: str) -> str:
    """``[Standard, Business]`` as "Standard or Business"."""
    return format_list(list(values), style="or", locale=language)


def clock(value: str, language: str) -> str:
    """``"21:00"`` as "9:00 PM", "21:00"."""
    return format_time(time.fromisoformat(value), format="short", locale=language)


def local(value: Mapping[str, str], language: str) -> str:
    """``{en: Zurich, it: Zurigo}`` in the article's language."""
    return value[language]


def filters_for(language: str) -> dict[str, Callable[..., str]]:
    """The template filters of one language."""
    functions: dict[str, Callable[..., str]] = {
        "money": money,
        "percent": percent,
        "span": span,
        "either": either,
        "clock": clock,
        "local": local,
    }
    return {name: partial(function, language=language) for name, function in functions.items()}
