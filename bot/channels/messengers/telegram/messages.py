"""Replies as Telegram shows them: texts without markup, buttons below the last one (sendMessage)."""

from __future__ import annotations

from typing import Any

from bot.channels.messengers.pieces import pieces, utf16_unit
from bot.channels.messengers.ports import OutboundMessage
from bot.channels.messengers.taps import carried
from bot.channels.messengers.telegram.rules import TelegramRules

LOCATION = "location"
"""What a reply expects where it asks for the driver's place."""


def sent_messages(message: OutboundMessage, rules: TelegramRules, share_location: str) -> list[dict[str, Any]]:
    """The parameters of the calls of sendMessage that show a reply, in their order.

    ``share_location``: the words on the button that sends the driver's place.
    """
    texts = pieces(message.text, rules.longest_text, weigh=utf16_unit)
    calls: list[dict[str, Any]] = [
        # Links in articles would each take half a screen; the text says what they lead to.
        {"chat_id": int(message.recipient), "text": text, "link_preview_options": {"is_disabled": True}}
        for text in texts
    ]
    markup = _markup(message, rules, share_location)
    if markup is not None:
        calls[-1]["reply_markup"] = markup
    return calls


def _markup(message: OutboundMessage, rules: TelegramRules, share_location: str) -> dict[str, Any] | None:
    asked = message.reply is not None and message.reply.expects == LOCATION
    bound = any(each.choice.kind == "answer" for each in message.quick_replies)
    if asked and not bound:
        # A button that sends the place cannot stand in the message itself. What stands beside it comes as its label.
        rows: list[list[dict[str, Any]]] = [[{"text": share_location, "request_location": True}]]
        rows += [[{"text": each.label}] for each in message.quick_replies]
        return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}
    buttons = [
        [{"text": each.label, "callback_data": data}]
        for each in message.quick_replies
        if (data := carried(each, rules.longest_data)) is not None
    ]
    return {"inline_keyboard": buttons} if buttons else None
