"""What stands beside the field that answers are written in: suggestions, canned replies, translations; and sending."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response

from bot.errors import Unavailable, UnknownConversation
from bot.events import DriverSaid, Understood
from bot.panel.panel import Panel
from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.pages import language_for, refusal, say_to, show, vendor_names
from bot.panel.web.readings import rows
from bot.panel.web.texts import N_
from bot.panel.web.thread import GONE, LONGEST_TEXT, did, unfit
from bot.types import Source

NO_MACRO = N_("There is no such macro any more. Nothing was sent; what you typed is still here.")
NO_SERVICE = N_("Translation is not set up on this server. What you typed is still here.")
NOT_TRANSLATED = N_("The translation service does not answer right now. What you typed is still here.")

Working = Annotated[Agent, Depends(needs("agent"))]
Id = Annotated[str, Path(max_length=64)]
Short = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form()]


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix="/agent/c/{conversation}")

    @routes.get("/suggestions")
    def suggestions(request: Request, agent: Working, conversation: Id) -> Response:
        panel = panel_of(request)
        try:
            closed = panel.conversations.state(conversation).care.closed
            offer = None if closed else panel.answers.offer(conversation, agent)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        tongue, say, vendors = language_for(request), say_to(request), vendor_names(request)
        return show(
            request, "suggestions", conversation=conversation, offer=offer, heading=partial(_heading, panel),
            rows=lambda found: rows(found, tongue, say, vendors),
        )  # fmt: skip

    @routes.get("/canned")
    def canned(request: Request, agent: Working, conversation: Id) -> Response:
        try:
            replies = panel_of(request).answers.canned_for(conversation, agent)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        return show(request, "canned", conversation=conversation, replies=replies)

    @routes.post("/say")
    def say(
        request: Request,
        agent: Working,
        conversation: Id,
        text: Words = "",
        id: Short = "",
        offer: Short = "",
        used: Short = "",
        macro: Short = "",
    ) -> Response:
        if (refused := unfit(request, text, LONGEST_TEXT)) is not None:
            return refused
        chosen = panel_of(request).answers.canned.of(macro) if macro else None
        if macro and (chosen is None or chosen.action is None):
            return refusal(request, 422, NO_MACRO, (text,))
        identity = id or secrets.token_urlsafe(12)

        def send(panel: Panel) -> None:
            panel.answers.say(conversation, agent, identity, text, offer, used, chosen)

        return did(request, conversation, send, text)

    @routes.post("/translation")
    def translation(request: Request, agent: Working, conversation: Id, text: Words = "") -> Response:
        """What the agent wrote, in the driver's language; nothing is sent."""
        if (refused := unfit(request, text, LONGEST_TEXT)) is not None:
            return refused
        panel = panel_of(request)
        if panel.answers.translations is None:
            return refusal(request, 404, NO_SERVICE, (text,))
        try:
            target = panel.conversations.language(conversation)
            said = panel.answers.translations.of(text, agent.language, target)
        except UnknownConversation:
            return refusal(request, 404, GONE, (text,))
        except Unavailable:
            return refusal(request, 503, NOT_TRANSLATED, (text,))
        return show(
            request, "translated", conversation=conversation, said=said, target=target, written=text,
            fresh=secrets.token_urlsafe(12),
        )  # fmt: skip

    @routes.get("/lines/{number}/translation")
    def line(
        request: Request, agent: Working, conversation: Id, number: Annotated[int, Path(ge=1, le=10**9)]
    ) -> Response:
        """A message of the driver's in the agent's language; empty where the service does not answer."""
        panel = panel_of(request)
        try:
            written = _written(panel, conversation, number)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        if panel.answers.translations is None or written is None:
            return refusal(request, 404, N_("There is nothing to translate here."))
        try:
            said = panel.answers.translations.of(*written, language_for(request))
        except Unavailable:
            said = ""
        return show(request, "line_translation", conversation=conversation, number=number, said=said)

    return routes


def _heading(panel: Panel, source: Source, section: str) -> str:
    """Of an article's section, in the article's language; empty for its beginning, which has none."""
    article = panel.conversations.knowledge.current().article(source.article, source.language)
    found = article.section(section) if article else None
    return (found.heading or "") if found else ""


def _written(panel: Panel, conversation: str, number: int) -> tuple[str, str] | None:
    """The driver's message of that event, and its language; None where it is no message, or has none."""
    events = panel.conversations.events(conversation, number - 1, 3)
    if not events or not isinstance(events[0].happening, DriverSaid):
        return None
    message = events[0].happening.message
    for event in events[1:]:
        if isinstance(event.happening, Understood) and event.happening.message_id == message.id and message.text:
            return message.text, event.happening.understanding.language
    return None
