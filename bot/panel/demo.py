"""Agents that are made up for a demo server."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.errors import AgentExists, UnknownAgent
from bot.panel.ports import Agents
from bot.panel.values import Agent

SHIPPED = Path(__file__).with_name("demo.yaml")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def demo_agents() -> tuple[Agent, ...]:
    """Those that the shipped file names."""
    rows: list[dict[str, Any]] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return tuple(Agent(**row, created_at=SINCE, demo=True) for row in rows)


def the_demo_agent(agents: Agents, wanted: str) -> Agent:
    """The account of a demo agent, made at first use. It has no password.

    Raises:
        UnknownAgent: when no demo agent has that id.
    """
    known = next((each for each in demo_agents() if each.id == wanted), None)
    if known is None:
        raise UnknownAgent(f"There is no demo agent {wanted!r}.")
    with suppress(AgentExists):
        agents.add(known)
    return agents.of(known.id)
