"""The REST interface, version 1."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import available_timezones

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.channels.problems import Problem
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.errors import IdentityRefused, UnknownPhoto
from bot.events import BotSaid, DriverSaid, Event
from bot.identity import TokenReader
from bot.types import Attached, Choice, Context, Identity, Message, Reply

LARGEST_PAGE = 500


class NewConversation(BaseModel):
    """What the client knows of the driver. Everything may be left out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"locale": "nb-NO", "vendor": "wallbox", "country": "NO"}]}
    )

    locale: str | None = Field(None, max_length=35, description="BCP 47 tag of the client's language.")
    vendor: str | None = Field(None, max_length=32, description="The source system that the host app belongs to.")
    country: str | None = Field(None, pattern="^[A-Z]{2}$", description="ISO 3166 code of where the driver is.")
    timezone: str | None = Field(None, max_length=64, description="IANA name, such as Europe/Zurich.")
    token: str | None = Field(None, description="A signed JWT of the host app: who the driver is (docs/identity.md).")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str | None) -> str | None:
        if name is not None and name not in available_timezones():
            raise ValueError("no time zone has that name; use an IANA name such as Europe/Zurich")
        return name


class ConversationCreated(BaseModel):
    """The id names the conversation and is the key to it: keep it as you keep a session cookie."""

    id: str


class NewIdentity(BaseModel):
    """A signed JWT of the host app, new or renewed."""

    model_config = ConfigDict(extra="forbid")

    token: str


class NewPosition(BaseModel):
    """Degrees, WGS 84."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class PhotoKept(BaseModel):
    """Send the id with a message. What is kept is a copy without any of the file's other data."""

    id: str
    width: int
    height: int


class NewMessage(BaseModel):
    """A driver's message. A tap on a quick reply sends its label as ``text`` and its ``choice``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"text": "bilen lader ikke, står bare og blinker", "client_id": "5f2c"},
                {"text": "Eponet", "choice": {"kind": "vendor", "value": "eponet"}},
            ]
        },
    )

    text: str
    client_id: str | None = Field(None, min_length=1, max_length=128, description="The same id twice is one message.")
    choice: Choice | None = None
    photos: list[str] = Field([], max_length=5, description="Ids that POST …/photos gave.")
    position: NewPosition | None = Field(None, description="Where the driver is, if they share it.")


class Said(BaseModel):
    """One line of the conversation: the driver's message or the bot's reply."""

    number: int
    at: str
    message: Message | None = None
    reply: Reply | None = None


class Messages(BaseModel):
    """A page of the conversation; ``next_after`` continues it, and is absent at the end."""

    messages: list[Said]
    next_after: int | None = None


class Events(BaseModel):
    """A page of what happened: what was understood and why, what was decided, what was said."""

    events: list[Event]
    next_after: int | None = None


async def conversations(request: Request) -> Conversations:
    """The conversations of this application; async, since a thread for it would cost more than the look-up."""
    found: Conversations = request.app.state.services.conversations
    return found


def identity_of(token: str, request: Request) -> Identity:
    """Who a token says that the driver is.

    Raises:
        IdentityRefused: when it is not to be trusted, or this server takes no tokens.
    """
    tokens: TokenReader | None = request.app.state.services.tokens
    if tokens is None:
        raise IdentityRefused("unwanted", "This server takes no tokens: PLUGDESK_IDENTITY_KEY is not set.")
    return tokens.read(token)


Talks = Annotated[Conversations, Depends(conversations)]
Id = Annotated[str, Path(max_length=64, description="The id that POST /v1/conversations gave.")]
PhotoId = Annotated[str, Path(max_length=64)]
After = Annotated[int, Query(ge=0, le=2**53, description="Only what comes after this number.")]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


def _problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: {"model": Problem} for code in codes}


router = APIRouter(prefix="/v1", tags=["conversations"])


@router.post("/conversations", status_code=status.HTTP_201_CREATED, responses=_problems(401, 413, 422))
def start_conversation(request: Request, talks: Talks, body: NewConversation | None = None) -> ConversationCreated:
    """Begin a conversation."""
    given = body or NewConversation.model_validate({})
    context = Context(
        locale=given.locale,
        vendor=given.vendor,
        country=given.country,
        timezone=given.timezone,
        identity=identity_of(given.token, request) if given.token is not None else None,
    )
    return ConversationCreated(id=talks.start(context))


@router.put(
    "/conversations/{conversation}/identity",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=_problems(401, 404, 409, 413, 422),
)
def identify(request: Request, talks: Talks, conversation: Id, body: NewIdentity) -> None:
    """Say who the driver is, once they have signed in."""
    talks.identify(conversation, identity_of(body.token, request))


@router.post("/conversations/{conversation}/messages", responses=_problems(404, 409, 413, 422))
async def send_message(request: Request, talks: Talks, conversation: Id, body: NewMessage) -> Reply:
    """Send a driver's message and get the reply."""
    turns: CapacityLimiter = request.app.state.turns
    photos: Photos = request.app.state.services.photos
    for photo in body.photos:
        await to_thread.run_sync(photos.read, photo, "thumbnail")
    place = (body.position.latitude, body.position.longitude) if body.position else None
    attached = Attached(photos=tuple(body.photos), position=place)
    return await to_thread.run_sync(
        talks.turn, conversation, body.text, body.client_id, body.choice, attached, limiter=turns
    )


@router.post(
    "/conversations/{conversation}/photos", status_code=status.HTTP_201_CREATED, responses=_problems(404, 413, 415),
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
    "/conversations/{conversation}/photos/{photo}", responses={200: {"content": {"image/jpeg": {}}}, **_problems(404)},
    response_class=Response,
)  # fmt: skip
def read_photo(request: Request, talks: Talks, conversation: Id, photo: PhotoId) -> Response:
    """A small copy of a photo that was sent in this conversation."""
    sent = (each.happening.message for each in talks.events(conversation) if isinstance(each.happening, DriverSaid))
    if not any(photo in message.attached.photos for message in sent):
        raise UnknownPhoto(f"There is no photo {photo} in this conversation.")
    photos: Photos = request.app.state.services.photos
    return Response(photos.read(photo, "thumbnail"), media_type="image/jpeg")


@router.get("/conversations/{conversation}/messages", responses=_problems(404, 422))
def read_messages(talks: Talks, conversation: Id, after: After = 0, limit: Limit = 100) -> Messages:
    """Read what driver and bot said, oldest first."""
    events = talks.events(conversation, after, limit)
    said = [
        Said(
            number=event.number,
            at=event.at.isoformat(),
            message=event.happening.message if isinstance(event.happening, DriverSaid) else None,
            reply=event.happening.reply if isinstance(event.happening, BotSaid) else None,
        )
        for event in events
        if isinstance(event.happening, DriverSaid | BotSaid)
    ]
    return Messages(messages=said, next_after=_next(events, limit))


@router.get("/conversations/{conversation}/events", responses=_problems(404, 422))
def read_events(talks: Talks, conversation: Id, after: After = 0, limit: Limit = 100) -> Events:
    """Read everything that happened: language, topics with scores, sources, decisions."""
    events = talks.events(conversation, after, limit)
    return Events(events=events, next_after=_next(events, limit))


def _next(events: list[Event], limit: int) -> int | None:
    return events[-1].number if len(events) == limit else None
