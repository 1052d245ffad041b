"""What people write in a messenger is answered once, several messages together, and what they are told is queued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.messengers.inbox import SqliteInbox
from bot.adapters.messengers.outbox import SqliteOutbox
from bot.channels.messengers.inbox import Burst
from bot.channels.messengers.payload import outbound
from bot.channels.messengers.ports import InboundMessage, MessageIdReused
from bot.channels.messengers.rules import MessengerRules
from bot.channels.messengers.webhook.messenger import Webhook
from bot.conversation import Conversations
from bot.events import BotSaid, DriverSaid, Event, HandedOver, Happening, Started
from bot.types import Message, Reply, TemplateOrigin
from tests.bot.channels.messengers.conftest import Connect, Post
from tests.doubles import OvertakenConversations, SteppingClock

CARD = "4111 1111 1111 1111"


class ForgetfulConversations(MemoryConversations):
    """Its disk is full, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def append(self, conversation: str, happenings: Sequence[Happening], at: datetime, expected: int) -> None:
        if self.times:
            self.times -= 1
            raise OSError("No space left on device")
        super().append(conversation, happenings, at, expected)


@pytest.fixture
def rules(rules: MessengerRules) -> MessengerRules:
    """With waits that the clock's own steps do not end."""
    return rules.model_copy(update={"first_wait_s": 50.0, "most_wait_s": 50.0})


@pytest.fixture
def clock(post: Post) -> SteppingClock:
    assert isinstance(post.replies.clock, SteppingClock)
    return post.replies.clock


def message(number: int = 1, **changes: Any) -> InboundMessage:
    usual = {"message_id": f"m-{number}", "sender": "ane", "text": "the cable is stuck and I cannot remove it"}
    return InboundMessage.model_validate(usual | changes)


def over(post: Post, store: MemoryConversations) -> Post:
    """The same over another store of conversations."""
    replies = replace(post.replies, talks=replace(post.replies.talks, store=store))
    return replace(post, reception=replace(post.reception, replies=replies))


def events(post: Post, sender: str = "ane") -> list[Event]:
    peer = post.replies.outbox.peer("bridge", sender)
    assert peer
    return post.replies.talks.events(peer.conversation)


def said(post: Post) -> list[Message]:
    return [each.happening.message for each in events(post) if isinstance(each.happening, DriverSaid)]


def answers(post: Post) -> list[Reply]:
    return [each.happening.reply for each in events(post) if isinstance(each.happening, BotSaid)]


def templates_of(reply: Reply) -> list[str]:
    return [part.origin.template for part in reply.parts if isinstance(part.origin, TemplateOrigin)]


def jpeg(side: int = 20) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "JPEG")
    return out.getvalue()


def keep(post: Post, *messages: InboundMessage) -> None:
    for each in messages:
        post.reception.keep("bridge", each, ())


def test_a_message_is_answered_and_the_reply_queued(post: Post, outbox: SqliteOutbox) -> None:
    assert post.take_in(message())
    (delivery,) = outbox.deliveries()
    (event,) = events(post)[delivery.number - 1 : delivery.number]
    assert isinstance(event.happening, BotSaid)
    assert (delivery.recipient, delivery.in_reply_to, event.happening.message_id) == ("ane", "m-1", "m-1")


def test_what_is_written_in_one_breath_is_answered_once(post: Post, channel: Webhook, outbox: SqliteOutbox) -> None:
    keep(post, message(1, text="hi"), message(2, text="  "), message(3, text="the cable is stuck in the car"))
    assert post.answer() == 1
    (heard,), (delivery,) = said(post), outbox.deliveries()
    assert heard.text == "hi\nthe cable is stuck in the car"
    event = events(post)[delivery.number - 1]
    assert outbound(channel, delivery, event, post.templates).in_reply_to == "m-3"


def test_photos_and_the_last_position_come_together(post: Post) -> None:
    here, there = {"latitude": 47.0, "longitude": 8.0}, {"latitude": 48.0, "longitude": 9.0}
    for number, (place, files) in enumerate([(here, [jpeg()]), (there, []), (None, [jpeg(), jpeg()])]):
        post.reception.keep("bridge", message(number, position=place), files)
    assert post.answer() == 1
    (heard,) = said(post)
    assert (len(heard.attached.photos), heard.attached.position) == (3, (48.0, 9.0))


def test_a_tap_is_a_turn_by_itself(post: Post) -> None:
    tap = message(2, text="Cable", choice={"kind": "topic", "value": "cable-stuck"})
    keep(post, message(1), tap, message(3))
    assert post.answer() == 3
    assert [each.choice is not None for each in said(post)] == [False, True, False]


def test_messages_that_overtook_each_other_are_joined_as_they_were_written(post: Post) -> None:
    noon = "2026-11-26T12:00:0{}Z"
    keep(post, *(message(each, text=str(each), sent_at=noon.format(each)) for each in (3, 1, 2)))
    post.answer()
    assert [each.text for each in said(post)] == ["1\n2\n3"]


