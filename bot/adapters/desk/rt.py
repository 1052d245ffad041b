"""Request Tracker 5 as the help desk, over its REST 2.0."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import httpx

from bot.adapters.desk.rt_connection import RtConnection
from bot.adapters.desk.rt_http import RtHttp
from bot.adapters.desk.rt_objects import RtContent, RtCreated, RtFile, RtTicket, read
from bot.adapters.desk.rt_rules import RtRules
from bot.adapters.desk.rt_tickets import RtTickets
from bot.desk.incidents import incident_of
from bot.desk.photos import PHOTO_TYPE, Photos
from bot.desk.rules import DeskRules
from bot.errors import NotFound, ToolError, Unavailable, UnknownPhoto
from bot.tools.values import (
    Attachment,
    ReportState,
    Ticket,
    TicketDraft,
    TicketFilter,
    TicketKind,
    TicketPage,
)

log = logging.getLogger(__name__)
_ID = re.compile(r"([A-Z])-0*([1-9][0-9]{0,9})", re.ASCII)
_ANY_TIME_ZONE = timedelta(days=1)
"""RT reads a day in the time zone of its user."""


class RequestTracker:
    """Keeps tickets in a queue that rt.initialdata has made; people work on them there.

    RT has no idempotency keys. A digest of the key stands in a custom field: it is looked for before a ticket is made,
    and again after, when of two that were made at the same moment the younger is merged into the older. What remains: a
    process that dies between its own creation and that second look, while another creates too, leaves two tickets.
    Whoever files with the key later gets the older one.

    A ticket that people in RT merged into another is found under its old number too, and one that they moved to a queue
    without these fields is not found any more.

    Args:
        connection: where, and as whom.
        photos: where the photos of drafts are kept.
        rules: limits, fields and states; the shipped ones where none are given.
        transport: what carries the requests; the network where none is given.
    """

    def __init__(
        self,
        connection: RtConnection,
        photos: Photos,
        rules: RtRules | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._rules, self._desk_rules = rules or RtRules.load(), DeskRules.load()
        self._queue, self._photos = connection.queue, photos
        self._http = RtHttp(connection, self._rules, transport)
        self._found = RtTickets(self._http, connection.queue, self._rules, self._desk_rules)
        # Why no ticket may be made any more: one whose key is lost would be made again at each attempt.
        self._unfit: str | None = None

    def file(self, draft: TicketDraft, key: str) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        digest = _digest(key)
        if known := self._with_key(digest):
            return self._found.ticket(self._record(known[0]))
        self._found.check_fields()
        if self._unfit:
            raise Unavailable(self._unfit, sent=False)
        made = read(RtCreated, self._http.send("POST", "ticket", self._new(draft, key))).id
        first = self._first(digest, made)
        if first == made and draft.kind is TicketKind.FAULT and draft.station is not None:
            self._join(made, draft.station)
        return self._found.ticket(self._record(first))

    def ticket(self, ticket: str) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        return self._asked(ticket)[1]

    def of_user(self, user: str) -> list[Ticket]:
        """See :class:`bot.tools.ports.Desk`."""
        found = self._found.having(reporter=_digest(user))
        return [ticket for ticket in self._found.tickets(reversed(found)) if ticket.user == user]

    def changed_since(self, at: datetime) -> list[Ticket]:
        """See :class:`bot.tools.ports.Desk`. RT counts a comment as a change, too."""
        # RT's times are to the second.
        since = at.astimezone(UTC).replace(microsecond=0)
        found = self._found.having(f"LastUpdated >= '{(since - _ANY_TIME_ZONE).date()}'")
        recent = [each for each in found if each.updated >= since]
        return sorted(self._found.tickets(recent), key=lambda ticket: ticket.updated_at)

    def listed(self, which: TicketFilter, page: int = 0, size: int = 50) -> TicketPage:
        """See :class:`bot.tools.ports.Desk`. RT is read from the newest on until the page is full."""
        first = page * size
        found = list(islice(self._found.listed(which), first, first + size + 1))
        return TicketPage(tickets=tuple(found[:size]), more=len(found) > size)

    def set_state(self, ticket: str, state: ReportState, repair_by: str | None = None) -> Ticket:
        """See :class:`bot.tools.ports.Desk`."""
        number, now = self._asked(ticket)
        if (now.state, now.repair_by) == (state, repair_by):
            return now
        status, progress = self._rules.status(now.kind, state)
        fields = {self._rules.fields.progress: progress, self._rules.fields.repair_by: repair_by or ""}
        said = self._http.send("PUT", f"ticket/{number}", {"Status": status, "CustomFields": fields})
        # RT answers 200 whether it took the change or not; only the ticket itself tells.
        moved = self.ticket(ticket)
        if (moved.state, moved.repair_by) != (state, repair_by):
            raise Unavailable(f"did not take the state {state} of {ticket}: {said}", sent=False)
        return moved

    def attach(self, ticket: str, photo: str) -> None:
        """See :class:`bot.tools.ports.Desk`."""
        file = self._file(photo)
        number, _ = self._asked(ticket)
        if all(each.name != file["FileName"] for each in self._files(number)):
            self._http.send("POST", f"ticket/{number}/comment", {"Attachments": [file]})

    def attachments(self, ticket: str) -> list[Attachment]:
        """See :class:`bot.tools.ports.Desk`."""
        return [file.attachment() for file in self._files(self._asked(ticket)[0])]

    def attachment(self, ticket: str, attachment: str) -> bytes:
        """See :class:`bot.tools.ports.Desk`."""
        if all(file.id != attachment for file in self._files(self._asked(ticket)[0])):
            raise NotFound(f"There is no attachment {attachment} on ticket {ticket}.")
        return read(RtContent, self._http.get(f"attachment/{attachment}")).data()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _asked(self, ticket: str) -> tuple[int, Ticket]:
        """RT's number and the ticket, under the id that was asked for: a merged one keeps the one its driver knows."""
        form = _ID.fullmatch(ticket)
        missing = NotFound(f"There is no ticket {ticket}.")
        if form is None:
            raise missing
        number = int(form[2])
        try:
            record = self._record(number)
            found = self._found.ticket(record)
        except NotFound:
            raise missing from None
        if record.id == number and found.id != ticket:
            raise missing
        return record.id, found.model_copy(update={"id": ticket})

    def _record(self, number: int) -> RtTicket:
        return read(RtTicket, self._http.get(f"ticket/{number}"))

    def _files(self, number: int) -> list[RtFile]:
        items = self._found.pages(f"ticket/{number}/attachments", {"fields": "Filename,ContentType,ContentLength"})
        # The parts that only hold others, and the text itself, have no name.
        return [file for item in items if (file := read(RtFile, item)).name]

    def _new(self, draft: TicketDraft, key: str) -> dict[str, Any]:
        fields = self._rules.fields
        told = draft.model_dump(mode="json", exclude_none=True)
        lines = [draft.summary, *(f"{name}: {told[name]}" for name in self._rules.content if name in told)]
        values = {
            fields.key: _digest(key), fields.kind: draft.kind.value, fields.station: draft.station,
            fields.charger: draft.charger, fields.user: draft.user,
            fields.reporter: _digest(draft.user or draft.conversation or key),
        }  # fmt: skip
        subject = " · ".join(str(told[name]) for name in self._rules.subject if name in told)
        return {
            "Queue": self._queue,
            "Subject": " ".join(subject.split()),
            "Content": "\n".join(lines),
            "ContentType": "text/plain",
            "CustomFields": {name: value for name, value in values.items() if value is not None},
            "Attachments": list(self._photos_of(draft)),
        }

    def _photos_of(self, draft: TicketDraft) -> Iterator[dict[str, str]]:
        for photo in draft.photos:
            try:
                yield self._file(photo)
            except UnknownPhoto as error:
                log.warning("a ticket is filed without a photo: %s", error)

    def _file(self, photo: str) -> dict[str, str]:
        data = self._photos.read(photo, "copy")
        return {
            "FileName": f"{photo}.jpg",
            "FileType": PHOTO_TYPE,
            "FileContent": base64.b64encode(data).decode("ascii"),
        }

    def _with_key(self, digest: str) -> list[int]:
        """Numbers of the tickets with the key, oldest first, those that were merged into another among them."""
        return [each.id for each in self._found.having("EffectiveId > 0", key=digest)]

    def _first(self, digest: str, made: int) -> int:
        """The oldest of the tickets with the key, which is the one that counts; the one just made is merged into it."""
        numbers = self._with_key(digest)
        field = self._rules.fields.key
        if not numbers and self._record(made).field(field) != digest:
            self._unfit = f"does not keep the field {field}: see rt.initialdata for the rights, then restart Plugdesk"
            raise Unavailable(f"made ticket {made}, but {self._unfit}")
        first = min(numbers, default=made)
        if first != made:
            self._tried(made, {"MergeInto": first})
        return first

    def _join(self, made: int, station: str) -> None:
        """The ticket is filed; nothing that goes wrong here may make it look as if it were not."""
        try:
            reports = {each.id: self._found.reported(each) for each in self._found.open_reports(station)}
        except ToolError as error:
            log.warning("reports about station %s cannot be joined: %s", station, error)
            return
        if (new := reports.pop(made, None)) is None:
            return
        incident = incident_of(new, reports.values(), self._desk_rules.incident)
        if incident is None:
            return
        joining = [number for number, each in reports.items() if each.ticket in incident.tickets]
        for number in (*joining, made):
            self._tried(number, {"CustomFields": {self._rules.fields.incident: incident.id}})

    def _tried(self, number: int, change: dict[str, Any]) -> None:
        try:
            self._http.send("PUT", f"ticket/{number}", change)
        except ToolError as error:
            log.warning("ticket %d of the help desk keeps lacking %s: %s", number, ", ".join(change), error)


def _digest(text: str) -> str:
    """Of what people or other systems made up: safe in RT's query language, exact, and always short enough."""
    return hashlib.sha256(text.encode()).hexdigest()
