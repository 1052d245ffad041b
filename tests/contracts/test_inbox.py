"""What every inbox of messengers must do, whatever keeps it. Two that share a file are two processes."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.messengers.inbox import SqliteInbox
from bot.channels.messengers.inbox import Burst, Inbox, Pace, Waiting
from bot.channels.messengers.ports import MessageIdReused

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PACE = Pace(timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=60), 5)
CHANNELS = ("bridge", "tg")
LATER = NOON + timedelta(minutes=2)
TAP = {"kind": "topic", "value": "cable-stuck"}


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture(params=[SqliteInbox])
def open_(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Inbox]]:
    """Opens the same inbox, each time as another process does."""
    with ExitStack() as opened:

        def another() -> Inbox:
            inbox: Inbox = request.param(tmp_path / "outbox.db")
            opened.callback(inbox.close)
            return inbox

        yield another


@pytest.fixture
def inbox(open_: Callable[[], Inbox]) -> Inbox:
    return open_()


def put(
    inbox: Inbox, number: int, at: datetime = NOON, sender: str = "ane", channel: str = "bridge", **more: Any
) -> bool:
    message = Waiting.model_validate({"message_id": f"{sender}-{number}", "text": str(number)} | more)
    return inbox.put(channel, sender, message, f"mark of {number}", at)


def take(inbox: Inbox, at: datetime = LATER) -> Burst | None:
    return inbox.take(CHANNELS, at, PACE)


def taken(inbox: Inbox, at: datetime = LATER) -> list[str]:
    burst = take(inbox, at)
    return [each.text for each in burst.messages] if burst else []


def test_what_was_put_in_comes_out_as_it_was(inbox: Inbox) -> None:
    message = Waiting(
        message_id="m-1", text="[card] hi", masked=("card",), locale="de-CH", position=(47.0, 8.5), photos=("a",),
        refused=("empty",), sent_at=NOON,
    )  # fmt: skip
    inbox.put("tg", "ane", message, "mark", NOON)
    burst = take(inbox)
    assert burst
    assert (burst.channel, burst.sender, burst.messages, burst.attempts) == ("tg", "ane", (message,), 1)


def test_the_same_message_is_kept_once(inbox: Inbox, open_: Callable[[], Inbox]) -> None:
    assert [put(inbox, 1), put(open_(), 1)] == [True, False]
    assert (inbox.heard("bridge", "ane-1"), inbox.heard("tg", "ane-1")) == ("mark of 1", None)


def test_an_id_is_one_messages_even_after_its_answer(inbox: Inbox) -> None:
    put(inbox, 1)
    burst = take(inbox)
    assert burst
    inbox.done(burst)
    assert not put(inbox, 1)
    with pytest.raises(MessageIdReused):
        inbox.put("bridge", "ane", Waiting(message_id="ane-1", text="x"), "another mark", NOON)


@pytest.mark.parametrize(("seconds", "due"), [(0.9, []), (1.0, ["1"])])
def test_a_message_waits_for_the_next_one(inbox: Inbox, seconds: float, due: list[str]) -> None:
    put(inbox, 1)
    assert taken(inbox, after(seconds)) == due


def test_danger_waits_for_no_other_and_takes_along_what_came_before(inbox: Inbox) -> None:
    put(inbox, 1)
    assert taken(inbox, after(0.1)) == []
    put(inbox, 2, after(0.2), urgent=True)
    assert taken(inbox, after(0.2)) == ["1", "2"]


def test_each_message_begins_the_wait_anew_up_to_the_longest(inbox: Inbox) -> None:
    for number in range(6):
        put(inbox, number, after(number * 0.9))
    assert taken(inbox, after(4.9)) == []
    assert taken(inbox, after(5.0)) == list("012345")


def test_a_tap_waits_for_nothing_and_is_joined_with_nothing(inbox: Inbox) -> None:
    put(inbox, 1)
    put(inbox, 2, choice=TAP)
    put(inbox, 3)
    bursts = []
    for _ in range(2):
        burst = take(inbox, NOON)
        assert burst
        inbox.done(burst)
        bursts.append([each.text for each in burst.messages])
    assert bursts == [["1"], ["2"]]
    assert take(inbox, NOON) is None


def test_messages_are_in_the_order_in_which_they_were_written(inbox: Inbox) -> None:
    put(inbox, 1, after(0.3), sent_at=after(-1))
    put(inbox, 2, after(0.1), sent_at=after(-3))
    put(inbox, 3, after(0.2))
    assert taken(inbox) == ["2", "1", "3"]


def test_too_many_photos_begin_another_turn(inbox: Inbox) -> None:
    for number in range(3):
        put(inbox, number, photos=["a", "b"])
    assert taken(inbox) == ["0", "1"]


def test_two_senders_are_two_bursts(inbox: Inbox) -> None:
    put(inbox, 1)
    put(inbox, 1, sender="per")
    put(inbox, 1, channel="tg")
    assert sorted(str(take(inbox)) != "None" for _ in range(4)) == [False, True, True, True]


def test_what_comes_meanwhile_is_the_next_turn(inbox: Inbox) -> None:
    put(inbox, 1)
    first = take(inbox)
    put(inbox, 2)
    assert first
    assert taken(inbox) == []
    inbox.done(first)
    assert taken(inbox) == ["2"]


def test_one_process_has_a_sender_until_the_lease_ends_and_then_it_is_the_same_turn(
    inbox: Inbox, open_: Callable[[], Inbox]
) -> None:
    put(inbox, 1)
    put(inbox, 2)
    beside, first = open_(), take(inbox)
    put(inbox, 3)
    assert take(beside, LATER + PACE.lease - timedelta(seconds=1)) is None
    second = take(beside, LATER + PACE.lease)
    assert first
    assert second
    assert (second.turn, second.messages, second.attempts) == (first.turn, first.messages, 2)


def test_a_turn_that_failed_is_tried_again_when_it_was_put_off_to(inbox: Inbox) -> None:
    put(inbox, 1)
    burst = take(inbox)
    assert burst
    inbox.failed(burst, LATER + timedelta(seconds=9))
    assert inbox.next_due(CHANNELS, PACE) == LATER + timedelta(seconds=9)
    assert taken(inbox, LATER + timedelta(seconds=8)) == []
    assert taken(inbox, LATER + timedelta(seconds=9)) == ["1"]


@pytest.mark.parametrize("late", ["done", "failed"])
def test_who_comes_back_after_the_lease_disturbs_nobody(inbox: Inbox, late: str) -> None:
    put(inbox, 1)
    slow = take(inbox)
    quick = take(inbox, LATER + PACE.lease)
    assert slow
    assert quick
    inbox.done(quick)
    put(inbox, 2)
    present = LATER + PACE.lease
    assert taken(inbox, present) == ["2"]
    if late == "done":
        inbox.done(slow)
    else:
        inbox.failed(slow, NOON)
    assert taken(inbox, present) == []
    assert taken(inbox, present + PACE.lease) == ["2"]


def test_turns_of_other_messages_have_other_ids(inbox: Inbox) -> None:
    ids = []
    for numbers in ((1,), (2, 3), (4, 5)):
        for number in numbers:
            put(inbox, number)
        burst = take(inbox)
        assert burst
        inbox.done(burst)
        ids.append(burst.turn)
    assert (ids[0], len(set(ids))) == ("ane-1", 3)


def test_other_channels_are_left_alone(inbox: Inbox) -> None:
    put(inbox, 1)
    assert inbox.take(["tg"], LATER, PACE) is None
    assert inbox.next_due(["tg"], PACE) is None


@pytest.mark.parametrize(("seconds", "due"), [([0.0], 1.0), ([0.0, 0.5], 1.5), ([0.0, 0.9, 1.8, 2.7, 3.6, 4.5], 5.0)])
def test_it_tells_when_something_will_be_due(inbox: Inbox, seconds: list[float], due: float) -> None:
    assert inbox.next_due(CHANNELS, PACE) is None
    for number, at in enumerate(seconds):
        put(inbox, number, after(at))
    assert inbox.next_due(CHANNELS, PACE) == after(due)


def test_ids_are_forgotten_but_not_those_that_wait(inbox: Inbox) -> None:
    put(inbox, 1)
    burst = take(inbox)
    assert burst
    inbox.done(burst)
    put(inbox, 2)
    inbox.tidy(LATER)
    assert (inbox.heard("bridge", "ane-1"), inbox.heard("bridge", "ane-2")) == (None, "mark of 2")


def test_two_processes_that_grasp_at_once_get_no_message_twice(inbox: Inbox, open_: Callable[[], Inbox]) -> None:
    for number in range(40):
        put(inbox, number, sender=f"s{number % 20}")

    def work(mine: Inbox) -> list[Burst]:
        had = []
        while (burst := take(mine)) is not None:
            had.append(burst)
        return had

    with ThreadPoolExecutor(2) as pool:
        bursts = [burst for had in pool.map(work, [inbox, open_()]) for burst in had]
    assert sorted(each.text for burst in bursts for each in burst.messages) == sorted(map(str, range(40)))
    assert len(bursts) == 20


@dataclass
class World:
    """Messages that arrive twice and late, processes that die between any two steps, and what was answered.

    ``answered`` is what a conversation keeps: a turn's messages by its id, once.
    """

    inboxes: tuple[Inbox, Inbox]
    chance: random.Random
    senders: tuple[str, ...]
    now: datetime = NOON
    sent: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    held: list[Burst] = field(default_factory=list)
    answered: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=lambda: defaultdict(dict))

    def step(self) -> None:
        inbox = self.chance.choice(self.inboxes)
        match self.chance.randrange(8):
            case 0 | 1:
                self.write(inbox)
            case 2:
                self.now += timedelta(seconds=self.chance.choice([0.1, 0.7, 2, 61]))
            case 3 | 4:
                self.begin(inbox)
            case 5 | 6 if self.held:
                self.end(inbox, self.held.pop(self.chance.randrange(len(self.held))))
            case 7 if self.held:
                # The process dies: before the turn, or after it.
                burst = self.held.pop()
                if self.chance.random() < 0.5:
                    self.answer(burst)

    def write(self, inbox: Inbox) -> None:
        sender = self.chance.choice(self.senders)
        again = self.sent[sender] and self.chance.random() < 0.3
        number = self.chance.randrange(self.sent[sender]) if again else self.sent[sender]
        self.sent[sender] += not again
        tap = {"choice": TAP} if number % 5 == 4 else {}
        assert put(inbox, number, self.now, sender, **tap) is not bool(again)

    def begin(self, inbox: Inbox) -> None:
        burst = take(inbox, self.now)
        if burst is not None:
            self.held.append(burst)

    def end(self, inbox: Inbox, burst: Burst) -> None:
        if self.chance.random() < 0.3:
            inbox.failed(burst, self.now + timedelta(seconds=1))
            return
        self.answer(burst)
        inbox.done(burst)

    def answer(self, burst: Burst) -> None:
        texts = tuple(each.text for each in burst.messages)
        assert self.answered[burst.sender].setdefault(burst.turn, texts) == texts

    def finish(self) -> None:
        self.held.clear()
        for _ in range(200):
            self.now += timedelta(seconds=61)
            burst = take(self.inboxes[0], self.now)
            if burst is None:
                return
            self.end(self.inboxes[0], burst)
        pytest.fail("it never ends")


def test_through_any_interleaving_every_message_is_answered_once_and_in_order(open_: Callable[[], Inbox]) -> None:
    inboxes = (open_(), open_())
    for seed in range(300):
        # Each seed writes under names of its own, in an inbox that all share.
        world = World(inboxes, random.Random(seed), (f"ane{seed}", f"per{seed}"), NOON + timedelta(days=seed))
        for _ in range(25):
            world.step()
        world.finish()
        for sender, count in world.sent.items():
            told = [text for texts in world.answered[sender].values() for text in texts]
            assert told == [str(number) for number in range(count)], (seed, sender)
