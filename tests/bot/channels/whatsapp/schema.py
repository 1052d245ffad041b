"""What Meta's documentation says of messages that are sent: every field, its type and its limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Documented(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Text(Documented):
    body: Annotated[str, Field(min_length=1, max_length=4096)]
    preview_url: bool = False


class Body(Documented):
    text: Annotated[str, Field(min_length=1, max_length=1024)]


class ButtonReply(Documented):
    id: Annotated[str, Field(min_length=1, max_length=256)]
    title: Annotated[str, Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def no_space_around_the_id(self) -> ButtonReply:
        if self.id != self.id.strip():
            raise ValueError("leading or trailing space in a button's id")
        return self


class Button(Documented):
    type: Literal["reply"]
    reply: ButtonReply


class Buttons(Documented):
    buttons: Annotated[list[Button], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def distinct(self) -> Buttons:
        if len({each.reply.title for each in self.buttons}) != len(self.buttons):
            raise ValueError("buttons with the same title")
        if len({each.reply.id for each in self.buttons}) != len(self.buttons):
            raise ValueError("buttons with the same id")
        return self


class Row(Documented):
    id: Annotated[str, Field(min_length=1, max_length=200)]
    title: Annotated[str, Field(min_length=1, max_length=24)]
    description: Annotated[str, Field(max_length=72)] | None = None


class Section(Documented):
    """One section alone needs no title."""

    rows: Annotated[list[Row], Field(min_length=1, max_length=10)]
    title: Annotated[str, Field(max_length=24)] | None = None


class Rows(Documented):
    button: Annotated[str, Field(min_length=1, max_length=20)]
    sections: Annotated[list[Section], Field(min_length=1, max_length=1)]

    @model_validator(mode="after")
    def distinct(self) -> Rows:
        ids = [row.id for section in self.sections for row in section.rows]
        if len(set(ids)) != len(ids):
            raise ValueError("rows with the same id")
        return self


class SendLocation(Documented):
    name: Literal["send_location"]


class InteractiveButtons(Documented):
    type: Literal["button"]
    body: Body
    action: Buttons


class InteractiveList(Documented):
    type: Literal["list"]
    body: Body
    action: Rows


class LocationRequest(Documented):
    type: Literal["location_request_message"]
    body: Body
    action: SendLocation


Interactive = Annotated[InteractiveButtons | InteractiveList | LocationRequest, Field(discriminator="type")]


class Message(Documented):
    """The body of POST /<phone number id>/messages, of the types that are sent."""

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"]
    to: Annotated[str, Field(pattern=r"^\+?[0-9]{5,20}$")] | None = None
    recipient: Annotated[str, Field(pattern=r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")] | None = None
    type: Literal["text", "interactive"]
    text: Text | None = None
    interactive: Interactive | None = None

    @model_validator(mode="after")
    def whole(self) -> Message:
        if (self.to is None) == (self.recipient is None):
            raise ValueError("a message goes to a number or to a user id")
        if (self.text is None) != (self.type != "text") or (self.interactive is None) != (self.type != "interactive"):
            raise ValueError("a message has the field that its type names, and no other")
        return self

    @property
    def words(self) -> str:
        if self.text is not None:
            return self.text.body
        return self.interactive.body.text if self.interactive is not None else ""
