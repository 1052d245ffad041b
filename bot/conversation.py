"""One whole turn: lock, load, understand, decide, compose, append. The central page of the bot."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from bot.errors import UnknownVendor
from bot.policy import Policy, decide
from bot.ports import Clock, ConversationStore, Knowledge
from bot.replies.composer import Composer
from bot.state import ConversationState, States
from bot.types import (
    BotSaid,
    Choice,
    Context,
    Decided,
    Decision,
    DriverSaid,
    Event,
    Happening,
    Message,
    Reply,
    Started,
    Understanding,
    Understood,
)
from bot.understanding.language import LanguageGuesser
from bot.understanding.text import cleaned, says_little
from bot.understanding.understand import spoken_language, understand
from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.search import Index


@dataclass(frozen=True)
class Conversations:
    """Holds conversations with drivers. Safe to use from several threads."""

    store: ConversationStore
    knowledge: Knowledge
    guesser: LanguageGuesser
    composer: Composer
    policy: Policy
    clock: Clock
    _states: States = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_states", States(self.store))

    def start(self, context: Context) -> str:
        """Begin a conversation and return its id, which cannot be guessed.

        Raises:
            UnknownVendor: when the context names a vendor that the knowledge base does not have.
        """
        self._check(context)
        conversation = secrets.token_urlsafe(16)
        self.store.create(conversation, Started(context=context), self.clock.now())
        return conversation

    def turn(self, conversation: str, text: str, client_id: str | None = None, choice: Choice | None = None) -> Reply:
        """Take one message and answer it. A ``client_id`` that was answered before gets the same reply again.

        Raises:
            UnknownConversation: when there is no such conversation.
            ConversationConflict: when another process took a turn meanwhile; the caller may try again.
        """
        with self.store.lock(conversation):
            state = self._states.of(conversation)
            if client_id and (number := state.answered.get(client_id)):
                return self._reply(conversation, number)
            message = Message(id=secrets.token_hex(8), text=_storable(text), client_id=client_id, choice=choice)
            happenings = self._respond(message, state, self.knowledge.current())
            self.store.append(conversation, happenings, self.clock.now(), expected=state.last)
            return next(each.reply for each in happenings if isinstance(each, BotSaid))

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """What happened, in order; see :meth:`ConversationStore.events`."""
        return self.store.events(conversation, after, limit)

    def answer(self, text: str, context: Context | None = None) -> tuple[Understanding, Reply]:
        """Answer one line outside any conversation; nothing is stored."""
        given = context or Context()
        self._check(given)
        state = ConversationState(context=given, vendor=given.vendor)
        happenings = self._respond(Message(id="line", text=_storable(text)), state, self.knowledge.current())
        heard = next(each.understanding for each in happenings if isinstance(each, Understood))
        return heard, next(each.reply for each in happenings if isinstance(each, BotSaid))

    def _check(self, context: Context) -> None:
        vendors = self.knowledge.current().vendors
        if context.vendor is not None and context.vendor not in vendors:
            raise UnknownVendor(f"The vendor {context.vendor!r} is unknown. Use one of {', '.join(sorted(vendors))}.")

    def _reply(self, conversation: str, number: int) -> Reply:
        (event,) = self.store.events(conversation, number - 1, limit=1)
        if not isinstance(event.happening, BotSaid):
            raise TypeError(f"Event {number} of conversation {conversation} is no reply.")
        return event.happening.reply

    def _respond(self, message: Message, state: ConversationState, index: Index) -> list[Happening]:
        choice = _known(message.choice, index) or state.chosen(message.text)
        said = DriverSaid(message=message.model_copy(update={"choice": choice}))
        heard = self._understand(message.text, choice, state, index)
        decision = self._decide(cleaned(message.text), heard, choice, state)
        happenings: list[Happening] = [
            said,
            Understood(message_id=message.id, understanding=heard),
            Decided(message_id=message.id, decision=decision),
        ]
        for number, happening in enumerate(happenings, start=state.last + 1):
            state = state.after(Event(number=number, at=self.clock.now(), happening=happening))
        reply = self.composer.compose(f"r-{message.id}", decision, heard, state, index)
        return [*happenings, BotSaid(message_id=message.id, reply=reply)]

    def _understand(self, text: str, choice: Choice | None, state: ConversationState, index: Index) -> Understanding:
        readable = cleaned(text)
        if choice is None and any(char.isalnum() for char in readable):
            return understand(readable, state, index, self.guesser, self.policy)
        # The label of a button says nothing of the driver's language.
        language, source = spoken_language(None, state, index, self.policy)
        if choice is not None and state.replied_in:
            language, source = state.replied_in, "conversation"
        return Understanding(
            language=language, language_source=source, language_confidence=0.0, topics=(),
            confidence=0.0, classes={}, vendor=None,
            passages=(),
        )  # fmt: skip

    def _decide(self, said: str, heard: Understanding, choice: Choice | None, state: ConversationState) -> Decision:
        topic = state.topic
        if choice and choice.kind == "topic":
            return Decision(kind="answer", topics=(choice.value,), confidence=1.0, reason="the driver chose it")
        if choice and choice.kind in ("vendor", "language") and topic:
            return Decision(
                kind="answer", topics=(topic,), confidence=1.0, reason=f"the driver chose the {choice.kind}"
            )
        if not heard.topics:
            return Decision(kind="unreadable", reason="no letters or digits")
        decision = decide(heard, self.policy)
        if decision.kind in ("choices", "none") and says_little(said):
            return Decision(kind="unreadable", reason="too little to tell")
        return decision


def _known(choice: Choice | None, index: Index) -> Choice | None:
    """The choice, if what it names exists; a client may send anything."""
    if choice is None:
        return None
    known = {"topic": index.contents.topics, "vendor": tuple(index.vendors), "language": ARTICLE_LANGUAGES}
    return choice if choice.value in known[choice.kind] else None


def _storable(text: str) -> str:
    """The text without what no database takes: lone surrogates and the null character."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