def test_the_sender_learns_that_a_secret_was_hidden_though_it_was_never_kept(
    post: Post, inbox: SqliteInbox, outbox: SqliteOutbox
) -> None:
    keep(post, message(text=f"my card is {CARD}"))
    assert CARD not in "\n".join(inbox._connection.iterdump())
    post.answer()
    assert CARD not in "".join(each.model_dump_json() for each in events(post))
    assert said(post)[0].masked == ("card",)
    assert "masked" in templates_of(answers(post)[0])


def test_words_are_forgotten_once_the_conversation_has_them(post: Post, inbox: SqliteInbox) -> None:
    keep(post, message(text="a very particular word: zwetschge"))
    assert "zwetschge" in "\n".join(inbox._connection.iterdump())
    post.answer()
    assert "zwetschge" not in "\n".join(inbox._connection.iterdump())


@pytest.mark.parametrize(
    ("file", "template"),
    [(b"GIF89a", "photo/unreadable"), (b"", "photo/unreadable"), (b"x" * 10_485_761, "photo/too_large")],
)
@pytest.mark.parametrize("text", ["", "the cable is stuck in the car"])
def test_a_photo_that_cannot_be_used_is_answered_in_words(post: Post, file: bytes, template: str, text: str) -> None:
    post.reception.keep("bridge", message(text=text), [file])
    post.answer()
    (reply,) = answers(post)
    assert template in templates_of(reply)
    assert said(post)[0].attached.photos == ()


def test_it_is_said_in_the_language_of_the_sender(post: Post) -> None:
    post.take_in(message(1, text="das Kabel steckt fest und ich kann es nicht entfernen"))
    post.reception.keep("bridge", message(2, text=""), [b"GIF89a"])
    post.answer()
    assert "Ich kann Ihr Foto nicht öffnen" in answers(post)[-1].text


def test_a_message_that_arrives_twice_is_one_message(post: Post, outbox: SqliteOutbox) -> None:
    assert [post.take_in(message()) for _ in range(2)] == [True, False]
    assert len(outbox.deliveries()) == 1


def test_a_photo_that_arrives_twice_is_kept_once(post: Post) -> None:
    file = jpeg()
    assert [post.reception.keep("bridge", message(), [file]) for _ in range(2)] == [True, False]
    assert len(list((post.reception.photos._folder).glob("*.copy.jpg"))) == 1


@pytest.mark.parametrize("change", [{"sender": "per"}, {"text": "another"}])
def test_an_id_that_was_another_messages_is_refused(post: Post, change: dict[str, str]) -> None:
    post.take_in(message())
    with pytest.raises(MessageIdReused):
        post.take_in(message(**change))
    assert (len(said(post)), post.replies.outbox.peer("bridge", "per")) == (1, None)


def test_an_id_that_was_a_message_with_another_photo_is_refused(post: Post) -> None:
    post.reception.keep("bridge", message(), [jpeg(20)])
    with pytest.raises(MessageIdReused):
        post.reception.keep("bridge", message(), [jpeg(30)])


@pytest.mark.parametrize("lost", ["before the reply is queued", "before it is done"])
def test_a_crash_repeats_the_same_turn_and_it_is_answered_once(
    post: Post, outbox: SqliteOutbox, clock: SteppingClock, lost: str
) -> None:
    keep(post, message(1, text="hi"), message(2))
    burst = post.reception.take()
    assert burst
    peer = post.reception._turn(burst)
    if lost == "before it is done":
        post.replies.collect(peer)
    keep(post, message(3, text="are you there?"))
    assert post.answer() == 0
    clock.pass_by(timedelta(seconds=post.replies.rules.turn_lease_s))
    assert post.answer() == 2
    assert [each.text.count("\n") for each in said(post)] == [1, 0]
    assert [each.in_reply_to for each in reversed(outbox.deliveries())] == ["m-2", "m-3"]


def test_what_fails_is_tried_again(post: Post, clock: SteppingClock) -> None:
    failing = over(post, ForgetfulConversations(times=2))
    keep(failing, message())
    for _ in range(3):
        clock.pass_by(timedelta(minutes=1))
        failing.answer()
    assert (len(said(failing)), templates_of(answers(failing)[0]) != ["not_answered"]) == (1, True)


