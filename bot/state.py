"""The state of a conversation: what its events say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.care import Care, Linked
from bot.care_fold import care_after
from bot.events import (
    Acted,
    BotSaid,
    ContextChanged,
    Decided,
    DriverSaid,
    Endangered,
    Event,
    Fact,
    Feedback,
    HandedOver,
    Identified,
    Learned,
    Moved,
    Proposal,
    ProposalAnswered,
    Proposed,
    Rated,
    Started,
    ToolRead,
    Understood,
)
from bot.tools.values import Done, Outcome
from bot.types import Choice, Context, Decision, Identity, Message, QuickReply

MOST_FRAGMENTS = 4
FRAGMENT_WORDS = 3
"""A message of so few words may be the beginning of one."""
RETURNED = frozenset({"number", "evse_id", "id", "station", "charger", "account", "user"})
"""Fields of what a source system returns whose values name something that may be read next."""


@dataclass(frozen=True)
class Answered:
    """What became of a proposal."""

    proposal: Proposal
    answer: Literal["yes", "no", "expired"] | None = None
    outcome: Outcome | None = None
    at: datetime | None = None
    """When it ran."""


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
    answered: Mapping[str, int | None] = field(default_factory=dict)
    """Number of the reply's event by the client's message id, so that a message sent twice is answered once; None
    where it was left to a person."""
    last: int = 0
    """Number of the last event."""
    unanswered: str | None = None
    """The client's id of the message that the next reply belongs to."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """By slot."""
    last_learned: str | None = None
    """The slot that the driver filled last: what "back" and "not that one" take back."""
    position: Moved = field(default_factory=lambda: Moved(stack=()))
    """Open flows, the open question, what was asked besides."""
    proposals: Mapping[str, Answered] = field(default_factory=dict)
    acted: Mapping[str, Outcome] = field(default_factory=dict)
    """Outcomes of actions by their keys."""
    returned: frozenset[str] = frozenset()
    """Ids that a source system gave; a read may use these and what the driver gave, nothing else."""
    readings: Mapping[str, ToolRead] = field(default_factory=dict)
    """The last one of each call, for people who take over."""
    hazards: tuple[str, ...] = ()
    """Dangers that were told of or read, in order; none of them ends within the conversation."""
    handed_over: HandedOver | None = None
    fragments: tuple[str, ...] = ()
    """Short messages in a row that nothing was made of; the next one is read together with them."""
    heard_at: datetime | None = None
    """When the driver's last message came."""
    said: str = ""
    """The driver's last message."""
    photos: tuple[str, ...] = ()
    last_reply: int | None = None
    """Number of the last reply's event."""
    replies: frozenset[str] = frozenset()
    """Ids of all replies."""
    helped: Mapping[str, bool] = field(default_factory=dict)
    """What the driver thought of replies, by their ids."""
    rating: Rated | None = None
    care: Care = field(default_factory=Care)
    """Where it stands with people."""

    def after(self, event: Event) -> ConversationState:
        """The state once ``event`` has happened too."""
        state = replace(self, last=event.number, care=care_after(self.care, event))
        match event.happening:
            case Started() as happening:
                return state._started(happening)
            case Identified() as happening:
                context = state.context.model_copy(update={"identity": happening.identity})
                return replace(state, context=context)._knows(happening.identity)
            case ContextChanged() as happening:
                return state._shown(happening)
            case Feedback() as happening:
                return replace(state, helped={**state.helped, happening.reply: happening.helped})
            case Rated() as happening:
                return replace(state, rating=happening)
            case DriverSaid() as happening:
                return replace(state._heard(happening.message), heard_at=event.at)
            case Understood() as happening:
                heard = happening.understanding
                kept = heard.language if heard.language_source != "guess" else state.language
                return replace(state, language=kept, replied_in=heard.language, vendor=heard.vendor or state.vendor)
            case Decided() as happening:
                return state._decided(happening.decision)
            case Learned() as happening:
                return state._learned(happening)
            case ToolRead() as happening:
                return state._read(happening)
            case Proposed() as happening:
                proposal = happening.proposal
                return replace(state, proposals={**state.proposals, proposal.id: Answered(proposal)})
            case ProposalAnswered() as happening:
                before = state.proposals[happening.proposal]
                after = replace(before, answer=happening.answer)
                return replace(state, proposals={**state.proposals, happening.proposal: after})
            case Acted() as happening:
                return state._acted(happening, event.at)
            case HandedOver() as happening:
                return replace(state, handed_over=happening)
            case Endangered() as happening:
                return replace(state, hazards=tuple(dict.fromkeys((*state.hazards, *happening.hazards))))
            case Moved() as happening:
                return replace(state, position=happening)
            case Linked(ticket=ticket):
                # The bot reads it to tell its driver how it goes on.
                return replace(state, returned=state.returned | {ticket})
            case BotSaid() as happening:
                answered = state.answered
                if state.unanswered and happening.message_id is not None:
                    answered = {**answered, state.unanswered: event.number}
                    state = replace(state, unanswered=None)
                return replace(
                    state,
                    offered=happening.reply.quick_replies,
                    answered=answered,
                    last_reply=event.number,
                    replies=state.replies | {happening.reply.id},
                )
            case _:
                return state

    def chosen(self, text: str) -> Choice | None:
        """The choice behind the latest reply's button of that label or number, for channels where people type it."""
        wanted = _bare(text)
        for number, offer in enumerate(self.offered, start=1):
            if wanted in (_bare(offer.label), str(number)):
                return offer.choice
        return None

    def value(self, slot: str) -> str | None:
        """The value of a slot, None where nobody gave one."""
        fact = self.facts.get(slot)
        return fact.value if fact else None

    def _started(self, happening: Started) -> ConversationState:
        context = happening.context
        state = replace(self, context=context, vendor=context.vendor)
        return state._knows(context.identity) if context.identity else state

    def _knows(self, identity: Identity) -> ConversationState:
        state = replace(self, vendor=self.vendor or identity.vendor)
        if len(identity.accounts) != 1:
            return state
        fact = Fact(slot="account", value=identity.accounts[0], source="app")
        return replace(state, facts={**state.facts, "account": fact})

    def _shown(self, happening: ContextChanged) -> ConversationState:
        told = {fact.slot: fact for fact in happening.facts}
        changes = {"screen": happening.screen, "locale": happening.locale}
        context = self.context.model_copy(update={name: value for name, value in changes.items() if value is not None})
        state = replace(self, facts={**self.facts, **told}, context=context)
        if context.locale == self.context.locale:
            return state
        # A language that the driver picks counts for more than the one that they wrote in before.
        return replace(state, language=None, replied_in=None)

    def _heard(self, message: Message) -> ConversationState:
        state = self
        if self.care.person and message.client_id:
            state = replace(state, answered={**state.answered, message.client_id: None})
        choice = message.choice
        if choice and choice.kind == "language":
            state = replace(state, article_language=choice.value)
        elif choice and choice.kind == "vendor":
            state = replace(state, vendor=choice.value)
        photos = (*state.photos, *message.attached.photos)
        unanswered = None if self.care.person else message.client_id
        return replace(state, unanswered=unanswered, said=message.text, photos=photos)

    def _decided(self, decision: Decision) -> ConversationState:
        lost = decision.kind in ("none", "choices", "unreadable", "greeting")
        short = len(self.said.split()) <= FRAGMENT_WORDS
        state = replace(self, fragments=(*self.fragments, self.said)[-MOST_FRAGMENTS:] if lost and short else ())
        return replace(state, topic=decision.topics[0]) if decision.kind == "answer" else state

    def _learned(self, happening: Learned) -> ConversationState:
        kept = {slot: fact for slot, fact in self.facts.items() if slot not in happening.forgotten}
        told = {fact.slot: fact for fact in happening.facts}
        by_driver = [fact.slot for fact in happening.facts if fact.source == "driver"]
        vendor = told["vendor"].value if "vendor" in told else self.vendor
        last = by_driver[-1] if by_driver else None if happening.forgotten else self.last_learned
        return replace(self, facts=kept | told, last_learned=last, vendor=vendor)

    def _read(self, happening: ToolRead) -> ConversationState:
        # What a person looked up is for people: the bot reads nothing further with it.
        found = (happening.value or {}) if happening.by is None else {}
        ids = {str(value) for name, value in found.items() if name in RETURNED and value}
        call = f"{happening.tool}({', '.join(happening.arguments.values())})"
        return replace(self, returned=self.returned | ids, readings={**self.readings, call: happening})

    def _acted(self, happening: Acted, at: datetime) -> ConversationState:
        outcome = happening.outcome
        state = replace(self, acted={**self.acted, happening.key: outcome})
        if isinstance(outcome, Done) and outcome.reference:
            state = replace(state, returned=state.returned | {outcome.reference})
        if happening.proposal is None:
            return state
        answered = replace(state.proposals[happening.proposal], outcome=outcome, at=at)
        return replace(state, proposals={**state.proposals, happening.proposal: answered})


def _bare(text: str) -> str:
    """The text as people repeat it: "(2)", "2." and "2" are the same."""
    return text.strip().strip("().").casefold()


def state_of(events: Iterable[Event], before: ConversationState | None = None) -> ConversationState:
    """Replay a conversation, or what came after a known state of it."""
    state = before or ConversationState()
    for event in events:
        state = state.after(event)
    return state
