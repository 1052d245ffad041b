"""The values that travel through a turn: message → understanding → decision → reply, kept as events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LanguageSource = Literal["message", "conversation", "locale", "guess"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Value):
    """What a quick reply stands for, so that a tap needs no guessing."""

    kind: Literal["topic", "vendor", "language"]
    value: str = Field(max_length=64)


class Message(_Value):
    """What a driver sent. ``client_id`` is the sender's own id: the same one twice is one message."""

    id: str
    text: str
    client_id: str | None = None
    choice: Choice | None = None


class Topic(_Value):
    """A topic and its calibrated probability."""

    id: str
    score: float


class Understanding(_Value):
    """What a message was taken to mean, and why."""

    language: str
    language_source: LanguageSource
    language_confidence: float
    topics: tuple[Topic, ...]
    confidence: float
    """Calibrated probability that the first topic answers the message."""
    classes: dict[str, float]
    vendor: str | None
    passages: tuple[str, ...]
    """Keys of the passages that were nearest, such as ``en/minimum-balance#steps``."""


class Decision(_Value):
    """What the policy chose, and the reason as a short English phrase for logs and the events view."""

    kind: Literal["answer", "choices", "none", "greeting", "thanks", "unreadable"]
    topics: tuple[str, ...] = ()
    confidence: float = 0.0
    reason: str


class ArticleOrigin(_Value):
    """A part of an approved article."""

    kind: Literal["article"] = "article"
    article: str
    language: str
    section: str


class TemplateOrigin(_Value):
    """A template of bot/replies/templates, filled from the catalogue of a language."""

    kind: Literal["template"] = "template"
    template: str
    language: str


Origin = Annotated[ArticleOrigin | TemplateOrigin, Field(discriminator="kind")]


class TextPart(_Value):
    """A paragraph."""

    type: Literal["text"] = "text"
    text: str
    origin: Origin


class HeadingPart(_Value):
    """The heading of the parts below it."""

    type: Literal["heading"] = "heading"
    text: str
    origin: Origin


class StepsPart(_Value):
    """Numbered steps, one action each."""

    type: Literal["steps"] = "steps"
    items: tuple[str, ...]
    origin: Origin


class PicturePart(_Value):
    """A drawing: ``src`` is a path on this server, ``alt`` says the same in words."""

    type: Literal["picture"] = "picture"
    src: str
    alt: str
    origin: Origin


Part = Annotated[TextPart | HeadingPart | StepsPart | PicturePart, Field(discriminator="type")]


class QuickReply(_Value):
    """A button: ``label`` is shown and sent as the message's text, together with ``choice``."""

    label: str
    choice: Choice


class Source(_Value):
    """Where an answer comes from."""

    article: str
    title: str
    language: str
    sections: tuple[str, ...]
    updated: str
    """The article's date in the driver's language."""


class Reply(_Value):
    """What the driver sees. Every part names its origin; ``text`` is the same for channels without layout."""

    id: str
    language: str
    decision: Literal["answer", "choices", "none"]
    topic: str | None
    confidence: float
    parts: tuple[Part, ...]
    quick_replies: tuple[QuickReply, ...]
    sources: tuple[Source, ...]
    text: str


class Context(_Value):
    """What the client says of the driver when a conversation starts; all of it optional."""

    locale: str | None = None
    vendor: str | None = None
    country: str | None = None


class Started(_Value):
    """A conversation began."""

    type: Literal["started"] = "started"
    context: Context


class DriverSaid(_Value):
    """A driver's message arrived."""

    type: Literal["driver_said"] = "driver_said"
    message: Message


class Understood(_Value):
    """What the message was taken to mean."""

    type: Literal["understood"] = "understood"
    message_id: str
    understanding: Understanding


class Decided(_Value):
    """What the policy chose."""

    type: Literal["decided"] = "decided"
    message_id: str
    decision: Decision


class BotSaid(_Value):
    """The bot answered the message of that id."""

    type: Literal["bot_said"] = "bot_said"
    message_id: str
    reply: Reply


Happening = Annotated[Started | DriverSaid | Understood | Decided | BotSaid, Field(discriminator="type")]


class Event(_Value):
    """Something that happened in a conversation; ``number`` counts from 1 without gaps."""

    number: int
    at: datetime
    happening: Happening
