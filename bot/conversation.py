"""One whole turn: lock, load, understand, decide, act, compose, append. The central page of the bot."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.care import Withheld
from bot.dialogue.decide import decide_turn
from bot.dialogue.engine import Dialogue
from bot.dialogue.facts import learned
from bot.dialogue.turn import Turn
from bot.errors import AnotherDriver, ConversationConflict, UnknownVendor
from bot.events import BotSaid, Decided, DriverSaid, Endangered, Event, Happening, Identified, Started, Understood
from bot.policy import Policy
from bot.ports import Clock, ConversationStore, Knowledge
from bot.replies.composer import Composer, Setting
from bot.replies.plan import Line
from bot.replies.sections import steps_of
from bot.state import ConversationState
from bot.state_cache import States
from bot.tools.access import Access, AccountAccess
from bot.tools.actions import WithheldActions
from bot.tools.reads import Reads
from bot.types import Attached, Choice, Context, Decision, Identity, Message, Reply, Understanding
from bot.understanding.alone import Alone
from bot.understanding.commands import Command
from bot.understanding.masking import mask
from bot.understanding.text import cleaned, storable
from bot.understanding.understand import Understander
from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.search import Index

MOST_TRIES = 20
"""Others may append in between, another process or a person who takes over; so many times in a row they do not."""
GIVEN_UP = Decision(kind="none", reason="answering it fails again and again")
UNASKED = Decision(kind="flow", confidence=1.0, reason="what was watched has changed")
LEFT = Decision(kind="none", confidence=1.0, reason="a person has taken over")


@dataclass(frozen=True)
class Conversations:
    """Holds conversations with drivers. Safe to use from several threads."""

    store: ConversationStore
    knowledge: Knowledge
    understander: Understander | Alone
    composer: Composer
    policy: Policy
    clock: Clock
    dialogue: Dialogue
    reads: Reads
    accounts_need: AccountAccess
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

    def identify(self, conversation: str, identity: Identity) -> None:
        """Learn who the driver is; from here on their own accounts, chargers and reports may be read.

        Raises:
            UnknownConversation: when there is no such conversation.
            UnknownVendor: when the identity names a vendor that the knowledge base does not have.
            AnotherDriver: when somebody else is signed in here already.
        """

        def told(state: ConversationState) -> Happening | None:
            known = state.context.identity
            if known == identity:
                return None
            if known is not None and known.user != identity.user:
                raise AnotherDriver("Another driver is signed in here. Start a new conversation.")
            self._check(Context(identity=identity))
            return Identified(identity=identity)

        self.note(conversation, told)

    def note(self, conversation: str, told: Callable[[ConversationState], Happening | None]) -> None:
        """Keep what ``told`` makes of the conversation's state, if it makes anything; nothing is said.

        Raises:
            UnknownConversation: when there is no such conversation.
            ConversationConflict: when others appended again and again meanwhile; the caller may try again.
        """
        self.append(conversation, lambda state: [each] if (each := told(state)) else [])

    def append(self, conversation: str, told: Callable[[ConversationState], Sequence[Happening]]) -> None:
        """Keep what ``told`` makes of the conversation's state; it waits for no turn, and a turn under way notices.

        Raises:
            UnknownConversation: when there is no such conversation.
            ConversationConflict: when others appended again and again meanwhile; the caller may try again.
        """
        for _ in range(MOST_TRIES):
            state = self._states.of(conversation)
            happenings = told(state)
            if not happenings or self._kept(conversation, happenings, state):
                return
        raise ConversationConflict(f"The conversation {conversation} is too busy.")

    def turn(
        self,
        conversation: str,
        text: str,
        client_id: str | None = None,
        choice: Choice | None = None,
        attached: Attached | None = None,
        masked: Collection[str] = (),
    ) -> Reply | None:
        """Take one message and answer it. A ``client_id`` that was answered before gets the same reply again.

        None: a person has taken over, whoever was first; the message is kept and read for them, and the bot is silent.
        ``masked``: kinds of secrets that whoever kept the message on its way masked already.

        Raises:
            UnknownConversation: when there is no such conversation.
            ConversationConflict: when others appended again and again meanwhile; the caller may try again.
        """
        message = _message(client_id or secrets.token_hex(8), text, client_id, choice, attached or Attached(), masked)
        with self.store.lock(conversation):
            for _ in range(MOST_TRIES):
                state = self._states.of(conversation)
                if client_id and client_id in state.answered:
                    number = state.answered[client_id]
                    return self._reply(conversation, number) if number else None
                happenings = self._respond(conversation, message, state, self.knowledge.current())
                if self._kept(conversation, happenings, state):
                    return next((each.reply for each in happenings if isinstance(each, BotSaid)), None)
        raise ConversationConflict(f"The conversation {conversation} is too busy.")

    def give_up(
        self, conversation: str, text: str, client_id: str, attached: Attached, masked: Collection[str]
    ) -> None:
        """Keep a message that cannot be answered, and say so, unless a person has taken over and reads it anyway.

        Where ``client_id`` was answered, nothing is done.

        Raises:
            UnknownConversation: when there is no such conversation.
            ConversationConflict: when others appended again and again meanwhile; the caller may try again.
        """
        message = _message(client_id, text, client_id, None, attached, masked)
        with self.store.lock(conversation):
            for _ in range(MOST_TRIES):
                state, index = self._states.of(conversation), self.knowledge.current()
                if client_id in state.answered:
                    return
                language = self.understander.language_of(state, index)
                turn = self._begin(conversation, client_id, language, state, index)
                turn.note(DriverSaid(message=message))
                turn.add(Line("not_answered"))
                reply = self._composed(turn, GIVEN_UP, index, ())
                said = [] if state.care.person else [BotSaid(message_id=client_id, reply=reply)]
                if self._kept(conversation, [*turn.happenings, *said], state):
                    return
        raise ConversationConflict(f"The conversation {conversation} is too busy.")

    def speak_up(self, conversation: str, flow: str, arguments: Mapping[str, str], occasion: str) -> None:
        """Come back unasked: begin ``flow`` and tell what it finds. ``occasion`` names what happened, once.

        While a person talks with the driver, it is only told to the person.

        Raises:
            UnknownConversation: when there is no such conversation.
            ConversationConflict: when others appended again and again meanwhile; the caller may try again.
        """
        with self.store.lock(conversation):
            for _ in range(MOST_TRIES):
                state, index = self._states.of(conversation), self.knowledge.current()
                language = self.understander.language_of(state, index)
                turn = self._begin(conversation, occasion, language, state, index)
                self.dialogue.begin(turn, flow, arguments, _facts(index))
                reply = self._composed(turn, UNASKED, index, ())
                said = Withheld(reply=reply) if state.care.person else BotSaid(message_id=None, reply=reply)
                if self._kept(conversation, [*turn.happenings, said], state):
                    return
        raise ConversationConflict(f"The conversation {conversation} is too busy.")

    def state(self, conversation: str) -> ConversationState:
        """Where the conversation stands now.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        return self._states.of(conversation)

    def language(self, conversation: str) -> str:
        """The language that the driver is spoken to in.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        return self.understander.language_of(self._states.of(conversation), self.knowledge.current())

    def is_danger(self, text: str) -> bool:
        """Whether a message tells of danger by itself, so that its answer waits for nothing."""
        return self.understander.is_danger(cleaned(text))

    def timezone(self, conversation: str) -> str | None:
        """The IANA name that the client gave.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        return self._states.of(conversation).context.timezone

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """What happened, in order; see :meth:`ConversationStore.events`."""
        return self.store.events(conversation, after, limit)

    def answer(self, text: str, context: Context | None = None) -> tuple[Understanding, Reply]:
        """Answer one line outside any conversation; nothing is stored."""
        given = context or Context()
        self._check(given)
        state = ConversationState().after(Event(number=1, at=self.clock.now(), happening=Started(context=given)))
        message = _message("line", text, None, None, Attached())
        alone = self.withholding()
        happenings = alone._respond(secrets.token_urlsafe(16), message, state, self.knowledge.current())
        heard = next(each.understanding for each in happenings if isinstance(each, Understood))
        return heard, next(each.reply for each in happenings if isinstance(each, BotSaid))

    def withholding(self) -> Conversations:
        """The same, but no action runs."""
        return replace(self, dialogue=replace(self.dialogue, actions=WithheldActions(self.dialogue.actions.rules)))

    def _check(self, context: Context) -> None:
        vendors = self.knowledge.current().vendors
        for vendor in (context.vendor, context.identity.vendor if context.identity else None):
            if vendor is not None and vendor not in vendors:
                raise UnknownVendor(f"The vendor {vendor!r} is unknown. Use one of {', '.join(sorted(vendors))}.")

    def _kept(self, conversation: str, happenings: Sequence[Happening], state: ConversationState) -> bool:
        try:
            self.store.append(conversation, happenings, self.clock.now(), expected=state.last)
        except ConversationConflict:
            return False
        return True

    def _reply(self, conversation: str, number: int) -> Reply:
        (event,) = self.store.events(conversation, number - 1, limit=1)
        if not isinstance(event.happening, BotSaid):
            raise TypeError(f"Event {number} of conversation {conversation} is no reply.")
        return event.happening.reply

    def _begin(self, conversation: str, message: str, language: str, state: ConversationState, index: Index) -> Turn:
        def count_steps(topic: str) -> int:
            article = index.readable_article(topic, language, state.article_language)
            return len(steps_of(article, state.vendor, state.context.country)[1])

        access = Access(state.context.identity, self.accounts_need)
        return Turn(
            conversation, message, language, state, lambda again: self.reads.begin(access, again), access,
            self.clock.now(), count_steps,
        )  # fmt: skip

    def _respond(self, conversation: str, message: Message, state: ConversationState, index: Index) -> list[Happening]:
        heard, turn, decision = self.acted(conversation, message, state, index)
        if state.care.person:
            return turn.happenings
        if (again := _repeated(decision, state)) is not None:
            reply = self._reply(conversation, again).model_copy(update={"id": f"r-{message.id}"})
        else:
            reply = self._composed(turn, decision, index, heard.passages)
        return [*turn.happenings, BotSaid(message_id=message.id, reply=reply)]

    def acted(
        self, conversation: str, message: Message, state: ConversationState, index: Index
    ) -> tuple[Understanding, Turn, Decision]:
        """Understand a message, decide, and act; nothing is kept yet, nor composed. While a person is there, only read.

        Returns:
            What was understood; the turn with its happenings and its plan; what was decided.
        """
        choice = _known(message.choice, index) or state.chosen(message.text)
        message = message.model_copy(update={"choice": choice})
        said = cleaned(message.text)
        heard = self.understander.understand(said, choice, state, index, self.clock.now())
        turn = self._begin(conversation, message.id, heard.language, state, index)
        turn.note(DriverSaid(message=message))
        turn.note(Understood(message_id=message.id, understanding=heard))
        if state.care.person:
            if heard.hazards:
                # Nobody restarts anything after this, the bot once it goes on, nor an agent (product.md, 3.4).
                turn.note(Endangered(hazards=heard.hazards))
            given = learned(message, heard, turn.state)
            if given.facts or given.forgotten:
                turn.note(given)
            return heard, turn, LEFT
        decision = decide_turn(said, heard, message, turn.state, self.policy, self.dialogue.routes)
        turn.note(Decided(message_id=message.id, decision=decision))
        if _repeated(decision, state) is None:
            self.dialogue.act(turn, message, heard, decision, _facts(index))
        return heard, turn, decision

    def _composed(self, turn: Turn, decision: Decision, index: Index, passages: tuple[str, ...]) -> Reply:
        setting = Setting(turn.language, turn.state, index, turn.now, passages)
        return self.composer.compose(f"r-{turn.message}", turn.plan(), decision, setting)


