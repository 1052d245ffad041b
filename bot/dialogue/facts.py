"""From what a message holds to facts. A value is never guessed: where two would do, neither is taken. Pure."""

from __future__ import annotations

from bot.events import Fact, Learned
from bot.state import ConversationState
from bot.types import Message, Understanding
from bot.understanding.slots import Slot

LOCATION = "location"


def learned(message: Message, heard: Understanding, state: ConversationState) -> Learned:
    """The facts that the driver gave with this message, and those that they took back.

    A value that contradicts an earlier one replaces it: what was read with the old one is read anew, since a read is
    known by its arguments.
    """
    facts: list[Fact] = []
    forgotten: list[str] = []
    for slot in dict.fromkeys(found.slot for found in heard.slots):
        given = [found.value for found in heard.slots if found.slot == slot and found.valid and not found.rejected]
        # A station may well be dark and dead; what is named first is its category.
        values = set(given[:1] if slot == Slot.SYMPTOM else given)
        rejected = {found.value for found in heard.slots if found.slot == slot and found.rejected}
        if len(values) == 1:
            facts.append(Fact(slot=slot, value=values.pop(), source="driver"))
        elif not values and state.value(slot) in rejected:
            forgotten.append(slot)
    if message.attached.position:
        latitude, longitude = message.attached.position
        facts.append(Fact(slot=LOCATION, value=f"{latitude:.5f},{longitude:.5f}", source="app"))
    new = tuple(fact for fact in facts if state.facts.get(fact.slot) != fact)
    return Learned(facts=new, forgotten=tuple(forgotten))
