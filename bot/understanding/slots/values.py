"""What is looked for, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Slot(StrEnum):
    """The values that a conversation collects (product.md, section 4)."""

    ACCOUNT = "account"
    STATION = "station"
    CHARGER = "charger"
    PASS = "pass"  # noqa: S105 - a charge pass
    CONTRACT = "contract"
    RFID = "rfid"
    REPORT = "report"
    AMOUNT = "amount"
    ERROR_CODE = "error_code"
    SYMPTOM = "symptom"
    LOCATION = "location"


NUMBERS = frozenset({Slot.ACCOUNT, Slot.STATION, Slot.CHARGER, Slot.PASS, Slot.CONTRACT, Slot.RFID, Slot.REPORT})
"""The slots whose values name one thing."""


class Symptom(StrEnum):
    """What is wrong at a station, as a driver sees it: the values of :attr:`Slot.SYMPTOM`."""

    NO_POWER = "no_power"
    DISPLAY_DARK = "display_dark"
    READER_DEAD = "reader_dead"
    LIGHT_RED = "light_red"
    LIGHT_OFF = "light_off"
    CABLE_DAMAGED = "cable_damaged"
    PLUG_STUCK = "plug_stuck"
    PLUG_DAMAGED = "plug_damaged"
    CANNOT_START = "cannot_start"
    STOPS_EARLY = "stops_early"
    SLOW = "slow"
    APP_ERROR = "app_error"
    PAYMENT_ERROR = "payment_error"
    NOISE = "noise"
    VANDALISM = "vandalism"
    BLOCKED_BY_CAR = "blocked_by_car"
    OFFLINE = "offline"
    SCREEN_ERROR = "screen_error"


@dataclass(frozen=True)
class Found:
    """A value in a text."""

    slot: Slot
    value: str
    """Canonical: ``4521``, ``CH*EPO*E4521``, ``NL-TNM-C00122045-K``, ``04A22B1C``, ``R-20418``, ``49.80 CHF``,
    ``GroundFailure``, ``E-07``, ``plug_stuck``, ``47.37690,8.54170`` (degrees, WGS 84)."""
    raw: str
    """As it was written."""
    start: int
    """Where it begins in the text, in characters."""
    rejected: bool = False
    """The driver said that it is not this one."""
    valid: bool = True
    """False where its check digit is wrong or it lies outside the earth."""

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.raw)
