"""What a station's raw state means to a driver: states.yaml."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from bot.tools.values import Connector, ConnectorStatus, EvseStatus, Station

STATES_FILE = Path(__file__).with_name("states.yaml")
Verdict = Literal["fine", "car", "held", "ended", "busy", "retry", "off", "defect", "unheard"]


class Meaning(BaseModel):
    """What is said of a state, and what follows from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    verdict: Verdict
    topic: str | None = None


class States(BaseModel):
    """states.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connector: dict[ConnectorStatus, Meaning]
    preparing: Meaning
    evse: dict[EvseStatus, Meaning]
    unheard: Meaning
    preparing_s: int
    silent_s: int


@cache
def states() -> States:
    """The shipped file."""
    return States.model_validate(yaml.safe_load(STATES_FILE.read_text(encoding="utf-8")))


def meaning_of(station: Station, now: datetime) -> Meaning:
    """What the station's state means; a station that has been silent for long is never called free or defective."""
    rules = states()
    if station.heard_at is not None and (now - station.heard_at).total_seconds() > rules.silent_s:
        return rules.unheard
    told = connector_meaning(station.connector, now) if station.connector else None
    return told or rules.evse[station.status]


def connector_meaning(connector: Connector, now: datetime) -> Meaning | None:
    """What the connector's own state adds; None where it adds nothing to the station's."""
    rules = states()
    if connector.status is ConnectorStatus.PREPARING:
        long = connector.since is not None and (now - connector.since).total_seconds() > rules.preparing_s
        return rules.preparing if long else None
    return rules.connector.get(connector.status)
