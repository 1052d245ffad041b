"""Replies as the courier hands them to a messenger."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.care import Person, PersonSaid
from bot.channels.messengers.outbox import Delivery
from bot.channels.messengers.payload import outbound
from bot.channels.messengers.ports import Messenger, OutboundMessage
from bot.events import Event, Happening
from bot.replies.catalogues import Templates
from bot.types import Choice, QuickReply, Reply, TemplateOrigin, TextPart

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def button(label: str, kind: str = "option", value: str | None = None) -> QuickReply:
    """A quick reply; its value is its label unless another one is given."""
    return QuickReply(label=label, choice=Choice.model_validate({"kind": kind, "value": value or label}))


def said(
    text: str, *buttons: QuickReply, recipient: str = "4711", expects: str | None = None, language: str = "en",
    delivery: str = "d-1",
) -> OutboundMessage:  # fmt: skip
    """A reply of one paragraph."""
    part = TextPart(text=text, origin=TemplateOrigin(template="none", language=language))
    reply = Reply(
        id="r-1", language=language, decision="none", topic=None, confidence=1.0, parts=(part,), quick_replies=buttons,
        sources=(), text=text, expects=expects,
    )  # fmt: skip
    return OutboundMessage(
        delivery_id=delivery, channel="tg", recipient=recipient, conversation="c-1", number=3, in_reply_to="m-1", at=AT,
        text=text, quick_replies=buttons, urgent=False, reply=reply,
    )  # fmt: skip


def said_by_person(text: str, messenger: Messenger, templates: Templates, recipient: str = "4711") -> OutboundMessage:
    """What Kari of the support team wrote, as the courier hands it to a messenger."""
    wrote = PersonSaid(id="p-1", by=Person(id="kari", name="Kari"), text=text, language="en")
    return happened(wrote, messenger, templates, recipient)


def happened(what: Happening, messenger: Messenger, templates: Templates, recipient: str = "4711") -> OutboundMessage:
    """An event that is told in a messenger."""
    delivery = Delivery("d-1", messenger.name, recipient, "c-1", 7, None, "pending", 1, AT, None, AT)
    return outbound(messenger, delivery, Event(number=7, at=AT, happening=what), templates)
