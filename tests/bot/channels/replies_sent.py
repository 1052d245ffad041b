"""Replies as the courier hands them to a messenger."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.channels.messengers.ports import OutboundMessage
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
