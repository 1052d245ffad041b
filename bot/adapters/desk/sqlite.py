"""A help desk in a SQLite file: for those who have none, and for the demo."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.adapters.desk.listing import listing
from bot.adapters.desk.migrations import MIGRATIONS, stamp
from bot.adapters.sqlite import immediate, open_database
from bot.desk.incidents import Reported, incident_of
from bot.desk.photos import PHOTO_TYPE, Photos
from bot.desk.rules import DeskRules
from bot.errors import NotFound, UnknownPhoto
from bot.ports import Clock
from bot.tools.values import (
    Attachment,
    ReportState,
    Ticket,
    TicketDraft,
    TicketFilter,
    TicketKind,
    TicketPage,
)

_TICKETS = """
    select ticket.id, ticket.kind, last.state, ticket.station, ticket.charger, ticket.user, incident.incident,
        (select count(distinct other.reporter) from incident as shared join ticket as other on other.id = shared.ticket
            where shared.incident = incident.incident and other.reporter <> ticket.reporter) as others,
        last.repair_by, ticket.filed_at, last.at as updated_at
    from ticket
        join state as last on last.ticket = ticket.id
            and last.number = (select max(number) from state where ticket = ticket.id)
        left join incident on incident.ticket = ticket.id
"""


class SqliteDesk:
    """Keeps tickets; several processes may use one file."""

    def __init__(self, path: Path, clock: Clock, photos: Photos) -> None:
        self._guard = threading.RLock()
        self._clock = clock
        self._photos = photos
        self._rules = DeskRules.load()
        self._connection = open_database(path, MIGRATIONS, "PLUGDESK_DESK").conn

    def seed(self, tickets: Iterable[Ticket]) -> None:
        """Add tickets that are not there yet; those that are keep the state they have."""
        with self._transaction():
            for ticket in tickets:
                if self._one("select 1 from ticket where id = ?", [ticket.id]) is None:
                    self._insert(ticket, f"seed:{ticket.id}", ticket.user or ticket.id, None)

    def file(self, draft: TicketDraft, key: str) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        with self._transaction():
            known = self._one("select id from ticket where key = ?", [key])
            return self._ticket(known[0] if known else self._filed(draft, key))

    def ticket(self, ticket: str) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        with self._guard:
            return self._ticket(ticket)

    def of_user(self, user: str) -> list[Ticket]:
        """See :class:`bot.tools.ports.Desk`."""
        return self._tickets("where ticket.user = ? order by ticket.filed_at desc, ticket.number desc", [user])

    def changed_since(self, at: datetime) -> list[Ticket]:
        """See :class:`bot.tools.ports.Desk`."""
        return self._tickets("where last.at >= ? order by last.at, ticket.number", [stamp(at)])

    def listed(self, which: TicketFilter, page: int = 0, size: int = 50) -> TicketPage:
        """See :class:`bot.tools.ports.Desk`."""
        conditions, values = listing(which)
        order = " order by ticket.filed_at desc, ticket.number desc limit ? offset ?"
        found = self._tickets(f"where {conditions}{order}", [*values, size + 1, page * size])
        return TicketPage(tickets=tuple(found[:size]), more=len(found) > size)

    def set_state(self, ticket: str, state: ReportState, repair_by: str | None = None) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        with self._transaction():
            now = self._ticket(ticket)
            if (now.state, now.repair_by) != (state, repair_by):
                self._pass_into(ticket, state, self._clock.now(), repair_by)
            return self._ticket(ticket)

    def attach(self, ticket: str, photo: str) -> None:
        """See :class:`bot.tools.ports.Desk`."""
        self._photos.read(photo, "thumbnail")
        with self._transaction():
            self._ticket(ticket)
            self._add_photos(ticket, [photo])

    def attachments(self, ticket: str) -> list[Attachment]:
        """See :class:`bot.tools.ports.Desk`."""
        with self._guard:
            self._ticket(ticket)
            rows = self._connection.execute("select photo from photo where ticket = ? order by id", [ticket]).fetchall()
        kept = [(photo, len(data)) for (photo,) in rows if (data := self._kept(photo)) is not None]
        return [Attachment(id=photo, name=f"{photo}.jpg", type=PHOTO_TYPE, size=size) for photo, size in kept]

    def attachment(self, ticket: str, attachment: str) -> bytes:
        """See :class:`bot.tools.ports.Desk`."""
        with self._guard:
            row = self._one("select photo from photo where ticket = ? and photo = ?", [ticket, attachment])
        data = self._kept(row[0]) if row else None
        if data is None:
            raise NotFound(f"There is no attachment {attachment} on ticket {ticket}.")
        return data

    def history(self, ticket: str) -> list[tuple[ReportState, datetime]]:
        """The states that a ticket went through and when, oldest first.

        Raises:
            NotFound: when there is no such ticket.
        """
        with self._guard:
            self._ticket(ticket)
            rows = self._connection.execute("select state, at from state where ticket = ? order by number", [ticket])
            return [(ReportState(state), datetime.fromisoformat(at)) for state, at in rows]

    def draft(self, ticket: str) -> TicketDraft:
        """What was filed, for the people who work on it.

        Raises:
            NotFound: when there is no such ticket, or it was not filed here.
        """
        with self._guard:
            row = self._one("select draft from ticket where id = ? and draft is not null", [ticket])
        if row is None:
            raise NotFound(f"There is no draft of ticket {ticket}.")
        return TicketDraft.model_validate_json(row[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._connection.close()

    def _transaction(self) -> AbstractContextManager[None]:
        """An immediate transaction: nobody else counts or numbers what this one is about to add to."""
        return immediate(self._connection, self._guard)

    def _one(self, query: str, values: Sequence[Any]) -> Any:
        return self._connection.execute(query, values).fetchone()

    def _ticket(self, ticket: str) -> Ticket:
        found = self._tickets("where ticket.id = ?", [ticket])
        if not found:
            raise NotFound(f"There is no ticket {ticket}.")
        return found[0]

    def _tickets(self, which: str, values: Sequence[Any]) -> list[Ticket]:
        with self._guard:
            cursor = self._connection.execute(_TICKETS + which, values)
            names = [column[0] for column in cursor.description]
            return [Ticket.model_validate(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]

    def _filed(self, draft: TicketDraft, key: str) -> str:
        numbers, now = self._rules.numbers.of(draft.kind), self._clock.now()
        last = self._one("select max(number) from ticket where prefix = ?", [numbers.prefix])[0]
        ticket = Ticket(
            id=numbers.ticket(max(int(last or 0) + 1, numbers.first)),
            kind=draft.kind,
            state=ReportState.RECEIVED,
            station=draft.station,
            charger=draft.charger,
            user=draft.user,
            filed_at=now,
            updated_at=now,
        )
        reporter = draft.user or draft.conversation or key
        # Counted before the new one is among them.
        self._join(ticket, reporter)
        self._insert(ticket, key, reporter, draft)
        return ticket.id

    def _join(self, ticket: Ticket, reporter: str) -> None:
        if ticket.kind is not TicketKind.FAULT or ticket.station is None:
            return
        new = Reported(ticket.id, reporter, ticket.filed_at)
        incident = incident_of(new, self._open_reports(ticket.station), self._rules.incident)
        if incident:
            members = [(each, incident.id) for each in (*incident.tickets, ticket.id)]
            self._connection.executemany("insert into incident (ticket, incident) values (?, ?)", members)

    def _open_reports(self, station: str) -> list[Reported]:
        rows = self._connection.execute(
            "select ticket.id, ticket.reporter, ticket.filed_at, incident.incident, last.state from ticket"
            " join state as last on last.ticket = ticket.id"
            " and last.number = (select max(number) from state where ticket = ticket.id)"
            " left join incident on incident.ticket = ticket.id where ticket.station = ? and ticket.kind = ?",
            [station, TicketKind.FAULT],
        )
        return [
            Reported(identity, reporter, datetime.fromisoformat(at), incident)
            for identity, reporter, at, incident, state in rows
            if state not in self._rules.over
        ]

    def _insert(self, ticket: Ticket, key: str, reporter: str, draft: TicketDraft | None) -> None:
        prefix, _, number = ticket.id.partition("-")
        self._connection.execute(
            "insert into ticket (id, prefix, number, key, kind, station, charger, user, reporter, filed_at, draft)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                ticket.id, prefix, int(number), key, ticket.kind, ticket.station, ticket.charger, ticket.user, reporter,
                stamp(ticket.filed_at), draft.model_dump_json() if draft else None,
            ],
        )  # fmt: skip
        self._pass_into(ticket.id, ticket.state, ticket.updated_at, ticket.repair_by)
        self._add_photos(ticket.id, draft.photos if draft else ())

    def _pass_into(self, ticket: str, state: ReportState, at: datetime, repair_by: str | None) -> None:
        number = self._one("select count(*) from state where ticket = ?", [ticket])[0] + 1
        self._connection.execute(
            "insert into state (ticket, number, state, at, repair_by) values (?, ?, ?, ?, ?)",
            [ticket, number, state, stamp(at), repair_by],
        )

    def _add_photos(self, ticket: str, photos: Iterable[str]) -> None:
        rows = [(ticket, photo) for photo in photos]
        self._connection.executemany("insert or ignore into photo (ticket, photo) values (?, ?)", rows)

    def _kept(self, photo: str) -> bytes | None:
        try:
            return self._photos.read(photo, "copy")
        except UnknownPhoto:
            return None
