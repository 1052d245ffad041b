"""Finding tickets in Request Tracker, and what a found one means."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bot.adapters.desk.rt_http import RtHttp
from bot.adapters.desk.rt_objects import RtPage, RtQueue, RtTicket, read
from bot.adapters.desk.rt_rules import RtRules
from bot.desk.incidents import Reported
from bot.desk.rules import DeskRules
from bot.errors import NotFound, Unavailable
from bot.tools.values import ReportState, Ticket, TicketFilter, TicketKind

log = logging.getLogger(__name__)
_COLUMNS = "Status,Created,LastUpdated,CustomFields"
Reporters = dict[str, set[str]]
"""Who reported, by incident."""


class RtTickets:
    """Searches the queue."""

    def __init__(self, http: RtHttp, queue: str, rules: RtRules, desk_rules: DeskRules) -> None:
        self._http, self._queue, self._rules, self._desk_rules = http, queue, rules, desk_rules
        self._checked = False

    def having(self, more: str = "", **fields: str) -> list[RtTicket]:
        """The tickets whose fields, as rt.yaml calls them, have these values; oldest first.

        ``more`` is a condition in RT's own language, and never holds anything that people wrote.
        """
        return list(self._having("ASC", more, fields))

    def listed(self, which: TicketFilter) -> Iterator[Ticket]:
        """The tickets that fit, newest first; read from RT as far as they are taken."""
        names = {"kind": which.kind, "station": which.station, "incident": which.incident}
        fields = {name: str(value) for name, value in names.items() if value is not None}
        found = self._having("DESC", "", fields)
        before = which.filed_before
        fitting = (each for each in found if before is None or each.created < before)
        for ticket in self.tickets(fitting):
            # What a state is called in RT depends on the kind, so that it is told from the ticket, not searched for.
            if not which.states or ticket.state in which.states:
                yield ticket

    def _having(self, order: str, more: str, fields: Mapping[str, str]) -> Iterator[RtTicket]:
        named = {getattr(self._rules.fields, field): value for field, value in fields.items()}
        conditions = [f"Queue = {_quoted(self._queue)}"]
        conditions += [f"CF.{{{name}}} = {_quoted(value)}" for name, value in named.items()]
        conditions += [more] if more else []
        params = {"query": " AND ".join(conditions), "fields": _COLUMNS, "orderby": "id", "order": order}
        found = (read(RtTicket, item) for item in self.pages("tickets", params))
        # RT does not tell upper from lower case, and takes CF.NAME and NULL for more than text even in quotes.
        return (each for each in found if all(each.field(name) == value for name, value in named.items()))

    def check_fields(self) -> None:
        """Whether the queue is as rt.initialdata makes it.

        Raises:
            Unavailable: when it is not. A ticket made there would never be found by its key, and be made over and over.
        """
        if self._checked:
            return
        try:
            queue = read(RtQueue, self._http.get(f"queue/{quote(self._queue, safe='')}"))
        except (NotFound, Unavailable) as error:
            # Nothing was made; and RT does not name a queue that it does not show.
            raise Unavailable(f"does not show the queue {self._queue!r}: {error}", sent=False) from None
        missing = set(self._rules.fields.model_dump().values()) - {field.name for field in queue.fields}
        if missing:
            what = f"shows no field {', '.join(sorted(missing))} in {self._queue!r}"
            raise Unavailable(f"{what}: load rt.initialdata, and see its rights", sent=False)
        self._checked = True

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """All items of all pages.

        Raises:
            Unavailable: when there are more than the limit: what is left out would be taken for not there.
        """
        for number in range(1, self._rules.most_pages + 1):
            page = read(RtPage, self._http.get(path, {**params, "per_page": self._rules.page, "page": number}))
            yield from page.items
            # Where RT does not count what its user may not see, only an empty page is the end.
            if not page.items or (page.pages is not None and number >= page.pages):
                return
        raise Unavailable(f"has more than {self._rules.most_pages * self._rules.page} {path} to tell")

    def open_reports(self, station: str) -> list[RtTicket]:
        """The fault reports about a station that are not over."""
        found = self.having("Status = '__Active__'", station=station, kind=TicketKind.FAULT.value)
        return [each for each in found if self._state(each) not in self._desk_rules.over]

    def reported(self, found: RtTicket) -> Reported:
        """What the rule of incidents looks at."""
        incident = found.field(self._rules.fields.incident)
        return Reported(self.told(found), self._reporter(found), found.created, incident)

    def told(self, found: RtTicket) -> str:
        """The id that people are told.

        Raises:
            NotFound: when Plugdesk did not file the ticket.
        """
        return self._desk_rules.numbers.of(self._kind(found)).ticket(found.id)

    def ticket(self, found: RtTicket, reporters: Reporters | None = None) -> Ticket:
        """What the ticket says; ``reporters`` remembers what was read for the others of a list.

        Raises:
            NotFound: when Plugdesk did not file it.
            Unavailable: when its status or its progress stands not in rt.yaml.
        """
        fields, kind, state = self._rules.fields, self._kind(found), self._state(found)
        if state is None:
            told = f"{found.status!r} and {found.field(fields.progress)!r}"
            raise Unavailable(f"has ticket {found.id} in the state {told}, which rt.yaml does not know")
        return Ticket(
            id=self.told(found),
            kind=kind,
            state=state,
            station=found.field(fields.station),
            charger=found.field(fields.charger),
            user=found.field(fields.user),
            incident=found.field(fields.incident),
            others=self._others(found, {} if reporters is None else reporters),
            repair_by=found.field(fields.repair_by),
            filed_at=found.created,
            updated_at=found.updated,
        )

    def tickets(self, found: Iterable[RtTicket]) -> Iterator[Ticket]:
        """What they say; one that says nothing that Plugdesk knows does not hide the others."""
        reporters: Reporters = {}
        for each in found:
            try:
                yield self.ticket(each, reporters)
            except NotFound:
                continue
            except Unavailable as error:
                log.warning("the help desk %s", error.reason)

    def _kind(self, found: RtTicket) -> TicketKind:
        try:
            return TicketKind(found.field(self._rules.fields.kind) or "")
        except ValueError:
            raise NotFound(f"Ticket {found.id} of the help desk was not filed by Plugdesk.") from None

    def _state(self, found: RtTicket) -> ReportState | None:
        return self._rules.state(self._kind(found), found.status, found.field(self._rules.fields.progress) or "")

    def _reporter(self, found: RtTicket) -> str:
        return found.field(self._rules.fields.reporter) or str(found.id)

    def _others(self, found: RtTicket, reporters: Reporters) -> int:
        incident = found.field(self._rules.fields.incident)
        if incident is None:
            return 0
        if incident not in reporters:
            reporters[incident] = {self._reporter(each) for each in self.having(incident=incident)}
        return len(reporters[incident] - {self._reporter(found)})


def _quoted(text: str) -> str:
    """As a string of RT's query language."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
