"""Which agents are there, in the panel's file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.adapters.panel.sqlite import PanelFile
from bot.care import Person
from bot.panel.presence import Present

ELSEWHERE = ""
"""Stands for every page that is no conversation's."""


class SqlitePresence:
    """See :class:`bot.panel.presence.Presence`. One row for each agent and conversation, as long as they exist."""

    def __init__(self, file: PanelFile) -> None:
        self._file = file

    def beat(self, agent: Person, conversation: str | None, typing: bool, at: datetime) -> None:
        """See :class:`bot.panel.presence.Presence`."""
        now = at.isoformat()
        with self._file.change() as connection:
            connection.execute(
                "insert into presence (agent, conversation, name, since, at, typing_at) values (?, ?, ?, ?, ?, ?)"
                " on conflict (agent, conversation) do update set name = excluded.name, at = excluded.at,"
                " typing_at = coalesce(excluded.typing_at, typing_at)",
                [agent.id, conversation or ELSEWHERE, agent.name, now, now, now if typing else None],
            )

    def at(self, conversation: str, since: datetime) -> Sequence[Present]:
        """See :class:`bot.panel.presence.Presence`."""
        rows = self._file.rows(
            "select agent, name, at, typing_at from presence where conversation = ? and at >= ? order by since, agent",
            [conversation, since.isoformat()],
        )
        return [
            Present(
                Person(id=row["agent"], name=row["name"]),
                datetime.fromisoformat(row["at"]),
                datetime.fromisoformat(row["typing_at"]) if row["typing_at"] else None,
            )
            for row in rows
        ]

    def last(self, agent: str) -> datetime | None:
        """See :class:`bot.panel.presence.Presence`."""
        (row,) = self._file.rows("select max(at) as at from presence where agent = ?", [agent])
        return datetime.fromisoformat(row["at"]) if row["at"] else None
