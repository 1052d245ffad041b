"""The state of a conversation: what its events say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.types import BotSaid, Choice, Context, Decided, DriverSaid, Event, QuickReply, Reply, Started, Understood


@dataclass(frozen=True)
class ConversationState:
    """Folded from the events in order; the same events always give the same state."""

    context: Context = Context()
    language: str | None = None
    """Of the driver's latest message that has a language."""
    article_language: str | None = None
    """Chosen by the driver where articles in their own are missing."""
    vendor: str | None = None
    topic: str | None = None
    """Answered last."""
    offered: tuple[QuickReply, ...] = ()
    """The buttons of the latest reply."""
    replies: dict[str, Reply] = field(default_factory=dict)
    """By the client's message id, so that a message sent twice is answered once."""
    last: int = 0
    """Number of the last event."""
    _client_ids: dict[str, str] = field(default_factory=dict)

    def after(self, event: Event) -> ConversationState:
        """The state once ``event`` has happened too."""
        happening = event.happening
        state = replace(self, last=event.number)
        match happening:
            case Started():
                return replace(state, context=happening.context, vendor=happening.context.vendor)
            case DriverSaid():
                message, choice = happening.message, happening.message.choice
                if message.client_id:
                    state._client_ids[message.id] = message.client_id
                chosen = choice.value if choice and choice.kind == "language" else state.article_language
                return replace(state, article_language=chosen)
            case Understood():
                heard = happening.understanding
                kept = heard.language if heard.language_source != "guess" else state.language
                return replace(state, language=kept, vendor=heard.vendor or state.vendor)
            case Decided():
                decision = happening.decision
                return replace(state, topic=decision.topics[0]) if decision.kind == "answer" else state
            case BotSaid():
                client_id = state._client_ids.get(happening.message_id)
                if client_id:
                    state.replies[client_id] = happening.reply
                return replace(state, offered=happening.reply.quick_replies)

    def chosen(self, text: str) -> Choice | None:
        """The offered button that a typed text means: its label, or its number for channels without buttons."""
        said = text.strip().rstrip(".)").casefold()
        for number, each in enumerate(self.offered, start=1):
            if said in (each.label.casefold(), str(number)):
                return each.choice
        return None


def state_of(events: Iterable[Event]) -> ConversationState:
    """Replay a conversation."""
    state = ConversationState()
    for event in events:
        state = state.after(event)
    return state
