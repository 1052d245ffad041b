"""What a source system said, with labels in the agent's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_currency, format_decimal

from bot.panel.web.codes import code_name
from bot.panel.web.texts import N_, Say

LABELS = {
    "value": N_("Role"),
    "number": N_("Number"),
    "evse_id": N_("EVSE id"),
    "id": N_("Number"),
    "vendor": N_("Provider"),
    "model": N_("Model"),
    "plan": N_("Plan"),
    "network": N_("Network"),
    "status": N_("State"),
    "state": N_("State"),
    "indicator": N_("State"),
    "connected": N_("Connected"),
    "connector": N_("Connector"),
    "charging_by": N_("Charging now"),
    "balance": N_("Balance"),
    "minimum": N_("Minimum balance"),
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
    "tickets": N_("Tickets"),
    "booted_at": N_("Last start"),
    "heard_at": N_("Last heard of"),
    "read_at": N_("Read at"),
    "page": N_("Page"),
}
"""The fields of bot/tools/values.py, in the order in which they are shown. Their words are OCPI's and OCPP's."""
MOMENTS = frozenset({"started", "booted_at", "heard_at", "read_at"})
CODES = frozenset({"value", "network", "status", "state", "indicator"})


@dataclass(frozen=True)
class Row:
    """One labelled value: a text, or a moment."""

    label: str
    text: str = ""
    moment: datetime | None = None


def rows(found: Mapping[str, Any] | None, language: str, say: Say, vendors: Mapping[str, str]) -> list[Row]:
    """The values that a read found; none where it found nothing. ``vendors``: their names by id."""
    return list(_rows(_tickets(found or {}), language, say, vendors))


def _tickets(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Several tickets at once have no label of their own."""
    return {"tickets": found["value"]} if isinstance(found.get("value"), list) else found


def _rows(value: Mapping[str, Any], language: str, say: Say, vendors: Mapping[str, str]) -> Iterator[Row]:
    for name, label in LABELS.items():
        found = value.get(name)
        if found is None or found in ([], ""):
            continue
        if name in MOMENTS:
            yield Row(say(label), moment=datetime.fromisoformat(str(found)))
        elif name == "kwh":
            yield Row(label, format_decimal(Decimal(str(found)), locale=language))
        elif name == "vendor":
            yield Row(say(label), vendors.get(found, found))
        elif name == "country":
            yield Row(say(label), Locale(language).territories.get(found, found))
        else:
            yield Row(say(label), _text(name, found, language, say))


def _text(name: str, found: Any, language: str, say: Say) -> str:
    if isinstance(found, bool):
        return say("yes") if found else say("no")
    if isinstance(found, dict) and set(found) == {"amount", "currency"}:
        return format_currency(Decimal(str(found["amount"])), found["currency"], locale=language)
    if isinstance(found, dict):
        parts = ((key, found.get(key)) for key in ("id", "name", "number", "status", "state", "error"))
        return " · ".join(_text(key, part, language, say) for key, part in parts if part and part != "NoError")
    if isinstance(found, list | tuple):
        return ", ".join(_text(name, each, language, say) for each in found)
    return code_name(str(found), say) if name in CODES else str(found)
