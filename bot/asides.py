"""What is told of a conversation besides its messages: what the app shows, whether it helped. Nothing is answered."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.conversation import Conversations
from bot.errors import UnknownReply
from bot.events import ContextChanged, Fact, Feedback, Happening, Rated
from bot.state import ConversationState
from bot.types import AppContext
from bot.understanding.masking import mask
from bot.understanding.slots import Slot, SlotFinder
from bot.understanding.text import storable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asides:
    """Keeps what clients tell besides messages. Each method raises what :meth:`Conversations.note` raises."""

    conversations: Conversations

    def context(self, conversation: str, shown: AppContext) -> None:
        """Learn what the host app shows. What cannot be read is passed over: the driver is asked for it in time."""

        def told(state: ConversationState) -> Happening | None:
            changed = context_changed(shown, self.conversations.understander.slots, state)
            if changed and changed.unread:
                log.warning("what the app gave as %s could not be read", ", ".join(changed.unread))
            return changed

        self.conversations.note(conversation, told)

    def feedback(self, conversation: str, reply: str, helped: bool) -> None:
        """Learn whether a reply helped; the last word counts.

        Raises:
            UnknownReply: when the conversation has no reply of that id.
        """

        def told(state: ConversationState) -> Happening | None:
            if reply not in state.replies:
                raise UnknownReply("There is no reply of that id in this conversation. Send the id of a reply.")
            return None if state.helped.get(reply) is helped else Feedback(reply=reply, helped=helped)

        self.conversations.note(conversation, told)

    def rating(self, conversation: str, stars: int, comment: str | None) -> None:
        """Learn how the driver rates the conversation; the last rating counts."""
        rated = Rated(stars=stars, comment=mask(storable(comment)).text if comment else None)
        self.conversations.note(conversation, lambda state: None if state.rating == rated else rated)


def context_changed(shown: AppContext, slots: SlotFinder, state: ConversationState) -> ContextChanged | None:
    """What is new in ``shown``; None where nothing is. A station is never guessed: of two neither is taken."""
    facts: list[Fact] = []
    unread: list[str] = []
    for slot, given in ((Slot.STATION, shown.station_id), (Slot.ERROR_CODE, shown.error_code)):
        if not given or not given.strip():
            continue
        found = {each.value for each in slots.find(storable(given), slot) if each.slot is slot and each.valid}
        if len(found) == 1:
            facts.append(Fact(slot=slot, value=found.pop(), source="app"))
        else:
            unread.append(slot)
    screen = " ".join(storable(shown.screen).split()) if shown.screen else None
    changed = ContextChanged(
        facts=tuple(fact for fact in facts if state.facts.get(fact.slot) != fact),
        screen=screen if screen != state.context.screen else None,
        locale=shown.locale if shown.locale != state.context.locale else None,
        unread=tuple(unread),
    )
    return changed if changed != ContextChanged() else None