def _message(
    identity: str,
    text: str,
    client_id: str | None,
    choice: Choice | None,
    attached: Attached,
    masked: Collection[str] = (),
) -> Message:
    """The message with its secrets masked: from here on nobody sees them. ``masked``: kinds that are masked already."""
    found = mask(storable(text))
    return Message(
        id=identity, text=found.text, client_id=client_id, choice=choice, masked=tuple(sorted({*found.found, *masked})),
        attached=attached,
    )  # fmt: skip


def _repeated(decision: Decision, state: ConversationState) -> int | None:
    """The number of the reply that the driver wants to hear again."""
    return state.last_reply if (decision.kind, decision.what) == ("command", Command.REPEAT) else None


def _facts(index: Index) -> dict[str, Any]:
    return {vendor.id: vendor.facts for vendor in index.vendors.values()}


def _known(choice: Choice | None, index: Index) -> Choice | None:
    """The choice, if what it names exists; a client may send anything."""
    if choice is None:
        return None
    known: dict[str, tuple[str, ...]] = {
        "topic": tuple(index.contents.topics),
        "vendor": tuple(index.vendors),
        "language": tuple(ARTICLE_LANGUAGES),
        "command": tuple(Command),
    }
    return choice if choice.value in known.get(choice.kind, (choice.value,)) else None
