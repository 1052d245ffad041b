"""One conversation: read it, take it over, answer, and everything else that is done with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Path, Request, Response

from bot.care import Person
from bot.errors import NobodyThere, Occupied, UnknownConversation, UnknownPhoto
from bot.events import DriverSaid, Event, Understood
from bot.panel.answers import Begun
from bot.panel.panel import Panel
from bot.panel.presence import Present
from bot.panel.review import Correction
from bot.panel.thread import Thread, thread_of
from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.pages import HEADERS, done, language_for, refusal, say_to, show
from bot.panel.web.texts import N_
from bot.panel.web.thread_desk import desk_card
from indexer.search import Index

EARLIER = 5
LONGEST_TEXT = 8_000
LONGEST_NOTE = 8_000
REASONS = ("solved", "no_answer", "duplicate", "spam", "other")
"""Why a conversation is closed."""
SNOOZES = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1), "1w": timedelta(weeks=1)}
NO_TOPIC = "none"
GONE = N_("There is no such conversation. It may have been deleted; the inbox has all that there are.")
TAKEN = N_("%(name)s talks with this driver. Nothing was sent; what you typed is still here.")
NOT_THERE = N_("Take over first: for now the assistant answers here. What you typed is still here.")
EMPTY = N_("There is nothing to send. Write something first.")
TOO_LONG = N_("The text is too long: %(count)s characters over the limit. Shorten it; it is still here.")

Working = Annotated[Agent, Depends(needs("agent"))]
Id = Annotated[str, Path(max_length=64)]
Short = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form()]


def person_of(agent: Agent) -> Person:
    """The agent, as drivers and colleagues see them."""
    return Person(id=agent.id, name=agent.name)


def address(conversation: str) -> str:
    """Of a conversation's page."""
    return f"/agent/c/{conversation}"


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix="/agent/c/{conversation}")

    @routes.get("")
    def page(request: Request, agent: Working, conversation: Id) -> Response:
        panel = panel_of(request)
        try:
            thread = _thread(panel, conversation)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        case = panel.cases.of([conversation]).get(conversation)
        user = thread.state.context.identity.user if thread.state.context.identity else None
        earlier = panel.cases.of_driver(user, EARLIER + 1) if user else ()
        return show(
            request,
            "thread",
            thread=thread,
            care=thread.state.care,
            case=case,
            earlier=[each for each in earlier if each.conversation != conversation][:EARLIER],
            others=[each for each in _present(panel, conversation) if each.agent.id != agent.id],
            typing_since=panel.clock.now() - timedelta(seconds=panel.presence_rules.typing_s),
            mine=bool(thread.state.care.person and thread.state.care.person.id == agent.id),
            agents=panel.agents.all(),
            topics=_titles(panel.conversations.knowledge.current(), language_for(request)),
            reasons=REASONS,
            snoozes=tuple(SNOOZES),
            fresh=secrets.token_urlsafe(12),
            longest=LONGEST_TEXT,
            driver_clock=_driver_clock(thread, panel.clock.now()),
            begun=panel.answers.begun(conversation, agent, request.query_params.get("use", "")) or Begun("", ""),
            macros=[each for each in panel.answers.canned.all if each.action is not None],
            translates=panel.answers.translations is not None,
            desk=desk_card(request, thread),
        )

    @routes.get("/photos/{photo}")
    def photo(
        request: Request, agent: Working, conversation: Id, photo: Annotated[str, Path(max_length=64)], size: str = ""
    ) -> Response:
        panel = panel_of(request)
        try:
            if photo not in panel.conversations.state(conversation).photos:
                raise UnknownPhoto
            data = panel.photos.read(photo, "copy" if size == "full" else "thumbnail")
        except (UnknownConversation, UnknownPhoto):
            return refusal(request, 404, N_("There is no such photo here."))
        return Response(data, media_type="image/jpeg", headers=HEADERS)

    @routes.post("/join")
    def join(request: Request, agent: Working, conversation: Id) -> Response:
        return did(request, conversation, lambda panel: panel.staff.join(conversation, person_of(agent)))

    @routes.post("/leave")
    def leave(request: Request, agent: Working, conversation: Id) -> Response:
        return did(request, conversation, lambda panel: panel.staff.leave(conversation, person_of(agent)))

    @routes.post("/note")
    def note(request: Request, agent: Working, conversation: Id, text: Words = "", id: Short = "") -> Response:
        if (refused := unfit(request, text, LONGEST_NOTE)) is not None:
            return refused
        identity = id or secrets.token_urlsafe(12)
        return did(
            request, conversation, lambda panel: panel.staff.note(conversation, person_of(agent), identity, text), text
        )

    @routes.post("/assign")
    def assign(request: Request, agent: Working, conversation: Id, to: Short = "") -> Response:
        known = {each.id: each for each in panel_of(request).agents.all() if not each.locked}
        if to and to not in known:
            return refusal(request, 422, N_("There is no such agent any more. Choose another one."))
        chosen = person_of(known[to]) if to else None
        return did(request, conversation, lambda panel: panel.staff.assign(conversation, person_of(agent), chosen))

    @routes.post("/tags")
    def tags(request: Request, agent: Working, conversation: Id, tags: Short = "") -> Response:
        given = tags.split(",")
        return did(request, conversation, lambda panel: panel.staff.tag(conversation, person_of(agent), given))

    @routes.post("/snooze")
    def snooze(request: Request, agent: Working, conversation: Id, how_long: Short = "") -> Response:
        until = panel_of(request).clock.now() + SNOOZES[how_long] if how_long in SNOOZES else None
        return did(request, conversation, lambda panel: panel.staff.snooze(conversation, person_of(agent), until))

    @routes.post("/close")
    def close(request: Request, agent: Working, conversation: Id, why: Short = "") -> Response:
        if why not in REASONS:
            return refusal(request, 422, N_("Choose why it is closed."))
        return did(request, conversation, lambda panel: panel.staff.close(conversation, person_of(agent), why))

    @routes.post("/reopen")
    def reopen(request: Request, agent: Working, conversation: Id) -> Response:
        return did(request, conversation, lambda panel: panel.staff.reopen(conversation, person_of(agent)))

    @routes.post("/merge")
    def merge(request: Request, agent: Working, conversation: Id, into: Short = "") -> Response:
        other = into.strip().rpartition("/")[2]
        return did(request, conversation, lambda panel: panel.staff.merge(conversation, person_of(agent), other))

    @routes.post("/topic")
    def topic(request: Request, agent: Working, conversation: Id, message: Short = "", topic: Short = "") -> Response:
        panel, right = panel_of(request), None if topic == NO_TOPIC else topic
        if right is not None and right not in panel.conversations.knowledge.current().contents.topics:
            return refusal(request, 422, N_("Choose a topic from the list."))
        try:
            corrected = _correction(panel.conversations.events(conversation), conversation, agent, message, right)
        except UnknownConversation:
            return refusal(request, 404, GONE)
        if corrected is None:
            return refusal(request, 422, N_("There is no such message in this conversation."))

        def correct(panel: Panel) -> None:
            panel.staff.correct(conversation, person_of(agent), message, right)
            panel.review.add(corrected.model_copy(update={"at": panel.clock.now()}))

        return did(request, conversation, correct)

    return routes


