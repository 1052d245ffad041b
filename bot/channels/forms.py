"""The forms of the REST interface: what clients send, and what they get."""

from __future__ import annotations

from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator

from bot.events import DriverSaid, Event
from bot.spoken import spoken
from bot.types import AppContext, Choice, Message, Reply


class NewContext(BaseModel):
    """What the host app has on the screen. What cannot be read is passed over: the driver is asked for it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"station_id": "CH*EPO*E4521"}]})

    station_id: str | None = Field(None, max_length=512, description="As drivers type it, or the link of a QR code.")
    error_code: str | None = Field(None, max_length=64, description="What the app or the station shows.")
    screen: str | None = Field(None, max_length=64, description="The app's own name for it.")

    @property
    def shown(self) -> AppContext:
        """The same, for the conversation."""
        return AppContext(station_id=self.station_id, error_code=self.error_code, screen=self.screen)


class ChangedContext(NewContext):
    """What has changed in the host app; what is left out stays."""

    locale: str | None = Field(
        None, max_length=35, description="BCP 47 tag: from now on the driver is spoken to in that language."
    )

    @property
    def shown(self) -> AppContext:
        """The same, for the conversation."""
        return super().shown.model_copy(update={"locale": self.locale})


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

    context: NewContext | None = Field(None, description="What the host app has on the screen.")

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

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

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


class LeftToPerson(BaseModel):
    """The message was taken in. No reply belongs to it: a person answers, in the messages and the stream."""

    person: str = Field(description="The name of who answers.")


class Said(BaseModel):
    """One line of the conversation: the driver's message, or what they were told.

    A reply whose parts' origin is ``person`` was written by somebody of the support team.
    """

    number: int
    at: str
    message: Message | None = None
    reply: Reply | None = None

    @classmethod
    def of(cls, event: Event) -> Said | None:
        """The line that an event is, None for events that say nothing to the driver."""
        if isinstance(event.happening, DriverSaid):
            return cls(number=event.number, at=event.at.isoformat(), message=event.happening.message)
        reply = spoken(event)
        return cls(number=event.number, at=event.at.isoformat(), reply=reply) if reply else None


class Messages(BaseModel):
    """A page of the conversation; ``next_after`` continues it, and is absent at the end."""

    messages: list[Said]
    next_after: int | None = None


class NewFeedback(BaseModel):
    """Whether a reply helped; the last word on a reply counts."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reply": "r-5f2c", "helped": True}]})

    reply: str = Field(min_length=1, max_length=160, description="The id of the reply.")
    helped: StrictBool


class NewRating(BaseModel):
    """How the driver rates the conversation; the last rating counts."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"stars": 4}]})

    stars: int = Field(ge=1, le=5)
    comment: str | None = Field(None, max_length=2_000)


class Events(BaseModel):
    """A page of what happened: what was understood and why, what was decided, what was said."""

    events: list[Event]
    next_after: int | None = None
