"""Which flow what begins: routes.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.understanding.slots import Slot

ROUTES_FILE = Path(__file__).with_name("routes.yaml")


class Routes(BaseModel):
    """The flow of a topic, and of a value that comes without a question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topics: dict[str, str]
    slots: dict[Slot, str]

    @classmethod
    def load(cls, path: Path = ROUTES_FILE) -> Routes:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
