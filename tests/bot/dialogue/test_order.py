"""Whatever the order in which a driver tells things: the facts end the same, and nothing is read that nobody gave."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.conversations.memory import MemoryConversations
from bot.conversation import Conversations
from bot.dialogue.facts import learned
from bot.events import DriverSaid, Event, ToolRead
from bot.replies.catalogues import Templates
from bot.state import ConversationState
from bot.types import Context, Identity, Message, SlotValue
from bot.understanding.language import LanguageGuesser
from indexer.search import Index
from tests.doubles import FixedIndex, an_understanding
from tests.talking import conversations, readers

AT = datetime(2026, 3, 2, tzinfo=UTC)
TOLD = {
    "station": ("station 4521", "4521"),
    "account": ("my account is 40711", "40711"),
    "charger": ("charger 310244", "310244"),
    "report": ("report R-20418", "R-20418"),
    "error_code": ("it says GroundFailure", "GroundFailure"),
}
LINES = (
    "my car does not charge", "station 4521", "no, I meant 4512", "account 40711", "my account number is 20917",
    "charger 310244", "restart charger 310245", "what about R-20418?", "is 7781 free?", "look again", "yes", "no",
    "I don't have it", "back", "cancel", "stop my session", "I lost my pass 70 1234 5678", "what is my balance?",
    "the cable is stuck", "talk to a person", "thanks", "4521 40711", "CH*EPO*E4512",
)  # fmt: skip
SLOTS = readers()[0]


def after(state: ConversationState, text: str) -> ConversationState:
    """The state once the driver has written that, and nothing else of the turn."""
    message = Message(id="m", text=text)
    found = tuple(
        SlotValue(slot=each.slot, value=each.value, raw=each.raw, rejected=each.rejected, valid=each.valid)
        for each in SLOTS.find(text)
    )
    happening = learned(message, an_understanding(slots=found), state)
    return state.after(Event(number=state.last + 1, at=AT, happening=happening))


def facts(state: ConversationState) -> dict[str, str | None]:
    return {slot: fact.value for slot, fact in state.facts.items()}


@given(order=st.permutations(sorted(TOLD)), cuts=st.lists(st.booleans(), min_size=4, max_size=4))
def test_facts_end_the_same_in_any_order_and_in_any_number_of_messages(order: list[str], cuts: list[bool]) -> None:
    messages = [TOLD[order[0]][0]]
    for slot, cut in zip(order[1:], cuts, strict=True):
        if cut:
            messages.append(TOLD[slot][0])
        else:
            messages[-1] += f", {TOLD[slot][0]}"
    state = ConversationState()
    for message in messages:
        state = after(state, message)
    assert facts(state) == {slot: value for slot, (_, value) in TOLD.items()}


@given(wrong=st.lists(st.sampled_from(["4512", "7781", "3002"]), min_size=1, max_size=4))
def test_of_several_corrections_the_last_one_counts(wrong: list[str]) -> None:
    state = after(ConversationState(), f"station {wrong[0]}")
    for station in (*wrong[1:], "4521"):
        state = after(state, f"no, I meant station {station}")
    assert facts(state) == {"station": "4521"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.sampled_from(LINES), min_size=1, max_size=8), signed_in=st.booleans())
def test_nothing_is_read_with_a_value_that_nobody_gave(
    shipped_index: Index, guesser: LanguageGuesser, templates: Templates, said: list[str], signed_in: bool
) -> None:
    talks: Conversations = conversations(MemoryConversations(), FixedIndex(shipped_index), guesser, templates)
    identity = Identity(user="ane", accounts=("20917",)) if signed_in else None
    conversation = talks.start(Context(locale="en", vendor="eponet", identity=identity))
    for line in said:
        talks.turn(conversation, line)
    known = "ane 20917 eponet enelx mbrella chargepoint wallbox" if signed_in else "eponet"
    for event in talks.events(conversation):
        match event.happening:
            case DriverSaid(message=message):
                known += f" {message.text}"
            case ToolRead(arguments=arguments, value=value):
                ungiven = [each for each in arguments.values() if each not in known and f"E{each}" not in known]
                assert ungiven == []
                known += f" {json.dumps(value)}"
            case _:
                pass
