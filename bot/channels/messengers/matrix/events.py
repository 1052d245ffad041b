"""What a homeserver tells of a room, and what of it a driver wrote."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.channels.messengers.ports import InboundPosition

LONGEST_MESSAGE_ID = 128
"""Of InboundMessage; event ids of the first room versions may be longer."""
_GEO = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)(?:[,;].*)?", re.ASCII | re.DOTALL)
"""RFC 5870, 3.3; altitude and parameters are not needed."""
_QUOTED = re.compile(r"(?:>.*\n)+\n?")
"""What some clients put before an answer to a message: the lines of that message."""


class Event(BaseModel):
    """An event as the Client-Server API formats it, as far as Plugdesk looks at it."""

    model_config = ConfigDict(frozen=True)

    type: str
    event_id: str = Field(min_length=1)
    room_id: str
    sender: str
    origin_server_ts: int
    content: dict[str, Any]
    state_key: str | None = None
    unsigned: dict[str, Any] = {}

    @property
    def message_id(self) -> str:
        """Names it within a channel."""
        if len(self.event_id) <= LONGEST_MESSAGE_ID:
            return self.event_id
        return hashlib.sha256(self.event_id.encode("utf-8", "replace")).hexdigest()

    @property
    def sent_at(self) -> datetime | None:
        """When its author's homeserver says that it was sent; None where that is no moment."""
        try:
            return datetime.fromtimestamp(self.origin_server_ts / 1000, UTC)
        except (OverflowError, ValueError, OSError):
            return None

    @property
    def membership(self) -> str | None:
        """What the member that ``state_key`` names is now; None where it tells of no member."""
        return self.content.get("membership") if self.type == "m.room.member" else None

    @property
    def membership_before(self) -> str | None:
        """What they were before, where the homeserver says it."""
        before = self.unsigned.get("prev_content")
        return before.get("membership") if isinstance(before, dict) else None


@dataclass(frozen=True)
class Written:
    """What a driver wrote in one event."""

    text: str
    photo: str | None = None
    """The address of its file; empty where it names none."""
    position: InboundPosition | None = None


def written(event: Event) -> Written | None:
    """What the event says to the bot; None where it says nothing to it.

    Voice messages, films and other files come as their caption, mostly an empty text: the bot then asks for words.
    Notices are what programs say, and no program answers them (Client-Server API, 'm.notice').
    """
    content = event.content
    if event.type != "m.room.message" or _replaces(content):
        return None
    match content.get("msgtype"):
        case "m.image":
            return Written(_caption(content), photo=_address(content))
        case "m.file" if _is_picture(content):
            return Written(_caption(content), photo=_address(content))
        case "m.audio" | "m.video" | "m.file":
            return Written(_caption(content))
        case "m.location":
            return Written("", position=_position(content.get("geo_uri")))
        case str() as kind if kind != "m.notice" and not kind.startswith("m.key.verification"):
            return Written(_body(content))
        case _:
            # Without a type, it was redacted.
            return None


def _replaces(content: dict[str, Any]) -> bool:
    relation = content.get("m.relates_to")
    return isinstance(relation, dict) and relation.get("rel_type") == "m.replace"


def _body(content: dict[str, Any]) -> str:
    body = content.get("body")
    text = body if isinstance(body, str) else ""
    relation = content.get("m.relates_to")
    answers = isinstance(relation, dict) and "m.in_reply_to" in relation
    return _QUOTED.sub("", text, count=1) if answers and text.startswith(">") else text


def _caption(content: dict[str, Any]) -> str:
    """The body is a caption only beside another ``filename`` (Client-Server API, 'Media captions')."""
    name = content.get("filename")
    return _body(content) if isinstance(name, str) and name != content.get("body") else ""


def _address(content: dict[str, Any]) -> str:
    address = content.get("url")
    return address if isinstance(address, str) else ""


def _is_picture(content: dict[str, Any]) -> bool:
    info = content.get("info")
    kind = info.get("mimetype") if isinstance(info, dict) else None
    return isinstance(kind, str) and kind.startswith("image/")


def _position(uri: object) -> InboundPosition | None:
    found = _GEO.fullmatch(uri) if isinstance(uri, str) else None
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return InboundPosition(latitude=latitude, longitude=longitude)
