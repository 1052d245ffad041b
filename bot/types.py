"""The values that travel through a turn: message → understanding → decision → reply."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LanguageSource = Literal["message", "conversation", "locale", "guess"]


class Value(BaseModel):
    """Frozen; a field that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Value):
    """What a quick reply stands for, so that a tap needs no guessing."""

    kind: Literal["topic", "vendor", "language", "command", "option", "answer"]
    """``command``: one of the conversation itself, such as ``person``; ``option``: of the question that is open;
    ``answer``: ``yes:`` or ``no:`` and the id of the proposal that was confirmed or declined."""
    value: str = Field(max_length=64)


class Identity(Value):
    """Who the host app says that the driver is; never taken from what the driver writes."""

    user: str = Field(min_length=1, max_length=128)
    accounts: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] = Field((), max_length=50)
    role: str | None = Field(None, max_length=64)
    locale: str | None = Field(None, max_length=35)
    vendor: str | None = Field(None, max_length=32)


class Attached(Value):
    """What a message brought along besides words."""

    photos: tuple[str, ...] = ()
    """Ids of photos that were accepted."""
    refused: tuple[str, ...] = ()
    """Of photos that were not, each its code of :class:`bot.errors.PhotoRefused`."""
    position: tuple[float, float] | None = None
    """Latitude and longitude in degrees, WGS 84."""


class Message(Value):
    """What a driver sent, secrets masked. ``client_id`` is the sender's own id: the same one twice is one message."""

    id: str
    text: str
    client_id: str | None = None
    choice: Choice | None = None
    masked: tuple[str, ...] = ()
    """Kinds of secrets that were masked before anybody saw them."""
    attached: Attached = Attached()


class Topic(Value):
    """A topic and its calibrated probability."""

    id: str
    score: float


class SlotValue(Value):
    """A value that the driver wrote, in canonical form; ``rejected`` where they said that it is not this one."""

    slot: str
    value: str
    raw: str
    rejected: bool = False
    valid: bool = True


class Understanding(Value):
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
    """Keys of the passages that were nearest, such as ``en/minimum-balance#steps``; then those of the best topic's
    article that are as near as its lead."""
    problems: tuple[str, ...] = ()
    """The topics of the message's parts, where it clearly tells of two problems."""
    slots: tuple[SlotValue, ...] = ()
    command: str | None = None
    """What the message says of the conversation itself, such as ``cancel``."""
    opening: str | None = None
    """``yes`` or ``no`` where the message begins with one, whatever follows; enough for a question, never consent."""
    chosen: str | None = None
    """The option of the open question that the message names."""
    consent: bool | None = None
    """An explicit yes or no, and nothing else; None for everything between."""
    sections: tuple[str, ...] = ()
    """Of the last answer's article: the section that a question leaning on it is nearest to."""
    hazards: tuple[str, ...] = ()
    """Dangers that the message tells of; see bot/understanding/safety/."""


class Decision(Value):
    """What the policy chose, and the reason as a short English phrase for logs and the events view."""

    kind: Literal[
        "answer", "choices", "none", "greeting", "thanks", "unreadable",
        "danger", "consent", "command", "inform", "flow",
    ]  # fmt: skip
    """``consent``: yes or no to a proposal; ``inform``: facts for the question that is open; ``flow``: one that no
    topic stands for."""
    topics: tuple[str, ...] = ()
    what: str | None = None
    """The command, the flow, the option, or the answer to a proposal."""
    sections: tuple[str, ...] = ()
    """The only sections of the article that were asked for."""
    confidence: float = 0.0
    reason: str


class ArticleOrigin(Value):
    """A part of an approved article."""

    kind: Literal["article"] = "article"
    article: str
    language: str
    section: str


class TemplateOrigin(Value):
    """A template of bot/replies/templates, filled from the catalogue of a language."""

    kind: Literal["template"] = "template"
    template: str
    language: str
    tools: tuple[str, ...] = ()
    """The readings and actions whose results stand in it, such as ``accounts.account(40711)``."""


class PersonOrigin(Value):
    """Somebody of the support team wrote it."""

    kind: Literal["person"] = "person"
    name: str


Origin = Annotated[ArticleOrigin | TemplateOrigin | PersonOrigin, Field(discriminator="kind")]


class TextPart(Value):
    """A paragraph."""

    type: Literal["text"] = "text"
    text: str
    origin: Origin


class HeadingPart(Value):
    """The heading of the parts below it."""

    type: Literal["heading"] = "heading"
    text: str
    origin: Origin


class StepsPart(Value):
    """Numbered steps, one action each; ``first`` is the number of the first one shown."""

    type: Literal["steps"] = "steps"
    items: tuple[str, ...]
    first: int = 1
    origin: Origin


class PicturePart(Value):
    """A drawing: ``src`` is a path on this server, ``alt`` says the same in words."""

    type: Literal["picture"] = "picture"
    src: str
    alt: str
    origin: Origin


class ConfirmationPart(Value):
    """A card that asks for a yes before an action runs: what, on what, and what follows."""

    type: Literal["confirmation"] = "confirmation"
    text: str
    proposal: str
    action: str
    expires_at: datetime
    origin: Origin


Part = Annotated[TextPart | HeadingPart | StepsPart | PicturePart | ConfirmationPart, Field(discriminator="type")]


class QuickReply(Value):
    """A button: ``label`` is shown and sent as the message's text, together with ``choice``."""

    label: str
    choice: Choice


class Source(Value):
    """Where an answer comes from."""

    article: str
    title: str
    language: str
    sections: tuple[str, ...]
    updated: str
    """The article's date in the driver's language."""


class Reply(Value):
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
    expects: str | None = None
    """What the bot waits for: a slot, ``option``, ``text`` or ``confirmation``."""
    urgent: bool = False
    """It is about danger: show it before everything else."""


class Context(Value):
    """What the client says of the driver when a conversation starts; all of it optional."""

    locale: str | None = None
    vendor: str | None = None
    country: str | None = None
    timezone: str | None = None
    """IANA name; where it is missing, times are told in the operator's."""
    screen: str | None = Field(None, max_length=64)
    """What the host app shows, in its own words; for people who take over."""
    identity: Identity | None = None
    channel: str | None = Field(None, max_length=64)
    """The name of the messenger that it came by; None: the widget or another client of the REST interface."""


class AppContext(Value):
    """What the host app says of the moment; what it leaves out stays as it was."""

    station_id: str | None = Field(None, max_length=512)
    """As drivers write it, or the link of a QR code."""
    error_code: str | None = Field(None, max_length=64)
    screen: str | None = Field(None, max_length=64)
    locale: str | None = Field(None, max_length=35)
    """BCP 47 tag: the driver chose another language."""
