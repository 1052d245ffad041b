"""When people answer: hours.yaml. Said honestly, also at night."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict

HOURS_FILE = Path(__file__).with_name("hours.yaml")


class Hours(BaseModel):
    """Opening hours of the people at the desk, in their time zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timezone: str
    days: tuple[int, ...]
    opens: time
    closes: time

    def open_at(self, now: datetime) -> bool:
        """Whether somebody answers at that moment."""
        local = now.astimezone(ZoneInfo(self.timezone))
        return local.weekday() in self.days and self.opens <= local.time() < self.closes


@cache
def hours() -> Hours:
    """The shipped file."""
    return Hours.model_validate(yaml.safe_load(HOURS_FILE.read_text(encoding="utf-8")))
