"""The inbox in a SQLite file that all workers share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from bot.adapters.messengers.file import MessengerFile, moment
from bot.channels.messengers.inbox import Burst, Pace, Waiting
from bot.channels.messengers.ports import MessageIdReused


class SqliteInbox(MessengerFile):
    """See :class:`bot.channels.messengers.inbox.Inbox`."""

    def heard(self, channel: str, message: str) -> str | None:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        row = self._row("select mark from heard where channel = ? and message = ?", channel, message)
        return str(row[0]) if row else None

    def put(self, channel: str, sender: str, message: Waiting, mark: str, at: datetime) -> bool:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        now, identity = at.timestamp(), message.message_id
        with self._transaction():
            known = self.heard(channel, identity)
            if known is not None:
                if known != mark:
                    raise MessageIdReused
                return False
            self._connection.execute("insert into heard values (?, ?, ?, ?)", [channel, identity, mark, now])
            self._connection.execute(
                "insert into inbound (channel, message, sender, written, arrived, single, body)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                [
                    channel, identity, sender, (message.sent_at or at).timestamp(), now,
                    message.choice is not None or message.urgent, message.model_dump_json(),
                ],
            )  # fmt: skip
        return True

    def take(self, channels: Collection[str], at: datetime, pace: Pace) -> Burst | None:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        now, lease = at.timestamp(), (at + pace.lease).timestamp()
        with self._transaction():
            due = self._row(
                "select channel, sender from turn where max(next_at, claimed_until) <= ?"
                " and channel in (select value from json_each(?)) order by next_at limit 1",
                now, _listed(channels),
            ) or self._begun(channels, now, pace)  # fmt: skip
            if due is None:
                return None
            self._connection.execute(
                "update turn set claimed_until = ?, attempts = attempts + 1 where channel = ? and sender = ?",
                [lease, *due],
            )
            turn, attempts = self._row("select id, attempts from turn where channel = ? and sender = ?", *due)
            rows = self._rows(
                "select body from inbound where channel = ? and sender = ? and taken order by written, rowid", *due
            )
        channel, sender = due
        return Burst(turn, channel, sender, tuple(Waiting.model_validate_json(body) for (body,) in rows), attempts)

    def next_due(self, channels: Collection[str], pace: Pace) -> datetime | None:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        (seconds,) = self._one(
            "select min(due) from (select max(next_at, claimed_until) as due, channel from turn union all"
            " select iif(single, 0, min(last + :gap, first + :longest)), channel from unbegun)"
            " where channel in (select value from json_each(:channels))",
            channels, 0, pace,
        )  # fmt: skip
        return None if seconds is None else moment(seconds)

    def done(self, burst: Burst) -> None:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        # Another process may have done it, after a lease that ended, and the sender's next turn may have begun.
        sender = [burst.channel, burst.sender]
        with self._transaction():
            if self._row("select 1 from turn where channel = ? and sender = ? and id = ?", *sender, burst.turn):
                self._connection.execute("delete from turn where channel = ? and sender = ?", sender)
                self._connection.execute("delete from inbound where channel = ? and sender = ? and taken", sender)

    def failed(self, burst: Burst, next_at: datetime) -> None:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        self._set(
            "update turn set next_at = ?, claimed_until = 0 where channel = ? and sender = ? and id = ?"
            " and attempts = ?",
            next_at.timestamp(), burst.channel, burst.sender, burst.turn, burst.attempts,
        )  # fmt: skip

    def tidy(self, before: datetime) -> None:
        """See :class:`bot.channels.messengers.inbox.Inbox`."""
        self._set(
            "delete from heard where at < ? and not exists (select 1 from inbound"
            " where inbound.channel = heard.channel and inbound.message = heard.message)",
            before.timestamp(),
        )

    def _begun(self, channels: Collection[str], now: float, pace: Pace) -> tuple[str, str] | None:
        """Make a turn of the messages of a sender who has waited long enough, if there is one."""
        due = self._one(
            "select channel, sender from unbegun where channel in (select value from json_each(:channels))"
            " and (single or last + :gap <= :now or first + :longest <= :now) order by first limit 1",
            channels, now, pace,
        )  # fmt: skip
        if due is None:
            return None
        rows = self._rows(
            "select message, body from inbound where channel = ? and sender = ? order by written, rowid", *due
        )
        members = _together([(message, Waiting.model_validate_json(body)) for message, body in rows], pace.photos)
        self._connection.execute(
            "insert into turn (channel, sender, id, last, next_at) values (?, ?, ?, ?, ?)",
            [*due, _turn(due[0], members), members[-1], now],
        )
        self._connection.executemany(
            "update inbound set taken = 1 where channel = ? and message = ?", [[due[0], each] for each in members]
        )
        return str(due[0]), str(due[1])

    def _one(self, query: str, channels: Collection[str], now: float, pace: Pace) -> Any:
        values = {
            "channels": _listed(channels), "now": now,
            "gap": pace.gap.total_seconds(), "longest": pace.longest.total_seconds(),
        }  # fmt: skip
        with self._guard:
            return self._connection.execute(query, values).fetchone()


def _together(messages: Iterable[tuple[str, Waiting]], most_photos: int) -> list[str]:
    """The ids of those that make one turn: up to the first tap, which is a turn by itself, and so many photos."""
    members: list[str] = []
    photos = 0
    for identity, message in messages:
        photos += len(message.photos) + len(message.refused)
        if members and (message.choice is not None or photos > most_photos):
            break
        members.append(identity)
        if message.choice is not None:
            break
    return members


def _turn(channel: str, members: list[str]) -> str:
    """A message alone lends its own id to its turn; several lend theirs to a digest."""
    if len(members) == 1:
        return members[0]
    return f"b-{hashlib.sha256(json.dumps([channel, *members]).encode()).hexdigest()[:32]}"


def _listed(channels: Collection[str]) -> str:
    return json.dumps(sorted(channels))
