"""What people write in a messenger is answered once, and what they are told is queued once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.hooks.sqlite import SqliteOutbox
from bot.channels.hooks.config import Channel
from bot.channels.hooks.ports import Outbox
from bot.channels.hooks.service import Hooks, MessageIdReused
from bot.channels.messengers.ports import InboundMessage
from bot.conversation import Conversations
from bot.errors import ConversationConflict
from bot.events import BotSaid, DriverSaid, HandedOver, Started
from tests.doubles import OvertakenConversations, SteppingClock


@pytest.fixture
def clock(hooks: Hooks) -> SteppingClock:
    assert isinstance(hooks.clock, SteppingClock)
    return hooks.clock


def message(**changes: Any) -> InboundMessage:
    usual = {"message_id": "m-1", "sender": "ane", "text": "the cable is stuck and I cannot remove it"}
    return InboundMessage.model_validate(usual | changes)


def conversation_of(outbox: Outbox, sender: str = "ane") -> str:
    peer = outbox.peer("bridge", sender)
    assert peer
    return peer.conversation


def test_a_message_is_answered_and_the_reply_queued(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    assert hooks.take_in(channel, message())
    (delivery,) = outbox.deliveries()
    (event,) = hooks.talks.events(conversation_of(outbox), delivery.number - 1, 1)
    assert isinstance(event.happening, BotSaid)
    assert (delivery.recipient, event.happening.message_id) == ("ane", "m-1")


def test_a_message_that_arrives_twice_is_one_message(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    assert [hooks.take_in(channel, message()) for _ in range(2)] == [True, False]
    assert len(outbox.deliveries()) == 1


def test_a_message_that_arrives_again_after_a_crash_is_one_message(
    hooks: Hooks, channel: Channel, outbox: SqliteOutbox
) -> None:
    hooks.take_in(channel, message())
    outbox.tidy(hooks.clock.now() + timedelta(hours=1))
    hooks.take_in(channel, message())
    said = [each for each in hooks.talks.events(conversation_of(outbox)) if isinstance(each.happening, DriverSaid)]
    assert (len(said), len(outbox.deliveries())) == (1, 1)


def test_an_id_that_was_another_messages_is_refused(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    hooks.take_in(channel, message())
    with pytest.raises(MessageIdReused):
        hooks.take_in(channel, message(sender="per"))
    assert outbox.peer("bridge", "per") is None


def test_a_sender_has_one_conversation_and_each_sender_their_own(
    hooks: Hooks, channel: Channel, outbox: SqliteOutbox
) -> None:
    hooks.take_in(channel, message())
    first = conversation_of(outbox)
    hooks.take_in(channel, message(message_id="m-2"))
    hooks.take_in(channel, message(message_id="m-3", sender="per"))
    assert conversation_of(outbox) == first != conversation_of(outbox, "per")


def test_a_sender_of_two_channels_is_two_drivers(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    other = replace(channel, name="other")
    hooks.take_in(channel, message())
    hooks.take_in(other, message())
    peer = outbox.peer("other", "ane")
    assert peer
    assert peer.conversation != conversation_of(outbox)


def test_what_is_known_of_the_channel_and_the_driver_begins_the_conversation(
    hooks: Hooks, channel: Channel, outbox: SqliteOutbox
) -> None:
    hooks.take_in(channel, message(locale="nb-NO"))
    (started,) = hooks.talks.events(conversation_of(outbox), limit=1)
    assert isinstance(started.happening, Started)
    context = started.happening.context
    assert (context.vendor, context.country, context.locale) == ("eponet", "CH", "nb-NO")


def test_a_number_taps_the_button_of_that_number(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    hooks.take_in(channel, message())
    replies = [
        event.happening.reply
        for event in hooks.talks.events(conversation_of(outbox))
        if isinstance(event.happening, BotSaid)
    ]
    person = [each.choice.value for each in replies[-1].quick_replies].index("person") + 1
    hooks.take_in(channel, message(message_id="m-2", text=str(person)))
    assert any(isinstance(each.happening, HandedOver) for each in hooks.talks.events(conversation_of(outbox)))


def test_secrets_are_masked_before_anything_is_kept(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    hooks.take_in(channel, message(text="my card is 4111 1111 1111 1111"))
    kept = "".join(each.model_dump_json() for each in hooks.talks.events(conversation_of(outbox)))
    assert "4111 1111" not in kept
    assert "4111 1111" not in "\n".join(outbox._connection.iterdump())


def test_what_is_said_unasked_is_queued_as_well(hooks: Hooks, channel: Channel, outbox: SqliteOutbox) -> None:
    hooks.take_in(channel, message())
    hooks.talks.speak_up(conversation_of(outbox), "action_settled", {"outcome": "unsure"}, "key-1")
    assert [hooks.sweep(everybody=False), hooks.sweep(everybody=False)] == [True, False]
    assert len(outbox.deliveries()) == 2


@pytest.mark.parametrize(("everybody", "found"), [(False, False), (True, True)])
def test_a_conversation_that_was_silent_for_long_is_looked_at_with_all_the_others(
    hooks: Hooks, channel: Channel, clock: SteppingClock, everybody: bool, found: bool
) -> None:
    hooks.take_in(channel, message())
    clock.pass_by(timedelta(hours=hooks.rules.lively_h + 1))
    hooks.talks.speak_up(conversation_of(hooks.outbox), "action_settled", {"outcome": "unsure"}, "key-1")
    assert hooks.sweep(everybody) is found


def test_what_is_old_is_forgotten(hooks: Hooks, channel: Channel, outbox: SqliteOutbox, clock: SteppingClock) -> None:
    hooks.take_in(channel, message())
    clock.pass_by(timedelta(days=hooks.rules.keep_days + 1))
    hooks.sweep(everybody=True)
    assert outbox.heard("bridge", "m-1") is None


def test_a_conversation_that_is_gone_is_begun_anew(
    hooks: Hooks, channel: Channel, outbox: SqliteOutbox, small_talks: Conversations
) -> None:
    hooks.take_in(channel, message())
    emptied = replace(hooks, talks=replace(small_talks, store=MemoryConversations()))
    assert not emptied.sweep(everybody=True)
    assert emptied.take_in(channel, message(message_id="m-2"))
    assert len(emptied.talks.events(conversation_of(outbox))) > 1


def test_a_message_of_a_conversation_that_stays_busy_is_not_taken_in(
    hooks: Hooks, channel: Channel, outbox: SqliteOutbox, small_talks: Conversations
) -> None:
    rival = DriverSaid.model_validate({"message": {"id": "x", "text": "from elsewhere"}})
    busy = replace(hooks, talks=replace(small_talks, store=OvertakenConversations(rival)))
    with pytest.raises(ConversationConflict):
        busy.take_in(channel, message())
    assert outbox.heard("bridge", "m-1") is None
