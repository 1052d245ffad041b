"""What people of the support team do in conversations. Everything is an event; nothing else changes hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.care import (
    Assigned,
    CareHappening,
    Closed,
    Departure,
    Joined,
    Left,
    Linked,
    Merged,
    Noted,
    Notice,
    Person,
    PersonSaid,
    Reopened,
    Snoozed,
    SuggestionUse,
    Tagged,
    TopicCorrected,
)
from bot.conversation import Conversations
from bot.errors import NobodyThere, Occupied, UnknownConversation
from bot.ports import Notifier
from bot.replies.catalogues import Templates
from bot.state import ConversationState
from bot.types import TemplateOrigin
from bot.understanding.masking import mask
from bot.understanding.text import storable


@dataclass(frozen=True)
class Staff:
    """Safe to use from several threads and processes: whoever appends second looks again first.

    Every method raises UnknownConversation where there is none, and ConversationConflict where others kept appending.
    """

    talks: Conversations
    templates: Templates
    notifier: Notifier

    def join(self, conversation: str, by: Person) -> None:
        """Take over. The bot says nothing from here on, not even what it is about to say.

        Raises:
            Occupied: when a colleague talks with the driver.
        """

        def told(state: ConversationState) -> Sequence[CareHappening]:
            there = state.care.person
            if there is not None and there.id != by.id:
                raise Occupied(there.id, there.name)
            return [] if there else [Joined(by=by, notice=self._notice("joined", conversation, by))]

        self.talks.append(conversation, told)

    def leave(self, conversation: str, by: Person, why: Departure = "handed_back") -> None:
        """Go: the bot goes on, or somebody else is waited for. Nothing happens where ``by`` is not there."""

        def told(state: ConversationState) -> Sequence[CareHappening]:
            there = state.care.person
            if there is None or there.id != by.id:
                return []
            return [Left(by=by, why=why, notice=self._notice(why, conversation, by))]

        self.talks.append(conversation, told)

    def say(
        self, conversation: str, by: Person, identity: str, text: str, suggestion: SuggestionUse | None = None
    ) -> None:
        """Write to the driver. The same ``identity`` twice is one message. Secrets are masked.

        Raises:
            NobodyThere: when ``by`` has not taken over.
            Occupied: when a colleague has.
        """
        written = mask(storable(text)).text

        def told(state: ConversationState) -> Sequence[CareHappening]:
            there = state.care.person
            if identity in state.care.said:
                return []
            if there is None:
                raise NobodyThere("Take over first: the bot talks with this driver.")
            if there.id != by.id:
                raise Occupied(there.id, there.name)
            language = self.talks.language(conversation)
            return [PersonSaid(id=identity, by=by, text=written, language=language, suggestion=suggestion)]

        self.talks.append(conversation, told)

    def typing(self, conversation: str, by: Person) -> None:
        """Let the driver see that a person writes, where it is ``by`` who talks with them."""
        there = self.talks.state(conversation).care.person
        if there is not None and there.id == by.id:
            self.notifier.typing(conversation, "person")

    def note(self, conversation: str, by: Person, identity: str, text: str) -> None:
        """Keep a note for colleagues. The same ``identity`` twice is one note. Secrets are masked."""
        written = mask(storable(text)).text
        self.talks.append(
            conversation,
            lambda state: [] if identity in state.care.said else [Noted(id=identity, by=by, text=written)],
        )

    def assign(self, conversation: str, by: Person, to: Person | None) -> None:
        """Say who is to look after it."""
        self.talks.append(conversation, lambda state: [] if state.care.assigned == to else [Assigned(by=by, to=to)])

    def tag(self, conversation: str, by: Person, tags: Sequence[str]) -> None:
        """Let it have these tags and no others."""
        given = tuple(dict.fromkeys(tag for each in tags if (tag := " ".join(storable(each).split()))))
        self.talks.append(conversation, lambda state: [] if state.care.tags == given else [Tagged(by=by, tags=given)])

    def snooze(self, conversation: str, by: Person, until: datetime | None) -> None:
        """Put it out of the way until then, or bring it back."""
        self.talks.append(
            conversation, lambda state: [] if state.care.snoozed_until == until else [Snoozed(by=by, until=until)]
        )

    def close(self, conversation: str, by: Person, why: str) -> None:
        """Say that it is done, and why; the driver is told where a person was there.

        Raises:
            Occupied: when a colleague talks with the driver.
        """

        def told(state: ConversationState) -> Sequence[CareHappening]:
            there = state.care.person
            if there is not None and there.id != by.id:
                raise Occupied(there.id, there.name)
            if state.care.closed:
                return []
            leaving = [Left(by=by, why="closed", notice=self._notice("closed", conversation, by))] if there else []
            return [*leaving, Closed(by=by, why=why)]

        self.talks.append(conversation, told)

    def reopen(self, conversation: str, by: Person) -> None:
        """Say that it is not done after all."""
        self.talks.append(conversation, lambda state: [Reopened(by=by)] if state.care.closed else [])

    def merge(self, conversation: str, by: Person, into: str) -> None:
        """Say that the same matter goes on in another conversation, and close this one.

        Raises:
            UnknownConversation: when there is no such other conversation, or it is the same.
            Occupied: when a colleague talks with the driver.
        """
        self.talks.state(into)
        if into == conversation:
            raise UnknownConversation("A conversation cannot be merged into itself.")
        self.talks.append(
            conversation, lambda state: [] if state.care.merged_into == into else [Merged(by=by, into=into)]
        )
        self.close(conversation, by, "merged")

    def link(self, conversation: str, by: Person, ticket: str) -> None:
        """Say that a ticket belongs to it."""
        self.talks.append(
            conversation, lambda state: [] if ticket in state.care.tickets else [Linked(by=by, ticket=ticket)]
        )

    def correct(self, conversation: str, by: Person, message_id: str, topic: str | None) -> None:
        """Say what a message was about; None: nothing that the knowledge base has."""
        self.talks.append(conversation, lambda _: [TopicCorrected(by=by, message_id=message_id, topic=topic)])

    def _notice(self, what: str, conversation: str, by: Person) -> Notice:
        language, template = self.talks.language(conversation), f"care/{what}"
        (text,) = self.templates.paragraphs(template, language, name=by.name)
        return Notice(text=text, origin=TemplateOrigin(template=template, language=language))
