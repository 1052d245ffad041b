"""A help desk in a SQLite file: for those who have none, and for the demo."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.adapters.sqlite import open_database
from bot.errors import NotFound
from bot.ports import Clock
from bot.tools.values import ReportState, Ticket, TicketDraft, TicketKind

FIRST_NUMBER = 20_419
"""The demo's reports end before it."""
INCIDENT_WITHIN = timedelta(hours=1)
INCIDENT_FROM = 3
"""So many fault reports about one station within that time are one incident."""


def m001_tickets(database: Database) -> None:
    """One row a ticket; the key of the action that filed it is unique, so that it is filed once."""
    database.table("ticket").create(
        {
            "id": str, "key": str, "kind": str, "state": str, "station": str, "user": str, "filed_at": str,
            "draft": str, "body": str,
        },
        pk="id", if_not_exists=True,
    )  # fmt: skip
    database.table("ticket").create_index(["key"], unique=True, if_not_exists=True)


class SqliteDesk:
    """Keeps tickets; several processes may use one file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._guard = threading.RLock()
        self._clock = clock
        self._connection = open_database(path, (m001_tickets,), "PLUGDESK_DESK").conn

    def seed(self, tickets: Iterable[Ticket]) -> None:
        """Add tickets that are not there yet."""
        with self._guard, self._connection:
            for ticket in tickets:
                self._connection.execute(
                    "insert or ignore into ticket (id, key, kind, state, station, user, filed_at, body)"
                    " values (?, ?, ?, ?, ?, ?, ?, ?)",
                    [*_columns(ticket, f"seed:{ticket.id}"), ticket.model_dump_json()],
                )

    def file(self, draft: TicketDraft, key: str) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        with self._guard:
            self._connection.execute("begin immediate")
            try:
                ticket = self._known(key) or self._filed(draft, key)
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")
            return ticket

    def ticket(self, ticket: str) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        with self._guard:
            row = self._connection.execute("select body from ticket where id = ?", [ticket]).fetchone()
        if row is None:
            raise NotFound(f"There is no ticket {ticket}.")
        return Ticket.model_validate_json(row[0])

    def of_user(self, user: str) -> list[Ticket]:
        """See :class:`bot.tools.ports.Desk`."""
        with self._guard:
            rows = self._connection.execute(
                "select body from ticket where user = ? order by filed_at desc, id desc", [user]
            ).fetchall()
        return [Ticket.model_validate_json(body) for (body,) in rows]

    def set_state(self, ticket: str, state: ReportState) -> Ticket:
        """Move a ticket on.

        Raises:
            NotFound: when there is no such ticket.
        """
        moved = self.ticket(ticket).model_copy(update={"state": state, "updated_at": self._clock.now()})
        with self._guard, self._connection:
            self._connection.execute(
                "update ticket set state = ?, body = ? where id = ?", [state, moved.model_dump_json(), ticket]
            )
        return moved

    def draft(self, ticket: str) -> TicketDraft:
        """What was filed, for the people who work on it.

        Raises:
            NotFound: when there is no such ticket, or it was not filed here.
        """
        with self._guard:
            row = self._connection.execute("select draft from ticket where id = ?", [ticket]).fetchone()
        if row is None or row[0] is None:
            raise NotFound(f"There is no draft of ticket {ticket}.")
        return TicketDraft.model_validate_json(row[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._connection.close()

    def _known(self, key: str) -> Ticket | None:
        row = self._connection.execute("select body from ticket where key = ?", [key]).fetchone()
        return Ticket.model_validate_json(row[0]) if row else None

    def _filed(self, draft: TicketDraft, key: str) -> Ticket:
        now = self._clock.now()
        last = self._connection.execute("select max(cast(substr(id, 3) as integer)) from ticket").fetchone()[0]
        letter = "R" if draft.kind is TicketKind.FAULT else "T"
        others = self._others(draft, (now - INCIDENT_WITHIN).isoformat())
        joined = draft.kind is TicketKind.FAULT and others + 1 >= INCIDENT_FROM
        ticket = Ticket(
            id=f"{letter}-{max(int(last or 0) + 1, FIRST_NUMBER)}",
            kind=draft.kind,
            state=ReportState.RECEIVED,
            station=draft.station,
            charger=draft.charger,
            user=draft.user,
            incident=f"I-{draft.station}" if joined else None,
            others=others if joined else 0,
            filed_at=now,
            updated_at=now,
        )
        self._connection.execute(
            "insert into ticket (id, key, kind, state, station, user, filed_at, body, draft)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*_columns(ticket, key), ticket.model_dump_json(), draft.model_dump_json()],
        )
        return ticket

    def _others(self, draft: TicketDraft, since: str) -> int:
        if draft.kind is not TicketKind.FAULT or draft.station is None:
            return 0
        query = "select count(*) from ticket where kind = 'fault' and station = ? and filed_at > ?"
        return int(self._connection.execute(query, [draft.station, since]).fetchone()[0])


def _columns(ticket: Ticket, key: str) -> list[str | None]:
    return [ticket.id, key, ticket.kind, ticket.state, ticket.station, ticket.user, ticket.filed_at.isoformat()]
