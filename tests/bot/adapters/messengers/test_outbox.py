"""The outbox in a file: each reply once, in order, for one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.adapters.messengers.commands import hooks as commands
from bot.adapters.messengers.outbox import SqliteOutbox
from bot.channels.messengers.outbox import Peer
from bot.errors import UnknownDelivery

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)
ANE, PER = Peer("bridge", "ane", "c-ane"), Peer("bridge", "per", "c-per")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[SqliteOutbox]:
    opened = SqliteOutbox(path)
    for peer in (ANE, PER):
        opened.link(peer, NOON)
    yield opened
    opened.close()


def claimed(
    outbox: SqliteOutbox, at: datetime = NOON, channel: str = "bridge", most: int = 10
) -> list[tuple[str, int]]:
    return [(each.recipient, each.number) for each in outbox.claim(channel, at, LEASE, most)]


def only(outbox: SqliteOutbox) -> str:
    (delivery,) = outbox.deliveries()
    return delivery.id


def test_a_sender_keeps_the_first_conversation(outbox: SqliteOutbox) -> None:
    assert outbox.link(Peer("bridge", "ane", "another"), NOON) == ANE
    assert outbox.peer("bridge", "ane") == ANE


def test_a_conversation_that_is_gone_can_be_replaced(outbox: SqliteOutbox) -> None:
    new = Peer("bridge", "ane", "another")
    assert outbox.link(new, NOON, instead_of="c-ane") == new
    assert outbox.link(Peer("bridge", "ane", "third"), NOON, instead_of="c-ane") == new


def test_the_same_sender_of_another_channel_is_another_driver(outbox: SqliteOutbox) -> None:
    assert outbox.peer("other", "ane") is None


def test_a_reply_is_queued_once(outbox: SqliteOutbox) -> None:
    for _ in range(2):
        outbox.put(ANE, {4: "m-4"}, 5, NOON)
    assert claimed(outbox) == [("ane", 4)]


def test_the_cursor_never_goes_back(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {}, 9, NOON)
    outbox.put(ANE, {}, 5, NOON)
    assert outbox.peer("bridge", "ane") == Peer("bridge", "ane", "c-ane", 9)


def test_a_conversations_replies_go_out_in_order_and_others_do_not_wait_for_them(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4", 8: "m-8"}, 8, NOON)
    outbox.put(PER, {6: "m-6"}, 6, NOON)
    assert sorted(claimed(outbox)) == [("ane", 4), ("per", 6)]
    first = next(each for each in outbox.deliveries() if each.number == 4)
    outbox.delivered(first.id, NOON)
    assert claimed(outbox) == [("ane", 8)]


def test_what_one_process_has_begun_no_other_begins_until_the_lease_ends(outbox: SqliteOutbox, path: Path) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    beside = SqliteOutbox(path)
    assert [claimed(outbox), claimed(beside), claimed(beside, NOON + LEASE)] == [[("ane", 4)], [], [("ane", 4)]]
    beside.close()


def test_an_attempt_that_failed_is_due_again_later(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    claimed(outbox)
    outbox.failed(only(outbox), "HTTP 503", NOON + timedelta(seconds=5))
    assert claimed(outbox, NOON + timedelta(seconds=4)) == []
    assert claimed(outbox, NOON + timedelta(seconds=5)) == [("ane", 4)]
    (delivery,) = outbox.deliveries()
    assert (delivery.attempts, delivery.error) == (2, "HTTP 503")


def test_a_dead_one_lets_the_next_pass(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4", 8: "m-8"}, 8, NOON)
    (dead,) = outbox.claim("bridge", NOON, LEASE, 10)
    outbox.failed(dead.id, "HTTP 410", None)
    assert claimed(outbox) == [("ane", 8)]
    assert [each.number for each in outbox.deliveries(state="dead")] == [4]


def test_a_dead_one_can_go_out_again(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    claimed(outbox)
    outbox.failed(only(outbox), "HTTP 410", None)
    outbox.redeliver(only(outbox), NOON)
    assert claimed(outbox) == [("ane", 4)]


def test_one_that_waits_is_not_disturbed_by_redelivering(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    claimed(outbox)
    outbox.redeliver(only(outbox), NOON)
    assert claimed(outbox) == []


def test_what_there_is_not_cannot_be_redelivered(outbox: SqliteOutbox) -> None:
    with pytest.raises(UnknownDelivery, match="plugdesk hooks list"):
        outbox.redeliver("none", NOON)


def test_so_many_are_claimed_and_no_more(outbox: SqliteOutbox) -> None:
    for peer in (ANE, PER):
        outbox.put(peer, {4: "m-4"}, 4, NOON)
    assert len(claimed(outbox, most=1)) == 1


def test_another_channels_deliveries_are_not_claimed(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    assert claimed(outbox, channel="other") == []


def test_only_senders_of_late_are_looked_at(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON + timedelta(days=2))
    assert [each.sender for each in outbox.peers(NOON + timedelta(days=1))] == ["ane"]


def test_what_is_old_and_done_is_forgotten_and_the_rest_is_kept(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4", 8: "m-8"}, 8, NOON)
    (first,) = outbox.claim("bridge", NOON, LEASE, 10)
    outbox.delivered(first.id, NOON)
    outbox.tidy(NOON + timedelta(seconds=1))
    assert [each.number for each in outbox.deliveries()] == [8]


def test_the_senders_of_some_conversations_are_found(outbox: SqliteOutbox) -> None:
    assert outbox.peers_of(["c-per", "c-of-the-widget"]) == [PER]


def test_all_of_it_survives_the_process(outbox: SqliteOutbox, path: Path) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    outbox.close()
    again = SqliteOutbox(path)
    assert claimed(again) == [("ane", 4)]
    again.close()


def test_the_command_lists_what_is_dead_and_why(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    outbox.put(PER, {4: "m-4"}, 4, NOON)
    dead = only_of(outbox, "ane")
    outbox.failed(dead, "HTTP 410\x1b[2J", None)
    listed = CliRunner().invoke(commands, ["list", "--state", "dead"], obj=outbox).output
    assert dead in listed
    assert "HTTP 410" in listed
    assert "\x1b" not in listed
    assert only_of(outbox, "per") not in listed


def test_the_command_redelivers_all_that_is_dead(outbox: SqliteOutbox) -> None:
    outbox.put(ANE, {4: "m-4"}, 4, NOON)
    outbox.failed(only(outbox), "HTTP 410", None)
    assert CliRunner().invoke(commands, ["redeliver", "--dead", "bridge"], obj=outbox).exit_code == 0
    assert [each.state for each in outbox.deliveries()] == ["waiting"]


@pytest.mark.parametrize("arguments", [[], ["none"], ["x", "--dead", "bridge"]])
def test_the_command_says_what_cannot_be_redelivered(outbox: SqliteOutbox, arguments: list[str]) -> None:
    assert CliRunner().invoke(commands, ["redeliver", *arguments], obj=outbox).exit_code != 0


def only_of(outbox: SqliteOutbox, recipient: str) -> str:
    return next(each.id for each in outbox.deliveries() if each.recipient == recipient)
