"""What kinds of danger there are, and which error codes of a charger stand for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import TypeAdapter

ERROR_CODES_FILE = Path(__file__).with_name("error_codes.yaml")


class Hazard(StrEnum):
    """A kind of danger that calls for its own first words. In the order of urgency."""

    FIRE = "fire"
    """Fire, smoke, a burning smell, sparks, an explosion."""
    SHOCK = "shock"
    """An electric shock, tingling, metal that is live."""
    BARE = "bare"
    """A cut or bare cable, an open housing: parts that may be live can be touched."""
    WATER = "water"
    """Water inside plug, socket or station, or any of them under water."""
    CRASH = "crash"
    """A station that was hit or knocked over."""
    HEAT = "heat"
    """A plug, handle or cable that is hot, molten or scorched."""


@dataclass(frozen=True)
class Danger:
    """A message tells of danger. ``because``: the driver's own words that told so; they are text from people.

    ``past`` is true only where the message clearly tells of something long ago.
    """

    hazards: tuple[Hazard, ...]
    because: str
    past: bool = False


def load_error_codes(path: Path = ERROR_CODES_FILE) -> Mapping[str, Hazard]:
    """Read which error codes are safety cases."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return MappingProxyType(TypeAdapter(dict[str, Hazard]).validate_python(read))


HAZARDOUS_ERROR_CODES: Mapping[str, Hazard] = load_error_codes()
"""OCPP 1.6 ChargePointErrorCode → the danger it stands for (product.md, 7)."""
