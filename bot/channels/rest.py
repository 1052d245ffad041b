"""The REST interface, version 1: conversations and what is said in them."""

from __future__ import annotations

from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Request, Response, status
from fastapi.responses import JSONResponse

from bot.channels.forms import (
    ChangedContext,
    ConversationCreated,
    Events,
    LeftToPerson,
    Messages,
    NewConversation,
    NewIdentity,
    NewMessage,
    PhotoKept,
    Said,
)
from bot.channels.parameters import After, Beside, Id, Limit, Talks, problems
from bot.desk.photos import Photos
from bot.errors import IdentityRefused, UnknownPhoto
from bot.events import DriverSaid, Event
from bot.identity import Tokens
from bot.ports import Notifier
from bot.types import Attached, Context, Identity, Reply

PhotoId = Annotated[str, Path(max_length=64)]


def identity_of(token: str, request: Request) -> Identity:
    """Who a token says that the driver is.

    Raises:
        IdentityRefused: when it is not to be trusted, or this server takes no tokens.
    """
    tokens: Tokens | None = request.app.state.services.tokens
    if tokens is None:
        raise IdentityRefused("unwanted", "This server takes no tokens: PLUGDESK_IDENTITY_KEY is not set.")
    return tokens.read(token)


router = APIRouter(prefix="/v1", tags=["conversations"])


@router.post("/conversations", status_code=status.HTTP_201_CREATED, responses=problems(401, 413, 422))
def start_conversation(
    request: Request, talks: Talks, beside: Beside, body: NewConversation | None = None
) -> ConversationCreated:
    """Begin a conversation."""
    given = body or NewConversation.model_validate({})
    context = Context(
        locale=given.locale,
        vendor=given.vendor,
        country=given.country,
        timezone=given.timezone,
        identity=identity_of(given.token, request) if given.token is not None else None,
    )
    conversation = talks.start(context)
    if given.context is not None:
        beside.context(conversation, given.context.shown)
    return ConversationCreated(id=conversation)


@router.put(
    "/conversations/{conversation}/identity",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 404, 409, 413, 422),
)
def identify(request: Request, talks: Talks, conversation: Id, body: NewIdentity) -> None:
    """Say who the driver is, once they have signed in."""
    talks.identify(conversation, identity_of(body.token, request))


@router.put(
    "/conversations/{conversation}/context",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 413, 422),
)
def change_context(beside: Beside, conversation: Id, body: ChangedContext) -> None:
    """Say what the host app has on the screen now, or that the driver chose another language."""
    beside.context(conversation, body.shown)


@router.post(
    "/conversations/{conversation}/messages",
    response_model=Reply,
    responses={status.HTTP_202_ACCEPTED: {"model": LeftToPerson}, **problems(404, 409, 413, 422)},
)
async def send_message(request: Request, talks: Talks, conversation: Id, body: NewMessage) -> Reply | JSONResponse:
    """Send a driver's message and get the reply. 202: a person of the support team has taken over and answers."""
    turns: CapacityLimiter = request.app.state.turns
    photos: Photos = request.app.state.services.photos
    for photo in body.photos:
        await to_thread.run_sync(photos.read, photo, "thumbnail")
    notifier: Notifier = request.app.state.services.notifier
    if (await to_thread.run_sync(talks.state, conversation)).care.person is None:
        notifier.typing(conversation, "bot")
    place = (body.position.latitude, body.position.longitude) if body.position else None
    attached = Attached(photos=tuple(body.photos), position=place)
    reply = await to_thread.run_sync(
        talks.turn, conversation, body.text, body.client_id, body.choice, attached, limiter=turns
    )
    if reply is not None:
        return reply
    person = talks.state(conversation).care.person
    taken = LeftToPerson(person=person.name if person else "")
    return JSONResponse(taken.model_dump(), status.HTTP_202_ACCEPTED)


@router.post(
    "/conversations/{conversation}/photos", status_code=status.HTTP_201_CREATED, responses=problems(404, 413, 415),
    openapi_extra={"requestBody": {"required": True, "content": {
        each: {"schema": {"type": "string", "format": "binary"}}
        for each in ("image/jpeg", "image/png", "image/webp", "image/heic")
    }}},
)  # fmt: skip
async def send_photo(request: Request, talks: Talks, conversation: Id) -> PhotoKept:
    """Send a photo: the file's bytes as the body. Its type is found in its content, whatever it is called."""
    await to_thread.run_sync(talks.events, conversation, 0, 1)
    photos: Photos = request.app.state.services.photos
    data = await request.body()
    kept = await to_thread.run_sync(photos.accept, data, "The photo", limiter=request.app.state.photos)
    return PhotoKept(id=kept.id, width=kept.width, height=kept.height)


@router.get(
    "/conversations/{conversation}/photos/{photo}", responses={200: {"content": {"image/jpeg": {}}}, **problems(404)},
    response_class=Response,
)  # fmt: skip
def read_photo(request: Request, talks: Talks, conversation: Id, photo: PhotoId) -> Response:
    """A small copy of a photo that was sent in this conversation."""
    sent = (each.happening.message for each in talks.events(conversation) if isinstance(each.happening, DriverSaid))
    if not any(photo in message.attached.photos for message in sent):
        raise UnknownPhoto(f"There is no photo {photo} in this conversation.")
    photos: Photos = request.app.state.services.photos
    return Response(photos.read(photo, "thumbnail"), media_type="image/jpeg")


@router.get("/conversations/{conversation}/messages", responses=problems(404, 422))
def read_messages(talks: Talks, conversation: Id, after: After = 0, limit: Limit = 100) -> Messages:
    """Read what driver and bot said, oldest first."""
    events = talks.events(conversation, after, limit)
    said = [said for event in events if (said := Said.of(event))]
    return Messages(messages=said, next_after=_next(events, limit))


@router.get("/conversations/{conversation}/events", responses=problems(404, 422))
def read_events(talks: Talks, conversation: Id, after: After = 0, limit: Limit = 100) -> Events:
    """Read everything that happened: language, topics with scores, sources, decisions."""
    events = talks.events(conversation, after, limit)
    return Events(events=events, next_after=_next(events, limit))


def _next(events: list[Event], limit: int) -> int | None:
    return events[-1].number if len(events) == limit else None
