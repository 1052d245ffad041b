"""What people of the support team do in a conversation is told in its messenger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.messengers.outbox import SqliteOutbox
from bot.care import Joined, Notice, Person
from bot.channels.messengers.ports import InboundMessage
from bot.channels.messengers.webhook.messenger import Webhook
from bot.notifier import InProcessNotifier
from bot.replies.catalogues import Templates
from bot.staff import Staff
from bot.types import TemplateOrigin
from tests.bot.channels.messengers.conftest import Post
from tests.bot.channels.replies_sent import happened, said_by_person

KARI = Person(id="kari", name="Kari")


@pytest.mark.parametrize("buttons", [True, False])
def test_a_persons_words_begin_with_the_name(channel: Webhook, templates: Templates, buttons: bool) -> None:
    message = said_by_person("I look.", replace(channel, buttons=buttons), templates)
    assert message.text == "Kari: I look."
    assert message.reply.model_dump(mode="json")["parts"][0]["origin"] == {"kind": "person", "name": "Kari"}
    assert message.in_reply_to is None


def test_that_somebody_came_is_told_as_it_is(channel: Webhook, templates: Templates) -> None:
    notice = Notice(text="Kari is here now.", origin=TemplateOrigin(template="care/joined", language="en"))
    assert happened(Joined(by=KARI, notice=notice), channel, templates).text == "Kari is here now."


def test_what_people_say_is_queued_with_their_coming_and_going_and_no_note(
    post: Post, outbox: SqliteOutbox, channel: Webhook, templates: Templates
) -> None:
    post.take_in(InboundMessage(message_id="m-1", sender="ane", text="the cable is stuck in the car"))
    peer = outbox.peer("bridge", "ane")
    assert peer
    talks = post.replies.talks
    staff = Staff(talks, templates, InProcessNotifier())
    staff.join(peer.conversation, KARI)
    staff.note(peer.conversation, KARI, "n-1", "calls back often")
    staff.say(peer.conversation, KARI, "p-1", "I look.")
    staff.leave(peer.conversation, KARI)
    assert post.replies.sweep(everybody=False) == {"bridge"}
    told = [
        happened(event.happening, channel, templates).text
        for each in sorted(outbox.deliveries(), key=lambda each: each.number)
        if each.in_reply_to is None
        for event in talks.events(each.conversation, each.number - 1, 1)
    ]
    assert len(told) == 3
    assert told[0].startswith("Kari ")
    assert told[1] == "Kari: I look."
    assert "calls back" not in " ".join(told)
