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
from bot.adapters.hooks.sqlite import SqliteOutbox
from bot.channels.hooks.config import Channel, HookRules
from bot.channels.hooks.courier import Courier, wait_before
from bot.channels.hooks.service import Hooks
from bot.channels.hooks.signatures import HEADER, check
from bot.channels.messengers.ports import InboundMessage
from bot.replies.catalogues import Templates
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


def ask(hooks: Hooks, channel: Channel, number: int = 1, sender: str = "ane") -> None:
    """A sender writes, and is answered."""
    hooks.take_in(
        channel, InboundMessage(message_id=f"{sender}-{number}", sender=sender, text="the cable is stuck in the car")
    )


def deliver(
    hooks: Hooks, templates: Templates, channel: Channel, receiver: Callable[[httpx.Request], httpx.Response],
    waits: Sequence[timedelta] = (timedelta(),),
) -> None:  # fmt: skip
    """Look for what is due, after each of the waits."""

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as client:
            for wait in waits:
                assert isinstance(hooks.clock, SteppingClock)
                hooks.clock.pass_by(wait)
                await Courier(hooks, templates).deliver(channel, client)

    anyio.run(main)


def states(outbox: SqliteOutbox) -> list[str]:
    return [each.state for each in outbox.deliveries()]


def test_a_reply_is_posted_with_what_it_answers(
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox
) -> None:
    ask(hooks, channel)
    receiver = Receiver()
    deliver(hooks, templates, channel, receiver)
    (body,) = receiver.bodies
    assert (body["channel"], body["recipient"], body["in_reply_to"]) == ("bridge", "ane", "ane-1")
    assert states(outbox) == ["delivered"]


def test_it_is_signed(hooks: Hooks, templates: Templates, channel: Channel) -> None:
    ask(hooks, channel)
    receiver = Receiver()
    deliver(hooks, templates, channel, receiver)
    (request,) = receiver.had
    check(request.headers[HEADER], channel.secret, request.content, hooks.clock.now().timestamp(), 60)


def test_a_channel_with_buttons_gets_buttons_and_no_numbered_lines(
    hooks: Hooks, templates: Templates, channel: Channel
) -> None:
    ask(hooks, channel)
    receiver = Receiver()
    deliver(hooks, templates, channel, receiver)
    assert receiver.bodies[0]["quick_replies"]
    assert "(1)" not in str(receiver.bodies[0]["text"])


def test_a_channel_without_buttons_gets_numbered_lines(hooks: Hooks, templates: Templates, channel: Channel) -> None:
    plain = replace(channel, buttons=False)
    ask(hooks, plain)
    receiver = Receiver()
    deliver(hooks, templates, plain, receiver)
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
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox, trouble: Answer
) -> None:
    ask(hooks, channel)
    receiver = Receiver(trouble, httpx.Response(204))
    deliver(hooks, templates, channel, receiver, [timedelta(), timedelta(hours=1)])
    assert len({str(each["delivery_id"]) for each in receiver.bodies}) == 1
    assert (len(receiver.bodies), states(outbox)) == (2, ["delivered"])


def test_replies_stay_in_order_while_the_receiver_is_down(hooks: Hooks, templates: Templates, channel: Channel) -> None:
    for number in (1, 2, 3):
        ask(hooks, channel, number)
    receiver = Receiver(httpx.Response(503), httpx.Response(204))
    deliver(hooks, templates, channel, receiver, [timedelta(hours=1)] * 4)
    assert [each["in_reply_to"] for each in receiver.bodies] == ["ane-1", "ane-1", "ane-2", "ane-3"]


def test_one_recipient_does_not_hold_up_another(hooks: Hooks, templates: Templates, channel: Channel) -> None:
    had: list[str] = []

    def receiver(request: httpx.Request) -> httpx.Response:
        recipient = json.loads(request.content)["recipient"]
        had.append(recipient)
        return httpx.Response(500 if recipient == "ane" else 204)

    ask(hooks, channel, sender="ane")
    ask(hooks, channel, 1, sender="per")
    ask(hooks, channel, 2, sender="per")
    deliver(hooks, templates, channel, receiver, [timedelta(), timedelta()])
    assert had.count("per") == 2


def test_after_the_last_attempt_it_is_dead_and_says_why(
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox
) -> None:
    few = replace(hooks, rules=hooks.rules.model_copy(update={"attempts": 2}))
    ask(few, channel)
    receiver = Receiver(httpx.Response(500))
    deliver(few, templates, channel, receiver, [timedelta(hours=1)] * 4)
    (dead,) = outbox.deliveries()
    assert (dead.state, dead.attempts, dead.error, len(receiver.had)) == ("dead", 2, "HTTP 500", 2)


def test_a_receiver_that_is_gone_is_not_asked_again(
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox
) -> None:
    ask(hooks, channel)
    deliver(hooks, templates, channel, Receiver(httpx.Response(410)))
    assert states(outbox) == ["dead"]


def test_a_delivery_whose_conversation_is_gone_is_dead(
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox
) -> None:
    ask(hooks, channel)
    emptied = replace(hooks, talks=replace(hooks.talks, store=MemoryConversations()))
    receiver = Receiver()
    deliver(emptied, templates, channel, receiver)
    assert (states(outbox), receiver.had) == (["dead"], [])


def test_the_receiver_may_say_when_to_come_again(
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox
) -> None:
    patient = replace(hooks, rules=hooks.rules.model_copy(update={"most_wait_s": 900.0}))
    ask(patient, channel)
    deliver(patient, templates, channel, Receiver(httpx.Response(429, headers={"Retry-After": "600"})))
    (delivery,) = outbox.deliveries()
    assert delivery.next_at - patient.clock.now() > timedelta(minutes=9)


@pytest.mark.parametrize("asked", ["999999999", "tomorrow", "-1", "²"])
def test_no_receiver_can_put_it_off_for_good(
    hooks: Hooks, templates: Templates, channel: Channel, outbox: SqliteOutbox, asked: str
) -> None:
    ask(hooks, channel)
    answer = httpx.Response(429, headers=[(b"Retry-After", asked.encode())])
    deliver(hooks, templates, channel, Receiver(answer))
    (delivery,) = outbox.deliveries()
    assert delivery.next_at - hooks.clock.now() < timedelta(seconds=hooks.rules.most_wait_s)


def test_waits_grow_up_to_the_longest() -> None:
    rules = HookRules.load()
    waits = [wait_before(attempt, rules, 0.0).total_seconds() for attempt in range(1, rules.attempts)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == rules.most_wait_s
    assert 17 * 3600 < sum(waits) < 19 * 3600


def test_waits_are_left_to_chance_in_part() -> None:
    rules = HookRules.load()
    assert wait_before(3, rules, 1.0) == wait_before(3, rules, 0.0) * (1 - rules.jitter)


def test_very_many_attempts_do_not_overflow() -> None:
    rules = HookRules.load()
    assert wait_before(100_000, rules, 0.0) == timedelta(seconds=rules.most_wait_s)
