"""What a source system said, with labels in the agent's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal

from bot.events import ToolRead
from bot.panel.web.texts import N_, Say

LABELS = {
    "number": N_("Number"),
    "evse_id": N_("EVSE id"),
    "id": N_("Number"),
    "vendor": N_("Provider"),
    "model": N_("Model"),
    "plan": N_("Plan"),
    "network": N_("Network"),
    "status": N_("State"),
    "indicator": N_("State"),
    "connected": N_("Connected"),
    "connector": N_("Connector"),
    "charging_by": N_("Charging now"),
    "balance": N_("Balance"),
    "minimum": N_("Minimum"),
    "active": N_("Active"),
    "payment_valid": N_("Payment method valid"),
    "passes": N_("Passes"),
    "station": N_("Station"),
    "account": N_("Account"),
    "started": N_("Began"),
    "kwh": "kWh",
    "cost": N_("Cost"),
    "operator": N_("Operator"),
    "phone": N_("Phone"),
    "country": N_("Country"),
    "components": N_("Components"),
    "incidents": N_("Incidents"),
    "booted_at": N_("Last start"),
    "heard_at": N_("Last heard of"),
    "read_at": N_("Read at"),
    "page": N_("Page"),
}
"""The fields of bot/tools/values.py, in the order in which they are shown. Their words are OCPI's and OCPP's."""
MOMENTS = frozenset({"started", "booted_at", "heard_at", "read_at"})


@dataclass(frozen=True)
class Row:
    """One labelled value: a text, or a moment."""

    label: str
    text: str = ""
    moment: datetime | None = None


def rows(read: ToolRead, language: str, say: Say) -> list[Row]:
    """The values that it found; none where it found nothing."""
    return list(_rows(read.value or {}, language, say))


def _rows(value: Mapping[str, Any], language: str, say: Say) -> Iterator[Row]:
    for name, label in LABELS.items():
        found = value.get(name)
        if found is None or found in ([], ""):
            continue
        if name in MOMENTS:
            yield Row(say(label), moment=datetime.fromisoformat(str(found)))
        elif name == "kwh":
            yield Row(label, format_decimal(Decimal(str(found)), locale=language))
        else:
            yield Row(say(label), _text(found, language, say))


def _text(found: Any, language: str, say: Say) -> str:
    if isinstance(found, bool):
        return say("yes") if found else say("no")
    if isinstance(found, dict) and set(found) == {"amount", "currency"}:
        return format_currency(Decimal(str(found["amount"])), found["currency"], locale=language)
    if isinstance(found, dict):
        parts = (found.get(key) for key in ("name", "number", "status", "state", "error"))
        return " · ".join(str(part) for part in parts if part and part != "NoError")
    if isinstance(found, list | tuple):
        return ", ".join(_text(each, language, say) for each in found)
    return str(found)
