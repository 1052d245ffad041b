"""What Meta posts about a number: messages of drivers and what became of replies ("Webhooks", messages)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.messengers.ports import InboundMessage, InboundPosition
from bot.channels.messengers.taps import tapped

MESSAGES = "messages"
"""The field of a change that messages come in; edits of templates and the like come in others."""
LONGEST_ID = 128


class _Told(BaseModel):
    # Meta adds fields as it pleases.
    model_config = ConfigDict(frozen=True)


class Text(_Told):
    """What was written."""

    body: str


class Media(_Told):
    """A file, with what was written below it."""

    id: str
    mime_type: str = ""
    caption: str = ""


class Location(_Told):
    """Degrees."""

    latitude: float
    longitude: float


class Chosen(_Told):
    """The button or row that was tapped. ``description``: of a row, whose label was too long for its title."""

    id: str
    title: str
    description: str = ""


class Interactive(_Told):
    """A tap."""

    button_reply: Chosen | None = None
    list_reply: Chosen | None = None


class TemplateButton(_Told):
    """A tap below a template, which somebody else may have sent from this number."""

    text: str = ""


class WhatsAppMessage(_Told):
    """A message. Of the fields from ``text`` on it has the one that its type says."""

    id: str = Field(min_length=1)
    timestamp: int
    type: str
    phone: str | None = Field(None, alias="from")
    user: str | None = Field(None, alias="from_user_id")
    """Drivers who have a user name may keep their number to themselves."""
    group_id: str | None = None
    text: Text | None = None
    image: Media | None = None
    document: Media | None = None
    video: Media | None = None
    location: Location | None = None
    interactive: Interactive | None = None
    button: TemplateButton | None = None


class _Problem(_Told):
    code: int = 0
    title: str = ""


class Status(_Told):
    """What became of a message that was sent."""

    id: str
    status: str
    errors: tuple[_Problem, ...] = ()


class _Metadata(_Told):
    phone_number_id: str = ""


class _Value(_Told):
    metadata: _Metadata = _Metadata()
    messages: list[Any] = []
    statuses: list[Any] = []


class _Change(_Told):
    field: str
    value: Any = None


class _Entry(_Told):
    changes: list[_Change] = []


class Notification(_Told):
    """One post. It may hold news of several numbers and several drivers."""

    object: str
    entry: list[_Entry] = []

    def values(self, number: str) -> Iterator[_Value]:
        """What it says of messages of that number."""
        for entry in self.entry:
            for change in entry.changes:
                if change.field != MESSAGES:
                    continue
                try:
                    value = _Value.model_validate(change.value)
                except ValidationError:
                    continue
                if value.metadata.phone_number_id == number:
                    yield value


@dataclass(frozen=True)
class Arrival:
    """What a driver sent. ``photo``: the id of the file that came along."""

    message: InboundMessage
    photo: str | None = None


def arrivals(notification: Notification, number: str, silent: Collection[str]) -> list[Arrival]:
    """What drivers sent to a number, the oldest first. What has another form than it should is left out.

    A voice message, a sticker and the like are messages without a word, so that the driver is asked for words; types
    that are ``silent`` say nothing new. What is written in groups is not for the bot.
    """
    found = []
    for value in notification.values(number):
        for told in value.messages:
            try:
                arrived = _arrival(WhatsAppMessage.model_validate(told), silent)
            except (ValueError, OverflowError, OSError):
                continue
            if arrived is not None:
                found.append(arrived)
    return sorted(found, key=lambda each: each.message.sent_at or datetime.min.replace(tzinfo=UTC))


def failures(notification: Notification, number: str) -> list[Status]:
    """Messages of a number that were taken and did not arrive all the same."""
    found = []
    for value in notification.values(number):
        for told in value.statuses:
            try:
                status = Status.model_validate(told)
            except ValidationError:
                continue
            if status.status == "failed":
                found.append(status)
    return found


def _arrival(message: WhatsAppMessage, silent: Collection[str]) -> Arrival | None:
    sender = message.phone or message.user
    if sender is None or message.group_id is not None or message.type in silent:
        return None
    document = message.document
    picture = document if document is not None and document.mime_type.startswith("image/") else message.image
    chosen = message.interactive and (message.interactive.button_reply or message.interactive.list_reply)
    text, choice = _written(message), None
    if chosen:
        text, choice = tapped(chosen.id, chosen.description or chosen.title)
    place = message.location
    inbound = InboundMessage(
        # Ids with user names may be longer than any that WhatsApp had before.
        message_id=message.id if len(message.id) <= LONGEST_ID else sha256(message.id.encode()).hexdigest(),
        sender=sender,
        text=text,
        choice=choice,
        locale=None,
        position=InboundPosition(latitude=place.latitude, longitude=place.longitude) if place else None,
        sent_at=datetime.fromtimestamp(message.timestamp, UTC),
    )
    return Arrival(inbound, picture.id if picture is not None else None)


def _written(message: WhatsAppMessage) -> str:
    """The words of a message, whatever they stood below."""
    if message.text is not None:
        return message.text.body
    if message.button is not None:
        return message.button.text
    return next((media.caption for media in (message.image, message.document, message.video) if media is not None), "")
