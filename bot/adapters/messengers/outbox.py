"""The outbox in a SQLite file that all workers and the command share."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.adapters.messengers.file import MessengerFile, moment
from bot.channels.messengers.outbox import Delivery, DeliveryState, Peer
from bot.errors import UnknownDelivery


class SqliteOutbox(MessengerFile):
    """See :class:`bot.channels.messengers.outbox.Outbox`."""

    def peer(self, channel: str, sender: str) -> Peer | None:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        row = self._row(
            "select channel, sender, conversation, cursor from peer where channel = ? and sender = ?", channel, sender
        )
        return Peer(*row) if row else None

    def link(self, peer: Peer, at: datetime, instead_of: str | None = None) -> Peer:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        with self._transaction():
            known = self.peer(peer.channel, peer.sender)
            if known is not None and known.conversation != instead_of:
                return known
            self._connection.execute(
                "insert or replace into peer (channel, sender, conversation, cursor, at) values (?, ?, ?, ?, ?)",
                [peer.channel, peer.sender, peer.conversation, peer.cursor, at.timestamp()],
            )
            return peer

    def peers_of(self, conversations: Collection[str]) -> list[Peer]:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        rows = self._rows(
            "select channel, sender, conversation, cursor from peer"
            " where conversation in (select value from json_each(?))",
            json.dumps([*conversations]),
        )
        return [Peer(*row) for row in rows]

    def peers(self, since: datetime) -> list[Peer]:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        query = "select channel, sender, conversation, cursor from peer where at >= ?"
        return [Peer(*row) for row in self._rows(query, since.timestamp())]

    def put(self, peer: Peer, replies: Mapping[int, str | None], cursor: int, at: datetime) -> None:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        now = at.timestamp()
        rows = [
            {
                "id": secrets.token_hex(12), "channel": peer.channel, "sender": peer.sender,
                "conversation": peer.conversation, "number": number, "now": now, "turn": turn,
            }
            for number, turn in replies.items()
        ]  # fmt: skip
        with self._transaction():
            self._connection.executemany(
                "insert or ignore into delivery (id, channel, recipient, conversation, number, state, next_at,"
                " created_at, in_reply_to) values (:id, :channel, :sender, :conversation, :number, 'waiting', :now,"
                " :now, coalesce((select last from turn where channel = :channel and sender = :sender and id = :turn),"
                " :turn))",
                rows,
            )
            self._connection.execute(
                "update peer set cursor = max(cursor, ?), at = ? where conversation = ?",
                [cursor, now, peer.conversation],
            )

    def claim(self, channel: str, at: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
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
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        self._set(
            "update delivery set state = 'delivered', done_at = ?, error = null, claimed_until = 0 where id = ?",
            at.timestamp(), delivery,
        )  # fmt: skip

    def failed(self, delivery: str, error: str, next_at: datetime | None) -> None:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
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
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        rows = self._rows(
            "select id from delivery where (?1 is null or channel = ?1) and (?2 is null or state = ?2)"
            " order by created_at desc, rowid desc limit ?3",
            channel, state, limit,
        )  # fmt: skip
        return [self._delivery(row[0]) for row in rows]

    def redeliver(self, delivery: str, at: datetime) -> Delivery:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        self._set(
            "update delivery set state = 'waiting', attempts = 0, next_at = ?, done_at = null"
            " where id = ? and state != 'waiting'",
            at.timestamp(), delivery,
        )  # fmt: skip
        return self._delivery(delivery)

    def tidy(self, before: datetime) -> None:
        """See :class:`bot.channels.messengers.outbox.Outbox`."""
        self._set("delete from delivery where state = 'delivered' and done_at < ?", before.timestamp())

    def _delivery(self, identity: str) -> Delivery:
        row = self._row(
            "select id, channel, recipient, conversation, number, in_reply_to, state, attempts, next_at, error,"
            " created_at from delivery where id = ?",
            identity,
        )
        if row is None:
            raise UnknownDelivery(f"There is no delivery {identity!r}. See the ids with: plugdesk hooks list")
        *known, next_at, error, created_at = row
        values = [*known, moment(next_at), error, moment(created_at)]
        return Delivery(*values)
