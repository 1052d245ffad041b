"""What can happen in a conversation. State is what these say, in order, and nothing else (bot/state.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from bot.care import CareHappening
from bot.tools.values import Outcome
from bot.types import Context, Decision, Identity, Message, Reply, Understanding, Value

FactSource = Literal["driver", "app", "tool"]
READ = Literal["found", "missing", "unknown", "forbidden"]


class Fact(Value):
    """A value that somebody gave; ``value`` is None where the driver said that they do not have it."""

    slot: str
    value: str | None
    source: FactSource


class FlowInstance(Value):
    """A flow that was begun, with what it has said and been answered so far; the engine replays it from that."""

    id: str
    flow: str
    topic: str | None = None
    arguments: dict[str, str] = Field(default_factory=dict)
    said: tuple[str, ...] = ()
    """Digests of what was said, so that a replay does not say it again."""
    answers: dict[str, str] = Field(default_factory=dict)
    """To questions of this instance alone, by their names."""


class Waiting(Value):
    """The question that is open. ``insists``: it comes back after a digression."""

    kind: Literal["slot", "option", "text", "confirmation"]
    name: str
    """The slot, the question's name, or the proposal's id."""
    options: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    """Where any of several slots would do."""
    insists: bool = True


class Proposal(Value):
    """An action that waits for a yes. Bound to its arguments; it is answered once."""

    id: str
    instance: str
    action: str
    arguments: dict[str, str]
    expires_at: datetime


class Started(Value):
    """A conversation began."""

    type: Literal["started"] = "started"
    context: Context


class Identified(Value):
    """The host app said who the driver is, after the conversation had begun."""

    type: Literal["identified"] = "identified"
    identity: Identity


class ContextChanged(Value):
    """The host app said what the driver has before them, or that they chose another language."""

    type: Literal["context_changed"] = "context_changed"
    facts: tuple[Fact, ...] = ()
    screen: str | None = None
    locale: str | None = None
    unread: tuple[str, ...] = ()
    """Slots for which the app gave what could not be read; for the integrator."""


class Feedback(Value):
    """The driver said whether a reply helped; the last word on a reply counts."""

    type: Literal["feedback"] = "feedback"
    reply: str
    helped: bool


class Rated(Value):
    """The driver rated the conversation; the last rating counts."""

    type: Literal["rated"] = "rated"
    stars: int = Field(ge=1, le=5)
    comment: str | None = None
    """Secrets masked."""


class DriverSaid(Value):
    """A driver's message arrived."""

    type: Literal["driver_said"] = "driver_said"
    message: Message


class Understood(Value):
    """What the message was taken to mean."""

    type: Literal["understood"] = "understood"
    message_id: str
    understanding: Understanding


class Decided(Value):
    """What the policy chose."""

    type: Literal["decided"] = "decided"
    message_id: str
    decision: Decision


class Learned(Value):
    """Facts that were given; ``forgotten`` are slots whose value was taken back."""

    type: Literal["learned"] = "learned"
    facts: tuple[Fact, ...] = ()
    forgotten: tuple[str, ...] = ()


class ToolRead(Value):
    """A source system was read."""

    type: Literal["tool_read"] = "tool_read"
    tool: str
    arguments: dict[str, str]
    outcome: READ
    reason: str | None = None
    """For the operator, where it could not be read."""
    value: dict[str, object] | None = None
    took_ms: float = 0.0
    by: str | None = None
    """The id of the person who looked; None: the bot did."""


class Proposed(Value):
    """The bot asked for a yes to an action."""

    type: Literal["proposed"] = "proposed"
    proposal: Proposal


class ProposalAnswered(Value):
    """The driver said yes or no, or the time for it ran out."""

    type: Literal["proposal_answered"] = "proposal_answered"
    proposal: str
    answer: Literal["yes", "no", "expired"]


class Acted(Value):
    """An action ran, once, with this outcome; ``proposal`` is None for those that need no yes."""

    type: Literal["acted"] = "acted"
    key: str
    action: str
    arguments: dict[str, str]
    outcome: Annotated[Outcome, Field(discriminator="kind")]
    proposal: str | None = None
    by: str | None = None
    """The id of the person who did it; None: the bot did."""


class HandedOver(Value):
    """A person was called; ``ticket`` is None where the desk could not be reached."""

    type: Literal["handed_over"] = "handed_over"
    ticket: str | None
    urgent: bool
    reason: str


class Endangered(Value):
    """Danger was told of: no restart and no "try again" for these stations and chargers any more.

    Without ids it holds for all of them in this conversation.
    """

    type: Literal["endangered"] = "endangered"
    hazards: tuple[str, ...]
    targets: tuple[str, ...] = ()


class Moved(Value):
    """Where the dialogue stands after a turn: open flows, the question that is open, what comes after."""

    type: Literal["moved"] = "moved"
    stack: tuple[FlowInstance, ...]
    """The last one is talked about; those before it come back when it ends."""
    waiting: Waiting | None = None
    ended: FlowInstance | None = None
    """The last flow that ended; "look again" begins it anew."""
    queued: tuple[str, ...] = ()
    """Topics that the driver also asked about."""


class BotSaid(Value):
    """The bot spoke; ``message_id`` is None where nobody had asked."""

    type: Literal["bot_said"] = "bot_said"
    message_id: str | None
    reply: Reply


Happening = Annotated[
    Started | Identified | DriverSaid | Understood | Decided | Learned | ToolRead | Proposed | ProposalAnswered | Acted
    | HandedOver | Endangered | Moved | BotSaid | ContextChanged | Feedback | Rated | CareHappening,
    Field(discriminator="type"),
]  # fmt: skip


class Event(Value):
    """Something that happened in a conversation; ``number`` counts from 1 without gaps."""

    number: int
    at: datetime
    happening: Happening
