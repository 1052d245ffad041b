"""Tickets that agents file and link in conversations; their drivers are told how they go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.care import Person
from bot.conversation import Conversations
from bot.dialogue.replay import WATCH_TICKET
from bot.errors import NotFound
from bot.events import Acted
from bot.panel.thread import Thread
from bot.staff import Staff
from bot.state import ConversationState
from bot.tools.ledger import Entry
from bot.tools.values import Done, Outcome, Position, ReportState, Ticket, TicketDraft, TicketKind
from bot.understanding.masking import mask
from bot.understanding.text import storable

NOT_FILED = frozenset({TicketKind.HANDOVER, TicketKind.URGENT})
"""Calls for a person: an agent is one."""
KINDS = tuple(kind for kind in TicketKind if kind not in NOT_FILED)
WHY = "an agent filed it"


@dataclass(frozen=True)
class Wanted:
    """What an agent wants to file."""

    kind: TicketKind
    description: str
    station: str | None = None
    charger: str | None = None
    account: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tickets:
    """Files and links tickets."""

    staff: Staff

    @property
    def _talks(self) -> Conversations:
        return self.staff.talks

    def file(self, conversation: str, by: Person, identity: str, wanted: Wanted) -> Outcome:
        """File it; the same ``identity`` twice is one ticket. Secrets are masked, photos are the conversation's only.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        state = self._talks.state(conversation)
        key = f"{conversation}:agent:ticket:{identity}"
        if (before := state.acted.get(key)) is not None:
            return before
        action, rule = self._action(wanted)
        draft = self._draft(conversation, by, wanted, state)
        values = draft.model_dump(mode="json")
        arguments = {name: values[name] for name in ("station", "charger", "account", "user") if values[name]}
        target = arguments.get(rule, conversation)
        entry = Entry(key, action, target, arguments, conversation, by.id, WHY, draft.model_dump_json())
        outcome = self._talks.dialogue.actions.run(entry)
        acted = Acted(key=key, action=action, arguments=arguments, outcome=outcome, by=by.id)
        self._talks.append(conversation, lambda state: [] if key in state.acted else [acted])
        if isinstance(outcome, Done) and outcome.reference:
            self._watch(conversation, outcome.reference, ReportState.RECEIVED)
        return outcome

    def link(self, conversation: str, by: Person, ticket: str) -> Ticket:
        """Say that a ticket of the desk belongs to the conversation; its driver is told of it from here on.

        Raises:
            UnknownConversation: when there is no such conversation.
            NotFound, Unavailable: when the desk has no such ticket, or does not say.
        """
        found = self._talks.reads.tools.desk.ticket(ticket.strip().upper())
        if found.kind in NOT_FILED:
            raise NotFound(f"{found.id} is a call for a person.")
        self.staff.link(conversation, by, found.id)
        self._watch(conversation, found.id, found.state)
        return found

    def _watch(self, conversation: str, ticket: str, state: ReportState) -> None:
        now = self._talks.clock.now()
        self._talks.dialogue.watches.add(conversation, "ticket", ticket, now, now + WATCH_TICKET, state)

    def _action(self, wanted: Wanted) -> tuple[str, str]:
        """The name of the action that files such a ticket, and the argument that it is done to."""
        rules = self._talks.dialogue.actions.rules.actions
        fitting = {name: rule.target for name, rule in rules.items() if rule.ticket is wanted.kind}
        given = {"station": wanted.station, "charger": wanted.charger, "account": wanted.account}
        return next(
            ((name, target) for name, target in fitting.items() if given.get(target)), next(iter(fitting.items()))
        )

    def _draft(self, conversation: str, by: Person, wanted: Wanted, state: ConversationState) -> TicketDraft:
        identity = state.context.identity
        told = mask(storable(wanted.description)).text.strip()
        return TicketDraft(
            kind=wanted.kind,
            language=self._talks.language(conversation),
            summary=f"{told}\nFiled by: {by.name}",
            category=state.value("symptom"),
            station=wanted.station,
            charger=wanted.charger,
            account=wanted.account,
            user=identity.user if identity else None,
            position=_position(state.value("location")),
            photos=tuple(photo for photo in wanted.photos if photo in state.photos),
            conversation=conversation,
        )


def description_of(thread: Thread) -> str:
    """What a ticket's description begins as: the driver's words, and what is known. For people at the desk."""
    return "\n".join(_description(thread))


def _description(thread: Thread) -> Iterator[str]:
    summary = thread.summary
    if summary.topic:
        yield f"About: {summary.topic}"
    yield f"Driver's words: {summary.words!r}"
    for fact in summary.facts:
        yield f"{fact.slot}: {fact.value} ({fact.source})"
    if summary.hazards:
        yield f"Danger: {', '.join(summary.hazards)}"


def _position(location: str | None) -> Position | None:
    if not location:
        return None
    latitude, longitude = map(float, location.split(","))
    return Position(latitude=latitude, longitude=longitude)
