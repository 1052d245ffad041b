"""On the conversation page: look things up, do something, and tickets."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response

from bot.care import Person
from bot.errors import DangerForbids, NotFound, StaleForm, ToolError, UnknownConversation
from bot.events import ToolRead
from bot.panel.checks import CheckKind, known
from bot.panel.doings import TARGETS, ActionName
from bot.panel.panel import Panel
from bot.panel.thread import Thread, thread_of
from bot.panel.tickets import KINDS, Wanted, description_of
from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.outcomes import DANGER, STALE, told
from bot.panel.web.pages import done, language_for, refusal, say_to, show, vendor_names
from bot.panel.web.readings import Row, rows
from bot.panel.web.texts import N_, Say
from bot.tools.values import Ticket, TicketKind

LONGEST_VALUE = 64
LONGEST_DESCRIPTION = 4_000
MOST_CHECKS = 3
MOST_TICKETS = 10
GONE = N_("There is no such conversation. It may have been deleted; the inbox has all that there are.")
NO_VALUE = N_("Write the number or name to look up.")
UNKNOWN_TICKET = N_("The help desk has no ticket of that number. Check it; a report looks like R-20418.")
DESK_SILENT = N_("The help desk cannot be reached. Nothing happened; try again later.")
LOOKED = {
    "found": N_("Found; it is shown in this conversation."),
    "missing": N_("Nothing was found under that number."),
    "unknown": N_("It could not be read. Try again later."),
    "forbidden": N_("It could not be read. Try again later."),
}

Working = Annotated[Agent, Depends(needs("agent"))]
Id = Annotated[str, Path(max_length=64)]
Value = Annotated[str, Form(max_length=LONGEST_VALUE)]
Asked = Annotated[str, Query(max_length=LONGEST_VALUE)]


@dataclass(frozen=True)
class DeskCard:
    """What the card shows; read when it is shown, so that other fragments of the page wait for no help desk."""

    panel: Panel
    thread: Thread
    language: str
    say: Say
    vendors: Mapping[str, str]

    def known(self, kind: CheckKind) -> str:
        """The value that the conversation has for a check."""
        return known(self.thread.state, kind)

    @property
    def looked(self) -> list[ToolRead]:
        """What agents looked up last."""
        return [read for read in reversed(tuple(self.thread.state.readings.values())) if read.by][:MOST_CHECKS]

    def rows(self, read: ToolRead) -> list[Row]:
        """What was found, with labels."""
        return rows(read.value, self.language, self.say, self.vendors)

    @cached_property
    def tickets(self) -> list[tuple[str, Ticket | None]]:
        """Those of the conversation, newest first; None where the desk does not tell."""
        return [(each, self._ticket(each)) for each in self.thread.tickets[-MOST_TICKETS:][::-1]]

    def _ticket(self, ticket: str) -> Ticket | None:
        try:
            return self.panel.tools.desk.ticket(ticket)
        except ToolError:
            return None


def desk_card(request: Request, thread: Thread) -> DeskCard:
    """The card of a conversation."""
    return DeskCard(panel_of(request), thread, language_for(request), say_to(request), vendor_names(request))


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix="/agent/c/{conversation}")

    @routes.post("/check")
    def check(
        request: Request, agent: Working, conversation: Id, kind: Annotated[CheckKind, Form()], value: Value = ""
    ) -> Response:
        if not (wanted := value.strip()):
            return refusal(request, 422, NO_VALUE)
        try:
            read = panel_of(request).checks.run(conversation, _person(agent), kind, wanted)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        notice = say_to(request)(LOOKED[read.outcome])
        return done(request, _page(conversation), notice, "done" if read.outcome == "found" else "failed")

    @routes.get("/do")
    def ask(
        request: Request, agent: Working, conversation: Id, action: Annotated[ActionName, Query()], target: Asked = ""
    ) -> Response:
        panel, wanted = panel_of(request), target.strip()
        if not wanted:
            return refusal(request, 422, N_("Write the number of the charger, station or account."))
        kind: CheckKind = "session" if action == "stop_session" else _kind(action)
        read = panel.checks.look(kind, wanted)
        if action == "stop_session":
            if read.outcome != "found":
                return refusal(request, 409, N_("No running session was found on this account. Nothing was done."))
            wanted = str((read.value or {})["id"])
        try:
            number = panel.doings.round(conversation, action, wanted)
            panel.doings.check(conversation, action, wanted)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        except DangerForbids:
            return refusal(request, 409, DANGER)
        shown = rows(read.value, language_for(request), say_to(request), vendor_names(request))
        return show(
            request, "doing", conversation=conversation, action=action, target=wanted, number=number, rows=shown,
            read=read,
        )  # fmt: skip

    @routes.post("/do")
    def act(
        request: Request,
        agent: Working,
        conversation: Id,
        action: Annotated[ActionName, Form()],
        target: Value,
        number: Annotated[int, Form(ge=0)],
    ) -> Response:
        try:
            outcome = panel_of(request).doings.run(conversation, _person(agent), action, target.strip(), number)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        except DangerForbids:
            return refusal(request, 409, DANGER)
        except StaleForm:
            return refusal(request, 409, STALE)
        return done(request, _page(conversation), *told(action, outcome, say_to(request)))

    @routes.get("/ticket")
    def new_ticket(request: Request, agent: Working, conversation: Id) -> Response:
        talks = panel_of(request).conversations
        try:
            state = talks.state(conversation)
            thread = thread_of(conversation, talks.events(conversation), state)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        return show(
            request, "new_ticket", thread=thread, kinds=KINDS, description=description_of(thread),
            fresh=secrets.token_urlsafe(12), longest=LONGEST_DESCRIPTION,
        )  # fmt: skip

    @routes.post("/ticket")
    def file(
        request: Request,
        agent: Working,
        conversation: Id,
        kind: Annotated[TicketKind, Form()],
        id: Annotated[str, Form(max_length=64)] = "",
        description: Annotated[str, Form()] = "",
        station: Value = "",
        charger: Value = "",
        account: Value = "",
        photos: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        if kind not in KINDS:
            return refusal(request, 422, N_("Choose a kind from the list."), (description,))
        if not description.strip():
            return refusal(request, 422, N_("Describe what it is about."))
        if len(description) > LONGEST_DESCRIPTION:
            return refusal(request, 422, N_("The description is too long. Shorten it."), (description,))
        at, of, by = (each.strip() or None for each in (station, charger, account))
        wanted = Wanted(kind, description, at, of, by, tuple(photos or ()))
        try:
            identity = id or secrets.token_urlsafe(12)
            outcome = panel_of(request).tickets.file(conversation, _person(agent), identity, wanted)
        except UnknownConversation:
            return refusal(request, 404, GONE, (description,))
        return done(request, _page(conversation), *told("ticket", outcome, say_to(request)))

    @routes.post("/link")
    def link(request: Request, agent: Working, conversation: Id, ticket: Value = "") -> Response:
        try:
            found = panel_of(request).tickets.link(conversation, _person(agent), ticket)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        except NotFound:
            return refusal(request, 404, UNKNOWN_TICKET, (ticket,))
        except ToolError:
            return refusal(request, 503, DESK_SILENT, (ticket,))
        return done(request, _page(conversation), say_to(request)("Ticket %(ticket)s belongs to it", ticket=found.id))

    return routes


def _kind(action: ActionName) -> CheckKind:
    return next(kind for kind in get_args(CheckKind) if kind == TARGETS[action])


def _person(agent: Agent) -> Person:
    return Person(id=agent.id, name=agent.name)


def _page(conversation: str) -> str:
    return f"/agent/c/{conversation}"
