"""rt.yaml: limits, names of fields, and which status of a ticket is which state of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.tools.values import ReportState, TicketKind

RULES_FILE = Path(__file__).with_name("rt.yaml")
Lane = Literal["fault", "other"]


class RtFields(BaseModel):
    """Names of the custom fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    kind: str
    station: str
    charger: str
    user: str
    reporter: str
    incident: str
    repair_by: str
    progress: str


class RtRules(BaseModel):
    """The file. Units stand in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timeout_s: float = Field(gt=0)
    attempts: int = Field(ge=1)
    wait_s: float = Field(ge=0)
    largest_bytes: int = Field(gt=0)
    page: int = Field(ge=1, le=100)
    most_pages: int = Field(ge=1)
    fields: RtFields
    subject: tuple[str, ...]
    content: tuple[str, ...]
    open: frozenset[str]
    progress: dict[str, ReportState]
    done: dict[Lane, dict[str, ReportState]]
    status_of: dict[Lane, dict[ReportState, str]]

    @classmethod
    def load(cls, file: Path = RULES_FILE) -> RtRules:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it does not have that form.
        """
        return cls.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))

    def state(self, kind: TicketKind, status: str, progress: str) -> ReportState | None:
        """What the driver is told; None where the file does not say it, as with a status of the site's own."""
        if status in self.open:
            return self.progress.get(progress)
        return self.done[_lane(kind)].get(status)

    def status(self, kind: TicketKind, state: ReportState) -> tuple[str, str]:
        """The status and the progress that say that state."""
        progress = next((words for words, told in self.progress.items() if told is state), "")
        return self.status_of[_lane(kind)][state], progress


def _lane(kind: TicketKind) -> Lane:
    return "fault" if kind is TicketKind.FAULT else "other"
