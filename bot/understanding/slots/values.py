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


@dataclass(frozen=True)
class Found:
    """A value in a text."""

    slot: Slot
    value: str
    """Canonical: ``CH*EPO*E4521``, ``49.80 CHF``, ``R-20418``, ``47.37690,8.54170``."""
    raw: str
    start: int
    rejected: bool = False
    """The driver said that it is not this one."""
    valid: bool = True
    """False where its check digit or range is wrong."""

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.raw)
