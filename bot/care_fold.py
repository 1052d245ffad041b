"""What each event changes in where a conversation stands with people."""

from __future__ import annotations

from dataclasses import replace

from bot.care import Care, CareHappening
from bot.events import DriverSaid, Event, HandedOver, Understood


def care_after(care: Care, event: Event) -> Care:
    """Where it stands once ``event`` has happened too."""
    match event.happening:
        case DriverSaid():
            return care.heard(event.at)
        case Understood() as happening:
            return replace(care, urgent=True) if happening.understanding.hazards and care.person else care
        case HandedOver() as happening:
            return care.called(event.at, happening.urgent)
        case happening:
            return care.after(happening, event.at) if isinstance(happening, CareHappening) else care
