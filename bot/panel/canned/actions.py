"""What a macro does to its conversation once its text is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

from pydantic import Field

from bot.care import Person
from bot.staff import Staff
from bot.types import Value


class Close(Value):
    """It is done; ``why`` as on the conversation's page."""

    kind: Literal["close"]
    why: Literal["solved", "no_answer", "duplicate", "spam", "other"]


class Snooze(Value):
    """It comes back after so many hours, or when the driver writes."""

    kind: Literal["snooze"]
    hours: int = Field(ge=1, le=24 * 31)


class Tag(Value):
    """It gets these tags besides those that it has."""

    kind: Literal["tag"]
    tags: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(min_length=1)


class Assign(Value):
    """Whoever sends it looks after it from now on, also once they have left."""

    kind: Literal["assign"]


class HandBack(Value):
    """The bot goes on."""

    kind: Literal["hand_back"]


Action = Annotated[Close | Snooze | Tag | Assign | HandBack, Field(discriminator="kind")]


def run(action: Action, staff: Staff, conversation: str, by: Person, now: datetime) -> None:
    """Do it. Twice is once, but that a snooze begins anew.

    Raises:
        UnknownConversation: when there is none.
        Occupied: when a colleague talks with the driver meanwhile.
    """
    match action:
        case Close(why=why):
            staff.close(conversation, by, why)
        case Snooze(hours=hours):
            staff.snooze(conversation, by, now + timedelta(hours=hours))
        case Tag(tags=tags):
            staff.tag(conversation, by, [*staff.talks.state(conversation).care.tags, *tags])
        case Assign():
            staff.assign(conversation, by, by)
        case HandBack():
            staff.leave(conversation, by)
        case _:
            assert_never(action)
