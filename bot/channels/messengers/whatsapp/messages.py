"""Replies as WhatsApp shows them: texts, and below the last one buttons, a list, or a request for the place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.channels.messengers.pieces import pieces
from bot.channels.messengers.ports import OutboundMessage
from bot.channels.messengers.taps import carried
from bot.channels.messengers.whatsapp.rules import WhatsAppRules
from bot.types import QuickReply

LOCATION = "location"
"""What a reply expects where it asks for the driver's place."""
_PHONE = re.compile(r"\+?[0-9]{5,20}")


def sent_messages(message: OutboundMessage, rules: WhatsAppRules, see_choices: str) -> list[dict[str, Any]]:
    """The bodies of the messages that show a reply, in their order.

    ``see_choices``: the words on the button that opens a list.
    """
    replies, text = message.quick_replies, message.text
    asked = message.reply is not None and message.reply.expects == LOCATION
    action: dict[str, Any] | None = None
    if asked and not any(each.choice.kind == "answer" for each in replies):
        # A request for the place has no room for buttons.
        text, action = _numbered(text, replies), {"name": "send_location"}
        kind = "location_request_message"
    elif 0 < len(replies) <= rules.buttons and _short_and_distinct(replies, rules.button_title):
        kind, action = "button", {"buttons": [{"type": "reply", "reply": _button(each, rules)} for each in replies]}
    elif 0 < len(replies) <= rules.rows:
        rows = [_row(each, rules) for each in replies]
        kind, action = "list", {"button": see_choices[: rules.list_button], "sections": [{"rows": rows}]}
    else:
        text, kind = _numbered(text, replies), "text"
    texts = pieces(text, rules.longest_text, rules.longest_body if action else None)
    bodies = [{"type": "text", "text": {"body": each, "preview_url": False}} for each in texts]
    if action:
        bodies[-1] = {
            "type": "interactive",
            "interactive": {"type": kind, "body": {"text": texts[-1]}, "action": action},
        }
    return [{**_addressed(message.recipient), **body} for body in bodies]


def _addressed(recipient: str) -> dict[str, Any]:
    """Drivers without a phone number are addressed by their user id."""
    to = "to" if _PHONE.fullmatch(recipient) else "recipient"
    return {"messaging_product": "whatsapp", "recipient_type": "individual", to: recipient}


def _numbered(text: str, replies: Sequence[QuickReply]) -> str:
    """The choices as lines; the bot reads their numbers and their labels."""
    lines = "\n".join(f"({number}) {each.label}" for number, each in enumerate(replies, 1))
    return f"{text}\n\n{lines}" if lines else text


def _short_and_distinct(replies: Sequence[QuickReply], longest: int) -> bool:
    labels = {each.label.strip() for each in replies}
    return len(labels) == len(replies) and all(0 < len(label) <= longest for label in labels)


def _button(reply: QuickReply, rules: WhatsAppRules) -> dict[str, Any]:
    return {"id": carried(reply, rules.longest_id), "title": reply.label.strip()}


def _row(reply: QuickReply, rules: WhatsAppRules) -> dict[str, Any]:
    """A label that is too long for a title is whole in the description."""
    label = reply.label.strip()
    row = {"id": carried(reply, rules.longest_id), "title": _cut(label, rules.row_title)}
    if len(label) > rules.row_title:
        row["description"] = _cut(label, rules.row_description)
    return row


def _cut(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"
