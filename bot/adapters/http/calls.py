"""Which calls there are: the methods of bot/tools/ports.py, what they are given and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.tools.values import Account, Charger, Done, Session, Station, WorldValue


class Role(WorldValue):
    """A user's role for a charger, such as ``super-administrator``."""

    role: str


@dataclass(frozen=True)
class CallKind:
    """What is fixed about a call, whatever the system. All arguments are text."""

    arguments: tuple[str, ...]
    answers: type[WorldValue]
    command: bool = False
    """It changes something, and so carries a ``key`` that is the same whenever the same command is sent again."""
    optional: bool = False
    """The port has a way to say that there is none, apart from NotFound."""


CALLS: Mapping[str, CallKind] = {
    "accounts.account": CallKind(("number",), Account),
    "stations.station": CallKind(("station",), Station),
    "stations.unlock": CallKind(("station", "key"), Done, command=True),
    "sessions.active": CallKind(("account",), Session, optional=True),
    "sessions.stop": CallKind(("session", "key"), Done, command=True),
    "chargers.charger": CallKind(("charger",), Charger),
    "chargers.role": CallKind(("charger", "user"), Role, optional=True),
    "chargers.restart": CallKind(("charger", "key"), Done, command=True),
    "chargers.unlock": CallKind(("charger", "key"), Done, command=True),
}
PORTS = tuple(dict.fromkeys(name.partition(".")[0] for name in CALLS))


def needed(port: str) -> tuple[str, ...]:
    """The calls that a port cannot do without: its reads. A command that a system lacks is refused instead."""
    return tuple(name for name, kind in CALLS.items() if name.startswith(f"{port}.") and not kind.command)
