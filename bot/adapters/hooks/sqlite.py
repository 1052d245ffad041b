"""The outbox in a SQLite file that all workers and the command share."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.hooks.migrations import MIGRATIONS
from bot.adapters.sqlite import open_database
from bot.channels.hooks.ports import Delivery, DeliveryState, Peer
from bot.errors import UnknownDelivery


class SqliteOutbox:
    """Immediate transactions decide between two processes; what is queued is on the disk before anybody is told."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.RLock()
        self._database = open_database(path, MIGRATIONS, "PLUGDESK_OUTBOX")
        self._connection = self._database.conn
        self._connection.execute("PRAGMA synchronous=FULL")

    def peer(self, channel: str, sender: str) -> Peer | None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        row = self._row(
            "select channel, sender, conversation, cursor from peer where channel = ? and sender = ?", channel, sender
        )
        return Peer(*row) if row else None

    def link(self, peer: Peer, at: datetime, instead_of: str | None = None) -> Peer:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        with self._transaction():
            known = self.peer(peer.channel, peer.sender)
            if known is not None and known.conversation != instead_of:
                return known
            self._connection.execute(
                "insert or replace into peer (channel, sender, conversation, cursor, at) values (?, ?, ?, ?, ?)",
                [peer.channel, peer.sender, peer.conversation, peer.cursor, at.timestamp()],
            )
            return peer

    def peers(self, since: datetime) -> list[Peer]:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        query = "select channel, sender, conversation, cursor from peer where at >= ?"
        return [Peer(*row) for row in self._rows(query, since.timestamp())]

    def heard(self, channel: str, message: str) -> str | None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        row = self._row("select mark from heard where channel = ? and message = ?", channel, message)
        return str(row[0]) if row else None

    def hear(self, channel: str, message: str, mark: str, at: datetime) -> None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        with self._transaction():
            self._connection.execute(
                "insert or ignore into heard (channel, message, mark, at) values (?, ?, ?, ?)",
                [channel, message, mark, at.timestamp()],
            )

    def put(self, peer: Peer, numbers: Sequence[int], cursor: int, at: datetime) -> None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        now = at.timestamp()
        rows = [
            [secrets.token_hex(12), peer.channel, peer.sender, peer.conversation, number, now, now]
            for number in numbers
        ]
        with self._transaction():
            self._connection.executemany(
                "insert or ignore into delivery (id, channel, recipient, conversation, number, state, next_at,"
                " created_at) values (?, ?, ?, ?, ?, 'waiting', ?, ?)",
                rows,
            )
            self._connection.execute(
                "update peer set cursor = max(cursor, ?), at = ? where conversation = ?",
                [cursor, now, peer.conversation],
            )

    def claim(self, channel: str, at: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        now = at.timestamp()
        with self._transaction():
            rows = self._rows(
                "select * from delivery as due where channel = ? and state = 'waiting' and next_at <= ?"
                " and claimed_until <= ? and not exists (select 1 from delivery as earlier where"
                " earlier.conversation = due.conversation and earlier.state = 'waiting'"
                " and earlier.number < due.number) order by next_at limit ?",
                channel, now, now, most,
            )  # fmt: skip
            self._connection.executemany(
                "update delivery set claimed_until = ?, attempts = attempts + 1 where id = ?",
                [[(at + lease).timestamp(), row[0]] for row in rows],
            )
            return [self._delivery(row[0]) for row in rows]

    def delivered(self, delivery: str, at: datetime) -> None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        self._set(
            "update delivery set state = 'delivered', done_at = ?, error = null, claimed_until = 0 where id = ?",
            at.timestamp(), delivery,
        )  # fmt: skip

    def failed(self, delivery: str, error: str, next_at: datetime | None) -> None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        if next_at is None:
            self._set("update delivery set state = 'dead', error = ?, claimed_until = 0 where id = ?", error, delivery)
            return
        self._set(
            "update delivery set error = ?, next_at = ?, claimed_until = 0 where id = ?",
            error, next_at.timestamp(), delivery,
        )  # fmt: skip

    def deliveries(
        self, channel: str | None = None, state: DeliveryState | None = None, limit: int = 100
    ) -> list[Delivery]:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        rows = self._rows(
            "select id from delivery where (?1 is null or channel = ?1) and (?2 is null or state = ?2)"
            " order by created_at desc, rowid desc limit ?3",
            channel, state, limit,
        )  # fmt: skip
        return [self._delivery(row[0]) for row in rows]

    def redeliver(self, delivery: str, at: datetime) -> Delivery:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        self._set(
            "update delivery set state = 'waiting', attempts = 0, next_at = ?, done_at = null"
            " where id = ? and state != 'waiting'",
            at.timestamp(), delivery,
        )  # fmt: skip
        return self._delivery(delivery)

    def tidy(self, before: datetime) -> None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        with self._transaction():
            self._connection.execute("delete from heard where at < ?", [before.timestamp()])
            self._connection.execute(
                "delete from delivery where state = 'delivered' and done_at < ?", [before.timestamp()]
            )

    def close(self) -> None:
        """See :class:`bot.channels.hooks.ports.Outbox`."""
        with self._guard:
            self._connection.close()

    def _delivery(self, identity: str) -> Delivery:
        row = self._row(
            "select id, channel, recipient, conversation, number, state, attempts, next_at, error, created_at"
            " from delivery where id = ?",
            identity,
        )
        if row is None:
            raise UnknownDelivery(f"There is no delivery {identity!r}. See the ids with: plugdesk hooks list")
        *known, next_at, error, created_at = row
        values = [*known, _moment(next_at), error, _moment(created_at)]
        return Delivery(*values)

    def _set(self, statement: str, *values: object) -> None:
        with self._transaction():
            self._connection.execute(statement, values)

    def _row(self, query: str, *values: object) -> Any:
        with self._guard:
            return self._connection.execute(query, values).fetchone()

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._guard:
            return list(self._connection.execute(query, values).fetchall())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guard:
            self._connection.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