def beats() -> APIRouter:
    """The route by which open pages say that their agent is there."""
    routes = APIRouter()

    @routes.post("/agent/here")
    def here(request: Request, agent: Working, conversation: Short = "", typing: Short = "") -> Response:
        panel, person = panel_of(request), person_of(agent)
        before = {each.agent.id: each.typing_at for each in _present(panel, conversation)} if conversation else {}
        panel.presence.beat(person, conversation or None, bool(typing), panel.clock.now())
        if conversation:
            if typing:
                try:
                    panel.staff.typing(conversation, person)
                except UnknownConversation:
                    return refusal(request, 404, GONE)
            if typing or agent.id not in before:
                panel.news.tell(f"here-{conversation}")
        return done(request, "/agent")

    return routes


def _thread(panel: Panel, conversation: str) -> Thread:
    return thread_of(conversation, panel.conversations.events(conversation), panel.conversations.state(conversation))


def _present(panel: Panel, conversation: str) -> list[Present]:
    since = panel.clock.now() - timedelta(seconds=panel.presence_rules.here_s)
    return list(panel.presence.at(conversation, since))


def _titles(index: Index, language: str) -> dict[str, str]:
    titles = {topic: index.readable_article(topic, language).title for topic in index.contents.topics}
    return dict(sorted(titles.items(), key=lambda item: item[1].casefold()))


def _driver_clock(thread: Thread, now: datetime) -> datetime | None:
    """The time of day where the driver is, if their client says where that is."""
    zone = thread.state.context.timezone
    return now.astimezone(ZoneInfo(zone)) if zone else None


def unfit(request: Request, text: str, longest: int) -> Response | None:
    """Why a text cannot be kept, or None."""
    if not text.strip():
        return refusal(request, 422, EMPTY)
    if len(text) > longest:
        return refusal(request, 422, say_to(request)(TOO_LONG, count=len(text) - longest), (text,))
    return None


def did(request: Request, conversation: str, do: Callable[[Panel], None], typed: str = "") -> Response:
    """Do it, and go back to the conversation; or say why not, with what was typed."""
    try:
        do(panel_of(request))
    except Occupied as error:
        return refusal(request, 409, say_to(request)(TAKEN, name=error.name), (typed,) if typed else ())
    except NobodyThere:
        return refusal(request, 409, NOT_THERE, (typed,) if typed else ())
    except UnknownConversation:
        return refusal(request, 404, GONE, (typed,) if typed else ())
    return done(request, address(conversation))


def _correction(
    events: list[Event], conversation: str, agent: Agent, message: str, topic: str | None
) -> Correction | None:
    said = next((e for e in events if isinstance(e.happening, DriverSaid) and e.happening.message.id == message), None)
    heard = next((e for e in events if isinstance(e.happening, Understood) and e.happening.message_id == message), None)
    if said is None or not isinstance(said.happening, DriverSaid):
        return None
    understood = heard.happening.understanding if heard and isinstance(heard.happening, Understood) else None
    return Correction(
        at=said.at,
        by=agent.id,
        conversation=conversation,
        message=message,
        language=understood.language if understood else "",
        text=said.happening.message.text,
        was=understood.topics[0].id if understood and understood.topics else None,
        topic=topic,
    )
