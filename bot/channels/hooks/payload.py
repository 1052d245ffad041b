"""What a channel's receiver is sent."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from bot.channels.hooks.config import Channel
from bot.channels.hooks.ports import Delivery
from bot.events import BotSaid, Event
from bot.replies.catalogues import Templates
from bot.types import QuickReply, Reply


class OutboundMessage(BaseModel):
    """One reply for one sender of a channel."""

    delivery_id: str = Field(description="The same at each attempt: ignore one that you have had.")
    channel: str
    recipient: str = Field(description="The sender whose message it answers, or who is told unasked.")
    conversation: str
    number: int = Field(description="Counts within the conversation; later replies have higher numbers.")
    in_reply_to: str | None = Field(description="The message_id that it answers; null where nobody asked.")
    at: datetime
    text: str = Field(description="All of it, ready to show. Without buttons its last lines are numbered choices.")
    quick_replies: tuple[QuickReply, ...] = Field(description="Buttons; empty for channels without.")
    urgent: bool
    reply: Reply = Field(description="The same, in parts with their origins.")


def outbound(channel: Channel, delivery: Delivery, event: Event, templates: Templates) -> OutboundMessage:
    """The body of a delivery.

    Raises:
        TypeError: when the event is no reply.
    """
    if not isinstance(event.happening, BotSaid):
        raise TypeError(f"Event {event.number} of conversation {delivery.conversation} is no reply.")
    reply = event.happening.reply
    return OutboundMessage(
        delivery_id=delivery.id,
        channel=channel.name,
        recipient=delivery.recipient,
        conversation=delivery.conversation,
        number=event.number,
        in_reply_to=event.happening.message_id,
        at=event.at,
        text=_without_buttons(reply, templates) if channel.buttons else reply.text,
        quick_replies=reply.quick_replies if channel.buttons else (),
        urgent=reply.urgent,
        reply=reply,
    )


def _without_buttons(reply: Reply, templates: Templates) -> str:
    """The text without the numbered lines: the receiver shows buttons."""
    return templates.page("plain", reply.language, parts=reply.parts, quick_replies=(), sources=reply.sources)
