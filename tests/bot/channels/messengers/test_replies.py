"""What people in messengers are told reaches the outbox once, asked or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.messengers.outbox import SqliteOutbox
from bot.channels.messengers.ports import InboundMessage
from tests.bot.channels.messengers.conftest import Post
from tests.doubles import SteppingClock


@pytest.fixture
def conversation(post: Post, outbox: SqliteOutbox) -> str:
    """Of a sender who was answered."""
    post.take_in(InboundMessage(message_id="m-1", sender="ane", text="the cable is stuck in the car"))
    peer = outbox.peer("bridge", "ane")
    assert peer
    return peer.conversation


def speak_up(post: Post, conversation: str) -> None:
    post.replies.talks.speak_up(conversation, "action_settled", {"outcome": "unsure"}, "key-1")


def test_what_is_said_unasked_is_queued_as_well(post: Post, conversation: str, outbox: SqliteOutbox) -> None:
    speak_up(post, conversation)
    assert [post.replies.sweep(everybody=False) for _ in range(2)] == [{"bridge"}, set()]
    assert [each.in_reply_to for each in outbox.deliveries()] == [None, "m-1"]


def test_what_is_overheard_is_queued_where_a_sender_holds_the_conversation(
    post: Post, conversation: str, outbox: SqliteOutbox
) -> None:
    speak_up(post, conversation)
    assert [post.replies.overhear({conversation, "of the widget"}) for _ in range(2)] == [{"bridge"}, set()]
    assert len(outbox.deliveries()) == 2


@pytest.mark.parametrize(("everybody", "found"), [(False, set()), (True, {"bridge"})])
def test_a_conversation_that_was_silent_for_long_is_looked_at_with_all_the_others(
    post: Post, conversation: str, everybody: bool, found: set[str]
) -> None:
    clock = post.replies.clock
    assert isinstance(clock, SteppingClock)
    clock.pass_by(timedelta(hours=post.replies.rules.lively_h + 1))
    speak_up(post, conversation)
    assert post.replies.sweep(everybody) == found
