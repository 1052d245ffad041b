"""What the bot would answer, for people who answer instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.care import Care
from bot.conversation import Conversations
from bot.events import Decided, DriverSaid, Event
from bot.replies.composer import Setting
from bot.replies.plan import Plan
from bot.spoken import spoken
from bot.state import state_of
from bot.types import Decision, Understanding
from bot.understanding.commands import Command

ABOUT_CHARGING = ("answer", "choices", "none", "flow")


@dataclass(frozen=True)
class Rehearsal:
    """What the bot would answer to what the driver wrote last. None of it has happened, and nothing was done."""

    number: int
    """Of the driver's last message that it is about."""
    heard: Understanding
    decision: Decision
    plan: Plan
    setting: Setting
    """In the driver's language; with another one the same can be composed in that."""


def rehearse(talks: Conversations, conversation: str) -> Rehearsal | None:
    """What the bot would answer to what the driver wrote last that is about charging; None: nothing is.

    Source systems are read as in a turn; no action runs, and nothing is kept.

    Raises:
        UnknownConversation: when there is no such conversation.
    """
    events = talks.events(conversation)
    asked = last_asked(events)
    if not asked:
        return None
    messages = [event.happening.message for event in asked if isinstance(event.happening, DriverSaid)]
    whole = messages[-1].model_copy(update={"text": "\n".join(each.text for each in messages)})
    before = replace(state_of(events[: asked[0].number - 1]), care=Care())
    index = talks.knowledge.current()
    heard, turn, decision = talks.withholding().acted(conversation, whole, before, index)
    setting = Setting(turn.language, turn.state, index, turn.now, heard.passages)
    return Rehearsal(asked[-1].number, heard, decision, turn.plan(), setting)


def last_asked(events: Sequence[Event]) -> list[Event]:
    """The driver's messages since anybody answered them; where all are answered, the last one about charging."""
    answered = max((event.number for event in events if spoken(event)), default=0)
    asked = [event for event in events if event.number > answered and isinstance(event.happening, DriverSaid)]
    if asked:
        return asked
    about = {
        event.happening.message_id
        for event in events
        if isinstance(event.happening, Decided)
        and event.happening.decision.kind in ABOUT_CHARGING
        and event.happening.decision.what != Command.PERSON
    }
    asked = [each for each in events if isinstance(each.happening, DriverSaid) and each.happening.message.id in about]
    return asked[-1:]
