"""What a connected messenger is to Plugdesk, and what Plugdesk is to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Protocol, runtime_checkable

import httpx
from fastapi import APIRouter
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from bot.types import Choice, Context, QuickReply, Reply
from bot.understanding.text import storable


class InboundPosition(BaseModel):
    """Degrees, WGS 84."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class InboundMessage(BaseModel):
    """What a person wrote in the messenger."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"message_id": "m-81", "sender": "+41791234567", "text": "4521 lädt nicht"}]},
    )

    message_id: str = Field(min_length=1, max_length=128, description="The same id twice is one message.")
    sender: str = Field(min_length=1, max_length=256, description="Whom replies go to; one sender, one conversation.")
    text: Annotated[str, AfterValidator(storable)]
    choice: Choice | None = Field(None, description="The quick reply that was tapped.")
    locale: str | None = Field(None, max_length=35, description="BCP 47 tag, until they write in a language.")
    position: InboundPosition | None = None
    sent_at: AwareDatetime | None = Field(
        None, description="When it was written. With it, messages that overtake each other are put in order."
    )


class OutboundMessage(BaseModel):
    """One reply for one sender of a channel."""

    delivery_id: str = Field(description="The same at each attempt: ignore one that you have had.")
    channel: str
    recipient: str = Field(description="The sender whose message it answers, or who is told unasked.")
    conversation: str
    number: int = Field(description="Counts within the conversation; later replies have higher numbers.")
    in_reply_to: str | None = Field(description="The message_id that it answers; null where nobody asked.")
    at: datetime
    text: str = Field(
        description="All of it, ready to show. Without buttons its last lines are numbered choices; what a person "
        "wrote begins with their name."
    )
    quick_replies: tuple[QuickReply, ...] = Field(description="Buttons; empty for channels without.")
    urgent: bool
    reply: Reply = Field(description="The same, in parts with their origins.")


@dataclass(frozen=True)
class Failed:
    """What came of an attempt that failed; ``final``: no other will do better."""

    error: str
    final: bool = False
    wait: timedelta | None = None
    """What the receiver asked for."""


class MessageIdReused(Exception):
    """The id of a message was another message's."""


class Intake(Protocol):
    """Takes in what people wrote. What it has taken in is not lost; the turn is taken afterwards."""

    async def take_in(self, channel: str, message: InboundMessage, photos: Sequence[bytes] = ()) -> bool:
        """Keep a message and the files of its photos; False where it had been taken in before, and nothing is done.

        Raises:
            MessageIdReused: when its id was another message's.
            HTTPException: 429 with Retry-After, when the sender writes too often.
        """


class Messenger(Protocol):
    """One messenger that is connected, by its kind's own ways."""

    @property
    def name(self) -> str:
        """Of the channel, as the file of channels has it; inbound and outbound messages carry it."""

    @property
    def buttons(self) -> bool:
        """Whether it can show quick replies; if not, they are numbered lines of the text."""

    @property
    def context(self) -> Context:
        """What is known of all its drivers."""

    def router(self, intake: Intake) -> APIRouter | None:
        """The routes below ``/v1/channels/<name>`` that its messages come in by; None where it has none."""

    async def listen(self, intake: Intake) -> None:
        """Let messages in by other ways than routes, until cancelled; it returns at once where there are none."""

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:
        """Try once to show a reply to its recipient. None: it arrived. Any exception counts as failed."""


@runtime_checkable
class Keyed(Protocol):
    """A messenger whose other side can be told to show an API key of scope ``deliver``, where keys are looked at.

    Those who post for the others, such as a provider's servers, show what their kind verifies by itself.
    """

    @property
    def keyed(self) -> bool:
        """Whether its routes ask for the key."""
