"""A messenger that is connected, over conversations about three topics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.messengers.inbox import SqliteInbox
from bot.adapters.messengers.outbox import SqliteOutbox
from bot.channels.door import Door
from bot.channels.messengers.courier import Courier
from bot.channels.messengers.exchange import Exchange
from bot.channels.messengers.ports import InboundMessage, Messenger
from bot.channels.messengers.reception import Reception
from bot.channels.messengers.replies import Replies
from bot.channels.messengers.rules import MessengerRules
from bot.channels.messengers.webhook.messenger import Webhook
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.notifier import InProcessNotifier
from bot.ports import Notifier
from bot.replies.catalogues import Templates
from bot.types import Context

SECRET = b"0123456789abcdef" * 2


def until(condition: Callable[[], bool], told: Callable[[], object] = lambda: "") -> None:
    """Wait for what happens beside the test, a minute at most: the machine may be busy."""
    for _ in range(3_000):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail(f"it did not happen within a minute {told()}")


@dataclass(frozen=True)
class Post:
    """Everything between messengers and conversations, over one file."""

    reception: Reception
    templates: Templates

    @property
    def replies(self) -> Replies:
        return self.reception.replies

    def answer(self) -> int:
        """Answer everything that is due; how many turns that took."""
        turns = 0
        while (burst := self.reception.take()) is not None:
            self.reception.answer(burst)
            turns += 1
        return turns

    def take_in(self, message: InboundMessage, channel: str = "bridge") -> bool:
        """Keep a message; where it is new, answer it."""
        new = self.reception.keep(channel, message, ())
        self.answer()
        return new

    def exchange(self, door: Door | None = None, notifier: Notifier | None = None) -> Exchange:
        """What runs it, each time anew, as after a restart."""
        let_in = door or Door()
        return Exchange(
            self.reception,
            Courier(self.reception.messengers, self.replies, self.templates),
            notifier or InProcessNotifier(),
            lambda sender: let_in.count("deliver", {"conversation": sender}),
        )


@pytest.fixture
def rules() -> MessengerRules:
    """As shipped, but for waits that a test would notice; a message waits for no other."""
    quick = {
        "burst_s": 0.0, "longest_burst_s": 0.0, "look_every_s": 0.05, "sweep_every_s": 0.1, "first_wait_s": 0.05,
        "most_wait_s": 0.2,
    }  # fmt: skip
    return MessengerRules.load().model_copy(update=quick)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of the file that inbox and outbox share."""
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[SqliteOutbox]:
    opened = SqliteOutbox(path)
    yield opened
    opened.close()


@pytest.fixture
def inbox(path: Path) -> Iterator[SqliteInbox]:
    opened = SqliteInbox(path)
    yield opened
    opened.close()


@pytest.fixture
def replies(rules: MessengerRules, outbox: SqliteOutbox, small_talks: Conversations) -> Replies:
    return Replies(rules, outbox, small_talks, small_talks.clock)


@pytest.fixture
def channel(replies: Replies) -> Webhook:
    """A webhook with buttons, whose clock is the conversations'."""
    context = Context(vendor="eponet", country="CH")

    def now() -> float:
        return replies.clock.now().timestamp()

    return Webhook("bridge", "http://127.0.0.1:9/", SECRET, True, context, 300, now)


Connect = Callable[..., Post]


@pytest.fixture
def connect(inbox: SqliteInbox, replies: Replies, templates: Templates, tmp_path: Path) -> Connect:
    """Connects messengers."""

    def connected(*messengers: Messenger) -> Post:
        by_name = {each.name: each for each in messengers}
        return Post(Reception(by_name, inbox, Photos(tmp_path / "photos"), replies), templates)

    return connected


@pytest.fixture
def post(connect: Connect, channel: Webhook) -> Post:
    """With the webhook connected."""
    return connect(channel)
