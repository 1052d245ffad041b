"""What the checks find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """``ERROR``: a driver may be told something wrong, or nothing. ``WARNING``: it reads or works less well."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Found:
    """One defect. ``path`` is relative to the knowledge base, ``line`` counts from 1."""

    path: Path
    line: int
    what: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """A defect with the check that found it."""

    check: str
    severity: Severity
    path: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity} [{self.check}] {self.what}. {self.remedy}"
