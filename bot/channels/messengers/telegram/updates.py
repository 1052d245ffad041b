"""What Telegram tells of: messages and taps of drivers, as far as they matter here (Update and below)."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.channels.messengers.ports import InboundMessage, InboundPosition
from bot.channels.messengers.taps import tapped

PRIVATE = "private"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
START = "start"


class _Told(BaseModel):
    # Telegram adds fields as it pleases.
    model_config = ConfigDict(frozen=True, extra="allow")


class User(_Told):
    """Who wrote."""

    id: int
    is_bot: bool
    language_code: str | None = None


class Chat(_Told):
    """Where; ``private`` with one person."""

    id: int
    type: str


class Location(_Told):
    """Degrees."""

    latitude: float
    longitude: float


class Venue(_Told):
    """A place with a name."""

    location: Location


class File(_Told):
    """A photo in one of its sizes, or a document."""

    file_id: str
    mime_type: str | None = None


class Button(_Told):
    """One below a message of the bot."""

    text: str
    callback_data: str | None = None


class Keyboard(_Told):
    """The buttons below a message, row by row."""

    inline_keyboard: list[list[Button]] = []


class TelegramMessage(_Told):
    """A message; of the bot's own that was tapped, only what a tap needs. An old one has ``date`` 0 and no more."""

    message_id: int
    date: int
    chat: Chat
    sender: User | None = Field(None, alias="from")
    text: str = ""
    caption: str = ""
    photo: list[File] = []
    document: File | None = None
    location: Location | None = None
    venue: Venue | None = None
    reply_markup: Keyboard = Keyboard()

    @property
    def picture(self) -> str | None:
        """The file of the photo in its largest size, or of a picture that was sent as a document."""
        if self.photo:
            return self.photo[-1].file_id
        if self.document is not None and (self.document.mime_type or "").startswith("image/"):
            return self.document.file_id
        return None


class Tap(_Told):
    """A tap on a button (CallbackQuery)."""

    id: str
    sender: User = Field(alias="from")
    message: TelegramMessage | None = None
    data: str | None = None


class Update(_Told):
    """One piece of news; of all kinds only messages and taps matter, so edits and the bot's own do not come in."""

    update_id: int
    message: TelegramMessage | None = None
    callback_query: Tap | None = None


@dataclass(frozen=True)
class Arrival:
    """What a driver sent. ``photo``: the file that came along; ``tap``: to be confirmed, so that the button calms."""

    message: InboundMessage
    photo: str | None = None
    tap: str | None = None
    greeting: bool = False
    """The driver pressed START; its text is for the caller to find words for."""


def arrival(update: Update, unreadable: Set[str]) -> Arrival | None:
    """What a driver sent, None where it is nothing for the bot.

    Only what a person writes in a private chat is: in groups nobody can tell whom a yes belongs to. A sticker, a voice
    message and the like (``unreadable``) are messages without a word, so that the driver is asked for words.
    """
    try:
        if update.callback_query is not None:
            return _of_tap(update.callback_query)
        return _of_message(update.message, unreadable) if update.message is not None else None
    except (ValueError, OverflowError, OSError):
        # A text that cannot be kept, a date beyond what the machine knows: nobody wrote that with Telegram's own app.
        return None


def _of_message(message: TelegramMessage, unreadable: Set[str]) -> Arrival | None:
    sender, extra = message.sender, message.model_extra or {}
    if message.chat.type != PRIVATE or sender is None or sender.is_bot:
        return None
    place = message.venue.location if message.venue is not None else message.location
    text, photo = message.text or message.caption, message.picture
    readable = bool(text or photo or place)
    if not readable and message.document is None and not unreadable & extra.keys():
        # A service message: somebody pinned something, changed a timer, and so on.
        return None
    command = _COMMAND.fullmatch(text.strip()) if message.text else None
    inbound = _inbound(
        message_id=f"m{message.chat.id}:{message.message_id}",
        sender=message.chat.id,
        text=_said(command) if command else text,
        locale=sender.language_code,
        position=InboundPosition(latitude=place.latitude, longitude=place.longitude) if place else None,
        sent_at=datetime.fromtimestamp(message.date, UTC),
    )
    greeting = command is not None and command[1].lower() == START and not command[2]
    return Arrival(inbound, photo, greeting=greeting)


def _of_tap(tap: Tap) -> Arrival | None:
    message = tap.message
    if message is None or message.chat.type != PRIVATE or tap.sender.is_bot or tap.data is None:
        return None
    buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
    label = next((button.text for button in buttons if button.callback_data == tap.data), None)
    text, choice = tapped(tap.data, label)
    inbound = _inbound(
        message_id=f"q{tap.id}", sender=message.chat.id, text=text, choice=choice, locale=tap.sender.language_code
    )
    return Arrival(inbound, tap=tap.id)


def _said(command: re.Match[str]) -> str:
    """A command as words: a deep link's parameter is what the driver comes with, such as a station's number."""
    name, rest = command[1].lower(), (command[2] or "").strip()
    return rest if name == START else f"{name.replace('_', ' ')} {rest}".strip()


def _inbound(sender: int, locale: str | None, **fields: Any) -> InboundMessage:
    return InboundMessage(sender=str(sender), locale=locale if locale and len(locale) <= 35 else None, **fields)


WANTED = ("message", "callback_query")
"""The kinds of news that are asked for."""
