"""What the driver is told by an event, whoever speaks: the same form for every channel."""

from __future__ import annotations

from bot.care import Joined, Left, PersonSaid
from bot.events import BotSaid, Event
from bot.types import Origin, PersonOrigin, Reply, TextPart


def spoken(event: Event) -> Reply | None:
    """The bot's reply, a person's words, or the notice that one came or left; None where nothing is said."""
    match event.happening:
        case BotSaid(reply=reply):
            return reply
        case PersonSaid() as said:
            return _line(f"p-{event.number}", said.text, said.language, PersonOrigin(name=said.by.name))
        case Joined(notice=notice) | Left(notice=notice):
            return _line(f"n-{event.number}", notice.text, notice.origin.language, notice.origin)
        case _:
            return None


def writer_of(reply: Reply) -> str | None:
    """The name of the person who wrote it; None where nobody did."""
    return next((part.origin.name for part in reply.parts if isinstance(part.origin, PersonOrigin)), None)


def _line(identity: str, text: str, language: str, origin: Origin) -> Reply:
    return Reply(
        id=identity,
        language=language,
        decision="answer",
        topic=None,
        confidence=1.0,
        parts=(TextPart(text=text, origin=origin),),
        quick_replies=(),
        sources=(),
        text=text,
    )
