"""The demo world (product.md, section 6) as the example back end tells it: other names, other words, other shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]
EARLY = "2026-03-01T08:00:00Z"


def _account(number: int, value: str, **more: Any) -> Thing:
    credit = {"value": value, "iso": "CHF"}
    return {"no": number, "provider": "eponet", "open": True, "credit": credit, "cards": [], **more}


def _station(printed: str, evse: str, state: str, plug: str | None, **more: Any) -> Thing:
    told = plug and {"state": plug, "error": "other" if plug == "fault" else "none", "since": EARLY}
    return {"printed": printed, "evse": evse, "ours": True, "state": state, "plug": told, "country": evse[:2], **more}


def _charger(number: int, model: str, plan: str, online: bool) -> Thing:
    plug = {"state": "idle", "error": "none", "since": EARLY}
    return {"id": number, "maker": "wallbox", "model": model, "plan": plan, "online": online, "plug": plug,
            "user": None, "booted": EARLY}  # fmt: skip


@dataclass
class World:
    """Everything that the back end knows."""

    accounts: list[Thing] = field(
        default_factory=lambda: [
            _account(40711, "49.80"),
            _account(10482, "38.20"),
            _account(20917, "112.40", card_ok=True, cards=[{"label": "70 1234 5678", "state": "on"}]),
            _account(30500, "50.00", cards=[{"label": "70 8765 4321", "state": "off"}]),
        ]
    )
    stations: list[Thing] = field(
        default_factory=lambda: [
            _station("4521", "CH*EPO*E4521", "free", "idle", platform="eponet", owner="Verwaltung Seefeld AG"),
            _station("4512", "CH*EPO*E4512", "in_use", "charging", platform="eponet", owner="Verwaltung Seefeld AG"),
            _station("7781", "IT*CPI*E7781", "broken", "fault", platform="chargepoint"),
            _station("3002", "IT*ION*E3002", "free", None, ours=False),
        ]
    )
    sessions: list[Thing] = field(
        default_factory=lambda: [
            {"id": "S-50001", "state": "running", "printed": "4512", "account": 20917, "started": EARLY,
             "energy": 7.3, "price": {"value": "2.85", "iso": "CHF"}},
        ]
    )  # fmt: skip
    chargers: list[Thing] = field(
        default_factory=lambda: [
            _charger(310244, "Copper SB", "Business", True),
            _charger(310245, "Pulsar", "Business", True),
            _charger(310246, "Commander 2", "Standard", False),
            _charger(310247, "Copper SB", "Basic", True),
        ]
    )
    members: Thing = field(default_factory=lambda: {"ane": "super-administrator", "per": "user"})
    done: dict[str, Thing] = field(default_factory=dict)
    """What was answered to a command, by its idempotency key."""

    @staticmethod
    def find(things: list[Thing], name: str, value: str) -> Thing | None:
        """The thing that has that value."""
        return next((each for each in things if str(each[name]) == value), None)
