"""Reads the demo world's data files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.adapters.demo.things import DemoCharger, Group
from bot.tools.values import Account, ConnectorStatus, EvseStatus, PlatformStatus, Session, Station, Ticket, WorldValue

SEED_FILE = Path(__file__).with_name("seed.yaml")
RULES_FILE = Path(__file__).with_name("rules.yaml")
_DURATION = TypeAdapter(timedelta)


class Seed(BaseModel):
    """seed.yaml: what there is in the beginning."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accounts: tuple[Account, ...]
    stations: tuple[Station, ...]
    sessions: tuple[Session, ...]
    chargers: tuple[DemoCharger, ...]
    groups: tuple[Group, ...]
    platforms: tuple[PlatformStatus, ...]
    reports: tuple[Ticket, ...]

    @classmethod
    def load(cls, now: datetime) -> Seed:
        """Read the file; its times are reckoned from ``now``."""

        class Loader(yaml.SafeLoader):
            """Knows ``!ago``."""

        def ago(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> datetime:
            return now - _DURATION.validate_python(loader.construct_scalar(node))

        Loader.add_constructor("!ago", ago)
        loader = Loader(SEED_FILE.read_text(encoding="utf-8"))
        try:
            return cls.model_validate(loader.get_single_data())
        finally:
            loader.dispose()

    def things(self) -> list[WorldValue]:
        """Everything in it."""
        return [
            *self.accounts, *self.stations, *self.sessions, *self.chargers, *self.groups, *self.platforms,
            *self.reports,
        ]  # fmt: skip


class NewSession(BaseModel):
    """How sessions are numbered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_number: int
    prefix: str


class Rules(BaseModel):
    """rules.yaml: how things behave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    restart_takes_s: float
    new_session: NewSession
    connector_of: dict[EvseStatus, ConnectorStatus]
    error_of: dict[ConnectorStatus, str]
    error_codes: tuple[str, ...]
    charging: frozenset[ConnectorStatus]
    component_of: dict[str, str]

    @classmethod
    def load(cls) -> Rules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
