"""The ledger in a SQLite file that all workers share."""

from __future__ import annotations

import json
import threading
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.adapters.ledger.migrations import MIGRATIONS
from bot.adapters.sqlite import immediate, open_database
from bot.tools.ledger import AuditFilter, AuditLine, Begun, CoolingDown, Entry, Ran
from bot.tools.values import Outcome, Refused

_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)

_AUDIT = (
    "select audit.at, audit.key, action, target, arguments, conversation, who, why, step, detail, audit.id"
    " from audit join action using (key)"
)


class SqliteLedger:
    """A unique key decides which caller runs an action; an immediate transaction decides about the cooldown.

    Claims are written through to the disk before the action runs: after a power cut nothing may run again.
    """

    def __init__(self, path: Path) -> None:
        self._guard = threading.RLock()
        self._database = open_database(path, MIGRATIONS, "PLUGDESK_LEDGER")
        self._connection = self._database.conn
        self._connection.execute("PRAGMA synchronous=FULL")

    def begin(self, entry: Entry, at: datetime, cooldown: timedelta) -> Begun | Ran | CoolingDown:
        """See :class:`bot.tools.ledger.Ledger`."""
        with self._transaction():
            known = self._row("select outcome from action where key = ?", [entry.key])
            if known is not None:
                return Ran(_outcome(known[0]))
            busy = self._row(
                "select max(begun_at) from action where action = ? and target = ? and holds_cooldown = 1"
                " and begun_at > ?",
                [entry.action, entry.target, (at - cooldown).isoformat()],
            )
            if busy is not None and busy[0] is not None and cooldown:
                return CoolingDown(datetime.fromisoformat(busy[0]) + cooldown)
            self._connection.execute(
                "insert into action (key, action, target, arguments, conversation, who, why, draft, begun_at,"
                " holds_cooldown) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
                [
                    entry.key, entry.action, entry.target, json.dumps(dict(entry.arguments)), entry.conversation,
                    entry.who, entry.why, entry.draft, at.isoformat(),
                ],
            )  # fmt: skip
            self._note(entry.key, at, "begun", "")
            return Begun()

    def finish(self, key: str, outcome: Outcome, at: datetime) -> None:
        """See :class:`bot.tools.ledger.Ledger`."""
        with self._transaction():
            changed = self._connection.execute(
                "update action set outcome = ?, holds_cooldown = ? where key = ? and outcome is null",
                [outcome.model_dump_json(), int(not isinstance(outcome, Refused)), key],
            )
            if changed.rowcount:
                self._note(key, at, outcome.kind, outcome.model_dump_json(exclude={"kind"}))

    def outcome(self, key: str) -> Outcome | None:
        """See :class:`bot.tools.ledger.Ledger`."""
        with self._guard:
            row = self._row("select outcome from action where key = ?", [key])
        return _outcome(row[0]) if row else None

    def unfinished(self, before: datetime) -> list[Entry]:
        """See :class:`bot.tools.ledger.Ledger`."""
        with self._guard:
            rows = self._connection.execute(
                "select key, action, target, arguments, conversation, who, why, draft from action"
                " where outcome is null and begun_at < ? order by begun_at",
                [before.isoformat()],
            ).fetchall()
        return [Entry(row[0], row[1], row[2], json.loads(row[3]), row[4], row[5], row[6], row[7]) for row in rows]

    def audit(self, which: AuditFilter | None = None, limit: int = 100) -> list[AuditLine]:
        """See :class:`bot.tools.ledger.Ledger`."""
        wanted = which or AuditFilter()
        conditions = {
            "target = ?": wanted.target,
            "action = ?": wanted.action,
            "who = ?": wanted.who,
            "conversation = ?": wanted.conversation,
            "step = ?": wanted.step,
            "audit.id < ?": wanted.before,
        }
        asked = {condition: value for condition, value in conditions.items() if value is not None}
        where = " and ".join(["1", *asked])
        query = f"{_AUDIT} where {where} order by audit.id desc limit ?"
        with self._guard:
            rows = self._connection.execute(query, [*asked.values(), limit]).fetchall()
        return [
            AuditLine(datetime.fromisoformat(at), key, action, target, json.loads(arguments), *others)
            for at, key, action, target, arguments, *others in rows
        ]

    def close(self) -> None:
        """See :class:`bot.tools.ledger.Ledger`."""
        with self._guard:
            self._connection.close()

    def _note(self, key: str, at: datetime, step: str, detail: str) -> None:
        self._connection.execute(
            "insert into audit (key, at, step, detail) values (?, ?, ?, ?)", [key, at.isoformat(), step, detail]
        )

    def _row(self, query: str, values: list[Any]) -> Any:
        return self._connection.execute(query, values).fetchone()

    def _transaction(self) -> AbstractContextManager[None]:
        """An immediate transaction: nobody else reads what this one is about to decide on."""
        return immediate(self._connection, self._guard)


def _outcome(text: str | None) -> Outcome | None:
    return _OUTCOME.validate_json(text) if text else None
