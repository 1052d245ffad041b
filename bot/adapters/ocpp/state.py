"""What chargers are and what they last reported."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.rules import OcppRules
from bot.errors import NotFound
from bot.tools.values import Charger, Connector, ConnectorStatus

NO_ERROR = "NoError"


class OcppState:
    """The gateway writes, the bot reads. Times are this machine's."""

    def __init__(self, database: OcppDatabase, rules: OcppRules) -> None:
        self._database, self._rules = database, rules

    def add(self, charger: str, password_hash: str) -> None:
        """Let a charger connect with that password; one that is known gets the new password."""
        with self._database.transaction():
            self._database.change(
                "insert into charger (id, password) values (?, ?)"
                " on conflict (id) do update set password = excluded.password",
                [charger, password_hash],
            )

    def password(self, charger: str) -> str | None:
        """The hash of the charger's password; None: there is no such charger."""
        rows = self._database.rows("select password from charger where id = ?", [charger])
        return str(rows[0][0]) if rows else None

    def all(self) -> list[Charger]:
        """Every charger, by id."""
        return [self.charger(name) for (name,) in self._database.rows("select id from charger order by id")]

    def charger(self, charger: str) -> Charger:
        """The charger as it can be relied on: of one that fell silent nothing is said to be so now.

        Raises:
            NotFound: when it was never added.
        """
        rows = self._database.rows("select connected, model, booted_at, heard_at from charger where id = ?", [charger])
        if not rows:
            raise NotFound(f"There is no charger {charger}.")
        open_socket, model, booted_at, heard_at = rows[0]
        heard = _moment(heard_at)
        silent_after = timedelta(seconds=2 * self._rules.heartbeat_s)
        connected = bool(open_socket) and heard is not None and self._database.now() - heard < silent_after
        return Charger(
            id=charger,
            vendor=None,
            model=model,
            connected=connected,
            connector=self._most_telling(charger) if connected else None,
            charging_by=self._charging_by(charger) if connected else None,
            booted_at=_moment(booted_at),
            heard_at=heard,
        )

    def in_use(self, charger: str) -> bool:
        """Whether a transaction runs there, or one of its connectors says so."""
        rows = self._database.rows("select 1 from charging where charger = ? and not ended limit 1", [charger])
        return bool(rows) or any(each.status in self._rules.in_use for each in self._reports(charger))

    def begin(self) -> None:
        """A gateway starts: nobody is connected to it yet."""
        with self._database.transaction():
            self._database.change("update charger set connected = 0")

    def beat(self) -> None:
        """The gateway is alive."""
        with self._database.transaction():
            self._database.change(
                "insert into gateway (id, seen_at) values (1, ?)"
                " on conflict (id) do update set seen_at = excluded.seen_at",
                [self._now()],
            )

    def alive(self) -> bool:
        """Whether a gateway runs."""
        rows = self._database.rows("select seen_at from gateway")
        gone = timedelta(seconds=self._rules.gone_s)
        return bool(rows) and self._database.now() - datetime.fromisoformat(rows[0][0]) < gone

    def connected(self, charger: str, connected: bool) -> None:
        """Its WebSocket is open, or not any more."""
        with self._database.transaction():
            self._database.change("update charger set connected = ? where id = ?", [int(connected), charger])

    def heard(self, charger: str) -> None:
        """It sent something, which counts as a heartbeat (OCPP 1.6, 4.6)."""
        with self._database.transaction():
            self._database.change("update charger set heard_at = ? where id = ?", [self._now(), charger])

    def booted(self, charger: str, vendor: str, model: str) -> None:
        """It started anew and will report each connector again (OCPP 1.6, 4.2 and 4.9); the old reports are void."""
        with self._database.transaction():
            self._database.change(
                "update charger set vendor = ?, model = ?, booted_at = ? where id = ?",
                [vendor, model, self._now(), charger],
            )
            self._database.change("delete from connector where charger = ?", [charger])

    def connectors(self, charger: str, evse: int) -> dict[int, ConnectorStatus]:
        """What the connectors of that EVSE last reported, by number."""
        rows = self._database.rows(
            "select connector, status from connector where charger = ? and evse = ? order by connector", [charger, evse]
        )
        return {number: ConnectorStatus(status) for number, status in rows}

    def report(self, charger: str, evse: int, connector: int, status: ConnectorStatus, error: str = NO_ERROR) -> None:
        """That connector's status; a free EVSE ends whatever transaction was not reported to have ended there.

        OCPP 1.6 knows only connectors: each is an EVSE with connector 1, and EVSE 0 stands for the whole charger.
        """
        with self._database.transaction():
            self._database.change(
                "insert into connector (charger, evse, connector, status, error, since) values (?, ?, ?, ?, ?, ?)"
                " on conflict (charger, evse, connector)"
                " do update set status = excluded.status, error = excluded.error, since = excluded.since"
                " where status <> excluded.status or error <> excluded.error",
                [charger, evse, connector, status, error, self._now()],
            )
            if status is ConnectorStatus.AVAILABLE and evse:
                self._database.change(
                    "update charging set ended = 1 where charger = ? and evse = ? and not exists"
                    " (select 1 from connector where charger = ? and evse = ? and status <> ?)",
                    [charger, evse, charger, evse, status],
                )

    def started(self, charger: str, reference: str, evse: int, user: str | None) -> int:
        """A transaction began; its number. The same reference again is the same transaction, sent twice."""
        with self._database.transaction():
            begun = self._database.change(
                "insert into charging (charger, reference, evse, user, seq) values (?, ?, ?, ?, -1)"
                " on conflict (charger, reference) do nothing",
                [charger, reference, evse, user],
            )
            if begun:
                self._database.change(
                    "update charging set ended = 1 where charger = ? and evse = ? and reference <> ?",
                    [charger, evse, reference],
                )
            return int(
                self._database.rows(
                    "select id from charging where charger = ? and reference = ?", [charger, reference]
                )[0][0]
            )

    def ended(self, charger: str, number: int) -> bool:
        """The transaction of that number is over; False: the charger has none of that number."""
        with self._database.transaction():
            values = [charger, number]
            return self._database.change("update charging set ended = 1 where charger = ? and id = ?", values) > 0

    def progressed(self, charger: str, number: int, seq: int, evse: int, user: str | None, ended: bool) -> int | None:
        """One more event of a transaction (OCPP 2.0.1, E); its EVSE, 0 if not told yet. None: it was known before."""
        with self._database.transaction():
            fresh = self._database.change(
                "update charging set seq = ?, evse = coalesce(nullif(?, 0), evse), user = coalesce(?, user),"
                " ended = max(ended, ?) where charger = ? and id = ? and seq < ?",
                [seq, evse, user, int(ended), charger, number, seq],
            )
            rows = self._database.rows("select evse from charging where id = ?", [number])
            return int(rows[0][0]) if fresh else None

    def _reports(self, charger: str) -> list[Connector]:
        rows = self._database.rows("select status, error, since from connector where charger = ?", [charger])
        return [Connector(status=status, error=error, since=_moment(since)) for status, error, since in rows]

    def _most_telling(self, charger: str) -> Connector | None:
        def rank(connector: Connector) -> tuple[bool, int]:
            return connector.error not in self._rules.dangers, self._rules.telling.index(connector.status)

        return min(self._reports(charger), key=rank, default=None)

    def _charging_by(self, charger: str) -> str | None:
        rows = self._database.rows(
            "select user from charging where charger = ? and not ended and user is not null order by id desc limit 1",
            [charger],
        )
        return str(rows[0][0]) if rows else None

    def _now(self) -> str:
        return self._database.now().isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
