"""What Telegram's documentation says of the methods that are called: every field, its type and its limits.

Where the real server lets an unknown field pass, these refuse it: a name that is misspelt would do nothing there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

UPDATES = Literal[
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
    "inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost",
]  # fmt: skip


class Documented(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _at_most_4096(text: str) -> str:
    # Offsets and lengths are counted in units of UTF-16 ("Formatting options").
    if not 0 < len(text.encode("utf-16-le")) // 2 <= 4096 or not text.strip():
        raise ValueError("message is too long or empty")
    return text


def _at_most_64_bytes(data: str) -> str:
    if not 0 < len(data.encode()) <= 64:
        raise ValueError("BUTTON_DATA_INVALID")
    return data


class LinkPreviewOptions(Documented):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class InlineKeyboardButton(Documented):
    """Exactly one of the fields besides ``text`` must be there."""

    text: str = Field(min_length=1)
    url: str | None = None
    callback_data: Annotated[str, AfterValidator(_at_most_64_bytes)] | None = None
    web_app: dict[str, Any] | None = None
    switch_inline_query: str | None = None

    @model_validator(mode="after")
    def exactly_one(self) -> InlineKeyboardButton:
        if len(self.model_dump(exclude_none=True)) != 2:
            raise ValueError("text buttons are unallowed in the inline keyboard")
        return self


class InlineKeyboardMarkup(Documented):
    inline_keyboard: list[list[InlineKeyboardButton]]


class KeyboardButton(Documented):
    """At most one of the fields besides ``text`` may be there."""

    text: str = Field(min_length=1)
    request_contact: bool | None = None
    request_location: bool | None = None

    @model_validator(mode="after")
    def at_most_one(self) -> KeyboardButton:
        if len(self.model_dump(exclude_none=True)) > 2:
            raise ValueError("a button asks for one thing")
        return self


class ReplyKeyboardMarkup(Documented):
    keyboard: list[list[KeyboardButton]]
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    selective: bool | None = None


class ReplyKeyboardRemove(Documented):
    remove_keyboard: Literal[True]
    selective: bool | None = None


class SendMessage(Documented):
    chat_id: int | str
    text: Annotated[str, AfterValidator(_at_most_4096)]
    message_thread_id: int | None = None
    parse_mode: str | None = None
    entities: list[dict[str, Any]] | None = None
    link_preview_options: LinkPreviewOptions | None = None
    disable_notification: bool | None = None
    protect_content: bool | None = None
    reply_parameters: dict[str, Any] | None = None
    reply_markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None


class AnswerCallbackQuery(Documented):
    callback_query_id: str
    text: Annotated[str, Field(max_length=200)] | None = None
    show_alert: bool | None = None
    url: str | None = None
    cache_time: int | None = None


class GetUpdates(Documented):
    offset: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100
    timeout: Annotated[int, Field(ge=0)] = 0
    allowed_updates: list[UPDATES] | None = None


class GetFile(Documented):
    file_id: str = Field(min_length=1)


class SetWebhook(Documented):
    url: str = Field(pattern="^https://")
    ip_address: str | None = None
    max_connections: Annotated[int, Field(ge=1, le=100)] | None = None
    allowed_updates: list[UPDATES] | None = None
    drop_pending_updates: bool | None = None
    secret_token: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,256}$")] | None = None


class DeleteWebhook(Documented):
    drop_pending_updates: bool | None = None


class GetWebhookInfo(Documented):
    """It takes nothing."""


METHODS: dict[str, type[Documented]] = {
    form.__name__[0].lower() + form.__name__[1:]: form
    for form in (SendMessage, AnswerCallbackQuery, GetUpdates, GetFile, SetWebhook, DeleteWebhook, GetWebhookInfo)
}
