"""A conversation to take away: plain text, in the driver's language and time, with the origin of each answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from bot.events import DriverSaid, Event
from bot.replies.catalogues import Templates
from bot.spoken import spoken, writer_of
from bot.types import Message, Reply, TemplateOrigin

TEMPLATE = "transcript/page"
_GAPS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Entry:
    """One thing that was said."""

    at: str
    by_driver: bool
    text: str
    """The template indents it, so that nobody can write a line that looks like somebody else's."""
    photos: int = 0
    live: bool = False
    """Something in it was read from a source system."""
    own: bool = False
    """No article and no source system stands behind it."""
    person: str | None = None
    """The name of who wrote it, where it was one of the support team."""


class Transcripts:
    """Writes transcripts."""

    def __init__(self, templates: Templates, timezone: str) -> None:
        """``timezone``: IANA name; times are told in it where the client did not say its own."""
        self._templates, self._timezone = templates, timezone

    def of(self, events: Iterable[Event], language: str, timezone: str | None) -> str:
        """The transcript of a conversation, with a line break at its end."""
        zone = timezone or self._timezone
        entries = [entry for event in events if (entry := self._entry(event, language, ZoneInfo(zone)))]
        return self._templates.page(TEMPLATE, language, zone=zone, entries=entries) + "\n"

    def _entry(self, event: Event, language: str, zone: ZoneInfo) -> Entry | None:
        at = _written(event.at, language, zone)
        if isinstance(event.happening, DriverSaid):
            return _of_driver(event.happening.message, at)
        reply = spoken(event)
        return self._told(reply, at, language) if reply else None

    def _told(self, reply: Reply, at: str, language: str) -> Entry:
        # Buttons belong to a question; elsewhere they only offer more.
        asked = reply.quick_replies if reply.expects or reply.decision == "choices" else ()
        text = self._templates.page("plain", language, parts=reply.parts, quick_replies=asked, sources=reply.sources)
        live = any(isinstance(part.origin, TemplateOrigin) and part.origin.tools for part in reply.parts)
        person = writer_of(reply)
        own = not (live or reply.sources or person)
        return Entry(at, False, _GAPS.sub("\n", text), live=live, own=own, person=person)


def _of_driver(message: Message, at: str) -> Entry:
    return Entry(at, True, "\n".join(message.text.splitlines()), photos=len(message.attached.photos))


def _written(at: datetime, language: str, zone: ZoneInfo) -> str:
    return format_datetime(at.astimezone(zone), format="short", locale=language)
