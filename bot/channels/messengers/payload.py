"""What a messenger is given to show."""

from __future__ import annotations

from bot.channels.messengers.outbox import Delivery
from bot.channels.messengers.ports import Messenger, OutboundMessage
from bot.events import BotSaid, Event
from bot.replies.catalogues import Templates
from bot.spoken import spoken, writer_of
from bot.types import Reply


def outbound(messenger: Messenger, delivery: Delivery, event: Event, templates: Templates) -> OutboundMessage:
    """The message of a delivery.

    Raises:
        TypeError: when the event says nothing.
    """
    reply = spoken(event)
    if reply is None:
        raise TypeError(f"Event {event.number} of conversation {delivery.conversation} says nothing.")
    asked = event.happening.message_id if isinstance(event.happening, BotSaid) else None
    return OutboundMessage(
        delivery_id=delivery.id,
        channel=messenger.name,
        recipient=delivery.recipient,
        conversation=delivery.conversation,
        number=event.number,
        in_reply_to=delivery.in_reply_to or asked,
        at=event.at,
        text=_signed(_without_buttons(reply, templates) if messenger.buttons else reply.text, writer_of(reply)),
        quick_replies=reply.quick_replies if messenger.buttons else (),
        urgent=reply.urgent,
        reply=reply,
    )


def _without_buttons(reply: Reply, templates: Templates) -> str:
    """The text without the numbered lines: the messenger shows buttons."""
    return templates.page("plain", reply.language, parts=reply.parts, quick_replies=(), sources=reply.sources)


def _signed(text: str, writer: str | None) -> str:
    """The messenger shows one sender for all, so a person's words say whose they are."""
    return f"{writer}: {text}" if writer else text