def test_what_fails_too_often_is_given_up_and_its_sender_told(
    post: Post, clock: SteppingClock, outbox: SqliteOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    tries = post.replies.rules.turn_tries
    failing = over(post, ForgetfulConversations(times=tries))
    keep(failing, message(text="bitte helfen Sie mir, das Kabel steckt fest", locale="de"))
    for _ in range(tries + 1):
        clock.pass_by(timedelta(minutes=1))
        failing.answer()
    assert templates_of(answers(failing)[0]) == ["not_answered"]
    assert "schiefgegangen" in answers(failing)[0].text
    assert (len(said(failing)), len(outbox.deliveries())) == (1, 1)
    assert f"given up after {tries} tries" in caplog.text
    failing.take_in(message(2))
    assert len(answers(failing)) == 2


def test_nothing_is_given_up_before_its_sender_can_be_told(post: Post, clock: SteppingClock) -> None:
    tries = post.replies.rules.turn_tries + 5
    failing = over(post, ForgetfulConversations(times=tries))
    keep(failing, message())
    for _ in range(tries + 1):
        clock.pass_by(timedelta(minutes=1))
        failing.answer()
    assert len(answers(failing)) == 1


def test_one_sender_whose_turn_fails_does_not_hold_up_another(post: Post) -> None:
    failing = over(post, ForgetfulConversations(times=1))
    keep(failing, message(1), message(2, sender="per"))
    failing.answer()
    assert failing.replies.outbox.peer("bridge", "per")
    assert events(failing, "per")


def test_a_sender_has_one_conversation_and_each_sender_their_own(post: Post, outbox: SqliteOutbox) -> None:
    post.take_in(message())
    first = outbox.peer("bridge", "ane")
    post.take_in(message(2))
    post.take_in(message(3, sender="per"))
    again, other = outbox.peer("bridge", "ane"), outbox.peer("bridge", "per")
    assert first
    assert again
    assert other
    assert first.conversation == again.conversation != other.conversation


def test_a_sender_of_two_channels_is_two_drivers(connect: Connect, channel: Webhook, outbox: SqliteOutbox) -> None:
    post = connect(channel, replace(channel, name="other"))
    post.take_in(message())
    post.take_in(message(), "other")
    here, there = outbox.peer("bridge", "ane"), outbox.peer("other", "ane")
    assert here
    assert there
    assert here.conversation != there.conversation


def test_messages_of_a_channel_that_is_no_longer_connected_wait(connect: Connect, channel: Webhook) -> None:
    both, one = connect(channel, replace(channel, name="other")), connect(channel)
    both.reception.keep("other", message(), ())
    assert (one.answer(), one.reception.wait(), both.answer()) == (0, None, 1)


def test_what_is_known_of_the_channel_and_the_driver_begins_the_conversation(post: Post) -> None:
    post.take_in(message(locale="nb-NO"))
    started = events(post)[0].happening
    assert isinstance(started, Started)
    context = started.context
    assert (context.vendor, context.country, context.locale) == ("eponet", "CH", "nb-NO")


def test_a_number_taps_the_button_of_that_number(post: Post) -> None:
    post.take_in(message())
    person = [each.choice.value for each in answers(post)[-1].quick_replies].index("person") + 1
    post.take_in(message(2, text=str(person)))
    assert any(isinstance(each.happening, HandedOver) for each in events(post))


def test_a_conversation_that_is_gone_is_begun_anew(post: Post) -> None:
    post.take_in(message())
    emptied = over(post, MemoryConversations())
    assert not emptied.replies.sweep(everybody=True)
    assert emptied.take_in(message(2))
    assert len(events(emptied)) > 1


def test_a_message_of_a_conversation_that_is_busy_is_answered_later(
    post: Post, clock: SteppingClock, small_talks: Conversations
) -> None:
    rival = DriverSaid.model_validate({"message": {"id": "x", "text": "from elsewhere"}})
    store = OvertakenConversations(rival)
    busy = over(post, store)
    keep(busy, message())
    busy.answer()
    store.rival = None
    clock.pass_by(timedelta(minutes=1))
    busy.answer()
    assert len(answers(busy)) == 1


def test_ids_are_forgotten_after_long(post: Post, inbox: SqliteInbox, clock: SteppingClock) -> None:
    post.take_in(message())
    clock.pass_by(timedelta(days=post.replies.rules.keep_days + 1))
    keep(post, message(2))
    clock.pass_by(timedelta(days=post.replies.rules.keep_days + 1))
    post.reception.tidy()
    assert (inbox.heard("bridge", "m-1"), inbox.heard("bridge", "m-2") is not None) == (None, True)


@pytest.mark.parametrize("danger", ["the charger is on fire", "il y a de la fumée qui sort de la borne"])
def test_danger_is_due_at_once(post: Post, danger: str) -> None:
    rules = post.replies.rules.model_copy(update={"burst_s": 60.0, "longest_burst_s": 100.0})
    patient = replace(post, reception=replace(post.reception, replies=replace(post.replies, rules=rules)))
    keep(patient, message(1))
    assert patient.reception.take() is None
    keep(patient, message(2, text=danger))
    burst = patient.reception.take()
    assert burst is not None
    assert [each.message_id for each in burst.messages] == ["m-1", "m-2"]


def test_a_burst_is_due_when_its_last_message_has_waited(post: Post, clock: SteppingClock) -> None:
    rules = post.replies.rules.model_copy(update={"burst_s": 60.0, "longest_burst_s": 100.0})
    patient = replace(post, reception=replace(post.reception, replies=replace(post.replies, rules=rules)))
    due: list[Burst | None] = []
    for number in (1, 2):
        keep(patient, message(number))
        clock.pass_by(timedelta(seconds=40))
        due.append(patient.reception.take())
    wait = patient.reception.wait()
    assert (due, wait is not None and 0 < wait < 20) == ([None, None], True)
    clock.pass_by(timedelta(seconds=20))
    burst = patient.reception.take()
    assert burst is not None
    assert [each.message_id for each in burst.messages] == ["m-1", "m-2"]
