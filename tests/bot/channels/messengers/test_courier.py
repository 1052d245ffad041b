"""Replies reach the receiver: signed, in order, until they have arrived or are dead."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import anyio
import httpx
import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.messengers.outbox import SqliteOutbox
from bot.channels.messengers.courier import Courier
from bot.channels.messengers.ports import InboundMessage
from bot.channels.messengers.replies import Replies
from bot.channels.messengers.rules import MessengerRules
from bot.channels.messengers.webhook.messenger import Webhook
from bot.channels.messengers.webhook.signatures import HEADER, check
from tests.bot.channels.messengers.conftest import Connect, Post
from tests.doubles import SteppingClock

Answer = httpx.Response | Exception


class Receiver:
    """Answers as told, the last answer for good, and keeps what was posted."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: list[Answer] = list(answers) or [httpx.Response(204)]
        self.had: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.had.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def bodies(self) -> list[dict[str, object]]:
        return [json.loads(each.content) for each in self.had]


def ask(post: Post, number: int = 1, sender: str = "ane") -> None:
    """A sender writes, and is answered."""
    post.take_in(InboundMessage(message_id=f"{sender}-{number}", sender=sender, text="the cable is stuck in the car"))


def deliver(
    post: Post, receiver: Callable[[httpx.Request], httpx.Response], waits: Sequence[timedelta] = (timedelta(),),
    replies: Replies | None = None,
) -> None:  # fmt: skip
    """Look for what is due, after each of the waits."""
    within = replies or post.replies

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as client:
            for wait in waits:
                assert isinstance(within.clock, SteppingClock)
                within.clock.pass_by(wait)
                for messenger in post.reception.messengers.values():
                    await Courier(post.reception.messengers, within, post.templates).deliver(messenger, client)

    anyio.run(main)


def states(outbox: SqliteOutbox) -> list[str]:
    return [each.state for each in outbox.deliveries()]


def test_a_reply_is_posted_with_what_it_answers(post: Post, outbox: SqliteOutbox) -> None:
    ask(post)
    receiver = Receiver()
    deliver(post, receiver)
    (body,) = receiver.bodies
    assert (body["channel"], body["recipient"], body["in_reply_to"]) == ("bridge", "ane", "ane-1")
    assert states(outbox) == ["delivered"]


def test_it_is_signed(post: Post, channel: Webhook) -> None:
    ask(post)
    receiver = Receiver()
    deliver(post, receiver)
    (request,) = receiver.had
    check(request.headers[HEADER], channel.secret, request.content, post.replies.clock.now().timestamp(), 60)


def test_a_channel_with_buttons_gets_buttons_and_no_numbered_lines(post: Post) -> None:
    ask(post)
    receiver = Receiver()
    deliver(post, receiver)
    assert receiver.bodies[0]["quick_replies"]
    assert "(1)" not in str(receiver.bodies[0]["text"])


def test_a_channel_without_buttons_gets_numbered_lines(connect: Connect, channel: Webhook) -> None:
    plain = connect(replace(channel, buttons=False))
    ask(plain)
    receiver = Receiver()
    deliver(plain, receiver)
    assert receiver.bodies[0]["quick_replies"] == []
    assert "(1)" in str(receiver.bodies[0]["text"])


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(500), httpx.Response(404), httpx.Response(302, headers={"Location": "https://evil.example"}),
        httpx.ConnectError("refused"), httpx.ReadTimeout("slow"),
    ],
    ids=lambda trouble: getattr(trouble, "status_code", type(trouble).__name__),
)  # fmt: skip
def test_what_did_not_arrive_comes_again_as_the_same_delivery(
    post: Post, outbox: SqliteOutbox, trouble: Answer
) -> None:
    ask(post)
    receiver = Receiver(trouble, httpx.Response(204))
    deliver(post, receiver, [timedelta(), timedelta(hours=1)])
    assert len({str(each["delivery_id"]) for each in receiver.bodies}) == 1
    assert (len(receiver.bodies), states(outbox)) == (2, ["delivered"])


