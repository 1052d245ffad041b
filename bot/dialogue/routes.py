"""Which flow what begins: routes.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.understanding.slots import Slot, Symptom

ROUTES_FILE = Path(__file__).with_name("routes.yaml")


class Routes(BaseModel):
    """routes.yaml; its comments say what each is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topics: dict[str, str]
    slots: dict[Slot, str]
    trouble: frozenset[Symptom] = frozenset()
    in_trouble: dict[str, str] = {}
    with_value: dict[Slot, dict[str, str]] = {}
    one_matter: tuple[frozenset[str], ...] = ()
    unsafe: frozenset[str] = frozenset()

    @classmethod
    def load(cls, path: Path = ROUTES_FILE) -> Routes:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def flow_beside(self, topic: str, told: Iterable[str]) -> str | None:
        """The flow of a topic beside a value of one of those slots, where it is another than the topic's own."""
        flows = (self.with_value.get(Slot(slot), {}).get(topic) for slot in told)
        return next(filter(None, flows), None)

    def apart(self, problems: tuple[str, ...]) -> tuple[str, ...]:
        """The first two topics that are different matters; none where all are one."""
        first = next(iter(problems), None)
        second = next((each for each in problems if not any({first, each} <= one for one in self.one_matter)), None)
        return (first, second) if first is not None and second is not None and first != second else ()
