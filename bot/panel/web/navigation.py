"""The pages that the panel's menu leads to, in the order in which they stand there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.panel.values import Role
from bot.panel.web.texts import N_


@dataclass(frozen=True)
class Entry:
    """A page of the menu."""

    path: str
    label: str
    role: Role
    """Who sees it."""
    key: str
    """Pressed after ``g``, it leads there."""


ENTRIES: tuple[Entry, ...] = (
    Entry("/agent", N_("Inbox"), "agent", "i"),
    Entry("/agent/tickets", N_("Tickets"), "agent", "t"),
    Entry("/agent/figures", N_("Figures"), "lead", "f"),
    Entry("/agent/knowledge", N_("Knowledge"), "lead", "k"),
    Entry("/agent/actions", N_("Actions"), "lead", "x"),
    Entry("/agent/admin", N_("Accounts"), "admin", "a"),
)
