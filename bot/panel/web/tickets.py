"""Reports and incidents: the list, one ticket with its files, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from PIL import Image

from bot.errors import NotFound, ToolError, Unavailable
from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.pages import HEADERS, done, refusal, say_to, show
from bot.panel.web.texts import N_
from bot.tools.values import ReportState, Ticket, TicketFilter, TicketKind

PAGE = 50
"""Tickets on one page."""
AGES = {"2": 2, "7": 7, "30": 30}
"""Days that a ticket is older than."""
OPEN = frozenset({ReportState.RECEIVED, ReportState.OWNER_CONTACTED, ReportState.REPAIR_PLANNED})
IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
"""What a browser may show, by content. Everything else is only saved."""
MISSING = N_("There is no such ticket, or it was not filed here.")
SILENT = N_("The help desk cannot be reached. Nothing was changed; try again later.")
NO_FILE = N_("There is no such file on this ticket.")
BAD_DATE = N_("Write the date as in 2026-12-01. Nothing was changed.")
MOVED = N_("The state is changed. The drivers who wait for it are told.")

Working = Annotated[Agent, Depends(needs("agent"))]
Id = Annotated[str, Path(max_length=64)]
Asked = Annotated[str, Query(max_length=64)]


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix="/agent/tickets")

    @routes.get("")
    def listed(
        request: Request,
        agent: Working,
        state: Asked = "open",
        kind: Asked = "",
        station: Asked = "",
        age: Asked = "",
        incident: Asked = "",
        page: Annotated[int, Query(ge=0, le=10_000)] = 0,
    ) -> Response:
        panel = panel_of(request)
        which = TicketFilter(
            states=_states(state),
            kind=TicketKind(kind) if kind in set(TicketKind) else None,
            station=station.strip() or None,
            incident=incident.strip() or None,
            filed_before=panel.clock.now() - timedelta(days=AGES[age]) if age in AGES else None,
        )
        try:
            found = panel.tools.desk.listed(which, page, PAGE)
        except ToolError:
            return refusal(request, 503, SILENT)
        asked = {"state": state, "kind": kind, "station": station, "age": age, "incident": incident}
        address = f"/agent/tickets?{urlencode({name: value for name, value in asked.items() if value})}"
        return show(
            request, "tickets", tickets=found.tickets, asked=asked, states=tuple(ReportState), kinds=tuple(TicketKind),
            ages=tuple(AGES), newer=f"{address}&page={page - 1}" if page else None,
            older=f"{address}&page={page + 1}" if found.more else None,
        )  # fmt: skip

    @routes.get("/{ticket}")
    def one(request: Request, agent: Working, ticket: Id) -> Response:
        desk = panel_of(request).tools.desk

        def page() -> Response:
            found = desk.ticket(ticket)
            others = desk.listed(TicketFilter(incident=found.incident)).tickets if found.incident else (found,)
            return show(
                request, "ticket", ticket=found, files=desk.attachments(ticket), states=tuple(ReportState),
                reported=[each for each in others if each.id != found.id],
                images=frozenset(IMAGES.values()),
            )  # fmt: skip

        return _answered(request, page)

    @routes.get("/{ticket}/files/{attachment}")
    def file(request: Request, agent: Working, ticket: Id, attachment: Id) -> Response:
        desk = panel_of(request).tools.desk

        def answer() -> Response:
            known = next((each for each in desk.attachments(ticket) if each.id == attachment), None)
            if known is None:
                return refusal(request, 404, NO_FILE)
            return _file(desk.attachment(ticket, attachment), known.name)

        return _answered(request, answer)

    @routes.post("/{ticket}/state")
    def move(
        request: Request,
        agent: Working,
        ticket: Id,
        state: Annotated[ReportState, Form()],
        repair_by: Annotated[str, Form(max_length=64)] = "",
    ) -> Response:
        by = repair_by.strip()
        if by and not _is_date(by):
            return refusal(request, 422, BAD_DATE, (repair_by,))

        def answer() -> Response:
            moved: Ticket = panel_of(request).tools.desk.set_state(ticket, state, by or None)
            panel_of(request).news.tell("tickets")
            return done(request, f"/agent/tickets/{moved.id}", say_to(request)(MOVED))

        return _answered(request, answer)

    return routes


def _states(asked: str) -> frozenset[ReportState]:
    if asked == "open":
        return OPEN
    return frozenset(each for each in ReportState if each == asked)


def _answered(request: Request, answer: Callable[[], Response]) -> Response:
    try:
        return answer()
    except NotFound:
        return refusal(request, 404, MISSING)
    except Unavailable:
        return refusal(request, 503, SILENT)


def _file(data: bytes, name: str) -> Response:
    """What the desk calls it is not trusted: an image by its content is shown, all else is saved and runs nowhere."""
    kind = _image(data)
    way = "inline" if kind else "attachment"
    headers = {
        **HEADERS,
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=kind or "application/octet-stream", headers=headers)


def _image(data: bytes) -> str | None:
    try:
        with Image.open(BytesIO(data), formats=list(IMAGES)) as image:
            image.verify()
            return IMAGES[image.format or ""]
    except Exception:
        # Decoders raise whatever a broken file makes them stumble over; it is then no image to show.
        return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
