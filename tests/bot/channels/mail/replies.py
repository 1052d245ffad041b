"""Replies as the courier hands them over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.channels.messengers.ports import OutboundMessage
from bot.types import Choice, HeadingPart, PicturePart, QuickReply, Reply, Source, StepsPart, TemplateOrigin, TextPart
from tests.bot.channels.mail.mails import SENDER

ORIGIN = TemplateOrigin(template="x", language="de")
CHOICES = tuple(QuickReply(label=each, choice=Choice(kind="topic", value=each)) for each in ("Kabel <b>", "Konto"))


def reply(**changes: Any) -> Reply:
    usual = {
        "id": "r-1", "language": "de", "decision": "answer", "topic": "cable-stuck", "confidence": 0.9,
        "parts": (
            TextPart(text="Bitte <script>ziehen</script> & drücken", origin=ORIGIN),
            HeadingPart(text="So geht es", origin=ORIGIN),
            StepsPart(items=("Auto öffnen", "Ziehen"), first=2, origin=ORIGIN),
            PicturePart(src="/pictures/cable.svg", alt="Ein Kabel", origin=ORIGIN),
        ),
        "quick_replies": (),
        "sources": (Source(article="a", title="Kabel", language="de", sections=(), updated="1. Mai 2026"),),
        "text": "Bitte ziehen\n\n2. Auto öffnen\n3. Ziehen",
    }  # fmt: skip
    return Reply.model_validate({**usual, **changes})


def outbound(**changes: Any) -> OutboundMessage:
    said = changes.pop("reply", reply())
    usual = {
        "delivery_id": "d-1", "channel": "mail", "recipient": SENDER, "conversation": "c-1", "number": 3,
        "in_reply_to": "<m-1@driver.example>", "at": datetime(2026, 11, 25, 9, 31, tzinfo=UTC), "text": said.text,
        "quick_replies": (), "urgent": False, "reply": said,
    }  # fmt: skip
    return OutboundMessage.model_validate({**usual, **changes})