def test_replies_stay_in_order_while_the_receiver_is_down(post: Post) -> None:
    for number in (1, 2, 3):
        ask(post, number)
    receiver = Receiver(httpx.Response(503), httpx.Response(204))
    deliver(post, receiver, [timedelta(hours=1)] * 4)
    assert [each["in_reply_to"] for each in receiver.bodies] == ["ane-1", "ane-1", "ane-2", "ane-3"]


def test_one_recipient_does_not_hold_up_another(post: Post) -> None:
    had: list[str] = []

    def receiver(request: httpx.Request) -> httpx.Response:
        recipient = json.loads(request.content)["recipient"]
        had.append(recipient)
        return httpx.Response(500 if recipient == "ane" else 204)

    ask(post, sender="ane")
    ask(post, 1, sender="per")
    ask(post, 2, sender="per")
    deliver(post, receiver, [timedelta(), timedelta()])
    assert had.count("per") == 2


def test_after_the_last_attempt_it_is_dead_and_says_why(post: Post, outbox: SqliteOutbox) -> None:
    few = replace(post.replies, rules=post.replies.rules.model_copy(update={"attempts": 2}))
    ask(post)
    receiver = Receiver(httpx.Response(500))
    deliver(post, receiver, [timedelta(hours=1)] * 4, few)
    (dead,) = outbox.deliveries()
    assert (dead.state, dead.attempts, dead.error, len(receiver.had)) == ("dead", 2, "HTTP 500", 2)


def test_a_receiver_that_is_gone_is_not_asked_again(post: Post, outbox: SqliteOutbox) -> None:
    ask(post)
    deliver(post, Receiver(httpx.Response(410)))
    assert states(outbox) == ["dead"]


def test_a_delivery_whose_conversation_is_gone_is_dead(post: Post, outbox: SqliteOutbox) -> None:
    ask(post)
    emptied = replace(post.replies, talks=replace(post.replies.talks, store=MemoryConversations()))
    receiver = Receiver()
    deliver(post, receiver, replies=emptied)
    assert (states(outbox), receiver.had) == (["dead"], [])


def test_the_receiver_may_say_when_to_come_again(post: Post, outbox: SqliteOutbox) -> None:
    patient = replace(post.replies, rules=post.replies.rules.model_copy(update={"most_wait_s": 900.0}))
    ask(post)
    deliver(post, Receiver(httpx.Response(429, headers={"Retry-After": "600"})), replies=patient)
    (delivery,) = outbox.deliveries()
    assert delivery.next_at - patient.clock.now() > timedelta(minutes=9)


@pytest.mark.parametrize("asked", ["999999999", "tomorrow", "-1", "²"])
def test_no_receiver_can_put_it_off_for_good(post: Post, outbox: SqliteOutbox, asked: str) -> None:
    ask(post)
    answer = httpx.Response(429, headers=[(b"Retry-After", asked.encode())])
    deliver(post, Receiver(answer))
    (delivery,) = outbox.deliveries()
    assert delivery.next_at - post.replies.clock.now() < timedelta(seconds=post.replies.rules.most_wait_s)


def test_waits_grow_up_to_the_longest() -> None:
    rules = MessengerRules.load()
    waits = [rules.wait_before(attempt, 0.0).total_seconds() for attempt in range(1, rules.attempts)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == rules.most_wait_s
    assert 17 * 3600 < sum(waits) < 19 * 3600


def test_waits_are_left_to_chance_in_part() -> None:
    rules = MessengerRules.load()
    assert rules.wait_before(3, 1.0) == rules.wait_before(3, 0.0) * (1 - rules.jitter)


def test_very_many_attempts_do_not_overflow() -> None:
    rules = MessengerRules.load()
    assert rules.wait_before(100_000, 0.0) == timedelta(seconds=rules.most_wait_s)
