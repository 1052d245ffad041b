"""The state of a conversation: what its events say, and nothing else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from bot.ports import ConversationStore
from bot.types import BotSaid, Choice, Context, Decided, DriverSaid, Event, QuickReply, Started, Understood


@dataclass(frozen=True)
class ConversationState:
    """Folded from the events in order; the same events always give the same state."""

    context: Context = field(default_factory=Context)
    language: str | None = None
    """Of the driver's latest message that has a language."""
    replied_in: str | None = None
    """The language of the latest reply, guessed or not: what a tap on one of its buttons is answered in."""
    article_language: str | None = None
    """Chosen by the driver where articles in their own are missing."""
    vendor: str | None = None
    topic: str | None = None
    """Answered last."""
    offered: tuple[QuickReply, ...] = ()
    """The buttons of the latest reply."""
    answered: Mapping[str, int] = field(default_factory=dict)
    """Number of the reply's event by the client's message id, so that a message sent twice is answered once."""
    last: int = 0
    """Number of the last event."""
    unanswered: str | None = None
    """The client's id of the message that the next reply belongs to."""

    def after(self, event: Event) -> ConversationState:
        """The state once ``event`` has happened too."""
        happening = event.happening
        state = replace(self, last=event.number)
        match happening:
            case Started():
                return replace(state, context=happening.context, vendor=happening.context.vendor)
            case DriverSaid():
                choice = happening.message.choice
                if choice and choice.kind == "language":
                    state = replace(state, article_language=choice.value)
                elif choice and choice.kind == "vendor":
                    state = replace(state, vendor=choice.value)
                return replace(state, unanswered=happening.message.client_id)
            case Understood():
                heard = happening.understanding
                kept = heard.language if heard.language_source != "guess" else state.language
                return replace(state, language=kept, replied_in=heard.language, vendor=heard.vendor or state.vendor)
            case Decided():
                decision = happening.decision
                return replace(state, topic=decision.topics[0]) if decision.kind == "answer" else state
            case BotSaid():
                answered = state.answered
                if state.unanswered:
                    answered = {**answered, state.unanswered: event.number}
                return replace(state, offered=happening.reply.quick_replies, answered=answered, unanswered=None)

    def chosen(self, text: str) -> Choice | None:
        """The offered button that a typed text means: its label, or its number for channels without buttons."""
        said = _bare(text)
        for number, each in enumerate(self.offered, start=1):
            if said in (_bare(each.label), str(number)):
                return each.choice
        return None


def _bare(text: str) -> str:
    """The text as people repeat it: "(2)", "2." and "2" are the same."""
    return text.strip().strip("().").casefold()


def state_of(events: Iterable[Event], before: ConversationState | None = None) -> ConversationState:
    """Replay a conversation, or what came after a known state of it."""
    state = before or ConversationState()
    for event in events:
        state = state.after(event)
    return state


class States:
    """Remembers the states of recent conversations, so that a turn replays only what is new in the store."""

    def __init__(self, store: ConversationStore, most: int = 5_000) -> None:
        self._store, self._most = store, most
        self._known: OrderedDict[str, ConversationState] = OrderedDict()
        self._guard = Lock()

    def of(self, conversation: str) -> ConversationState:
        """The state of a conversation now.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        with self._guard:
            known = self._known.get(conversation) or ConversationState()
        state = state_of(self._store.events(conversation, known.last), known)
        with self._guard:
            self._known[conversation] = state
            self._known.move_to_end(conversation)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return state
