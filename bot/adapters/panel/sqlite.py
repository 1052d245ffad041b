"""The panel's accounts, sessions and audit log in a SQLite file that all workers and the command share."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.adapters.panel.migrations import MIGRATIONS
from bot.adapters.sqlite import immediate, open_database
from bot.errors import AgentExists, LastAdmin, UnknownAgent
from bot.panel.values import Agent, AuditEntry, Session, known_email

SECRET_BYTES = 32


class PanelFile:
    """The file, with a lock around its one connection."""

    def __init__(self, path: Path) -> None:
        self.guard = threading.RLock()
        self.database = open_database(path, MIGRATIONS, "PLUGDESK_PANEL")

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, so that what is looked at first still holds when it is written."""
        with immediate(self.database.conn, self.guard):
            yield self.database.conn

    def rows(self, query: str, given: Sequence[object] = ()) -> list[dict[str, Any]]:
        """What a query finds."""
        with self.guard:
            return list(self.database.query(query, list(given)))

    def close(self) -> None:
        """Give back the file."""
        with self.guard:
            self.database.conn.close()


class SqliteAgents:
    """See :class:`bot.panel.ports.Agents`."""

    def __init__(self, file: PanelFile) -> None:
        self._file = file

    def add(self, agent: Agent, password: str | None = None) -> None:
        """See :class:`bot.panel.ports.Agents`."""
        row = {**_row(agent), "password": password}
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        with self._unique(agent), self._file.change() as connection:
            connection.execute(f"insert into agent ({names}) values ({marks})", list(row.values()))  # noqa: S608

    def of(self, agent: str) -> Agent:
        """See :class:`bot.panel.ports.Agents`."""
        found = self._one("id", agent)
        if found is None:
            raise UnknownAgent(f"There is no account {agent!r}. See them with: plugdesk agents list")
        return found

    def by_email(self, email: str) -> Agent | None:
        """See :class:`bot.panel.ports.Agents`."""
        return self._one("email", known_email(email))

    def by_subject(self, subject: str) -> Agent | None:
        """See :class:`bot.panel.ports.Agents`."""
        return self._one("subject", subject)

    def all(self) -> list[Agent]:
        """See :class:`bot.panel.ports.Agents`."""
        return sorted(map(_agent, self._file.rows("select * from agent")), key=lambda agent: agent.name.casefold())

    def save(self, agent: Agent) -> None:
        """See :class:`bot.panel.ports.Agents`."""
        row = _row(agent)
        sets = ", ".join(f"{name} = ?" for name in row)
        with self._unique(agent), self._keeping_an_admin() as connection:
            done = connection.execute(f"update agent set {sets} where id = ?", [*row.values(), agent.id])  # noqa: S608
            _one_of(done, agent.id)

    def remove(self, agent: str) -> None:
        """See :class:`bot.panel.ports.Agents`."""
        with self._keeping_an_admin() as connection:
            connection.execute("delete from session where agent = ?", [agent])
            _one_of(connection.execute("delete from agent where id = ?", [agent]), agent)

    def password_of(self, agent: str) -> str | None:
        """See :class:`bot.panel.ports.Agents`."""
        found: list[dict[str, Any]] = self._file.rows("select password from agent where id = ?", [agent])
        return found[0]["password"] if found else None

    def set_password(self, agent: str, password: str) -> None:
        """See :class:`bot.panel.ports.Agents`."""
        with self._file.change() as connection:
            _one_of(connection.execute("update agent set password = ? where id = ?", [password, agent]), agent)

    def _one(self, column: str, value: str) -> Agent | None:
        rows = self._file.rows(f"select * from agent where {column} = ?", [value])  # noqa: S608
        return _agent(rows[0]) if rows else None

    @contextmanager
    def _unique(self, agent: Agent) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise AgentExists(f"There is an account for {agent.email} already. Use another address.") from None

    @contextmanager
    def _keeping_an_admin(self) -> Iterator[sqlite3.Connection]:
        with self._file.change() as connection:
            before = _admins(connection)
            yield connection
            if before and not _admins(connection):
                raise LastAdmin("This is the last administrator. Make another account an administrator first.")


class SqliteSessions:
    """See :class:`bot.panel.ports.Sessions`. Digests alone are kept: who reads the file can open nothing."""

    def __init__(self, file: PanelFile) -> None:
        self._file = file

    def begin(self, agent: str, at: datetime) -> str:
        """See :class:`bot.panel.ports.Sessions`."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        row = [_digest(secret), agent, at.isoformat(), at.isoformat()]
        with self._file.change() as connection:
            connection.execute("insert into session (id, agent, started_at, seen_at) values (?, ?, ?, ?)", row)
        return secret

    def of(self, secret: str) -> Session | None:
        """See :class:`bot.panel.ports.Sessions`."""
        # Looked up by digest: how long that takes tells nothing of the secret itself.
        rows = self._file.rows("select * from session where id = ?", [_digest(secret)])
        return Session.model_validate(rows[0]) if rows else None

    def seen(self, session: str, at: datetime) -> None:
        """See :class:`bot.panel.ports.Sessions`."""
        with self._file.change() as connection:
            connection.execute("update session set seen_at = ? where id = ?", [at.isoformat(), session])

    def end(self, session: str) -> None:
        """See :class:`bot.panel.ports.Sessions`."""
        with self._file.change() as connection:
            connection.execute("delete from session where id = ?", [session])

    def end_all(self, agent: str) -> int:
        """See :class:`bot.panel.ports.Sessions`."""
        with self._file.change() as connection:
            return connection.execute("delete from session where agent = ?", [agent]).rowcount

    def forget(self, before: datetime) -> None:
        """See :class:`bot.panel.ports.Sessions`."""
        with self._file.change() as connection:
            connection.execute("delete from session where started_at < ?", [before.isoformat()])


class SqliteAuditLog:
    """See :class:`bot.panel.ports.AuditLog`."""

    def __init__(self, file: PanelFile) -> None:
        self._file = file

    def note(self, entry: AuditEntry) -> None:
        """See :class:`bot.panel.ports.AuditLog`."""
        with self._file.change() as connection:
            connection.execute("insert into audit (entry) values (?)", [entry.model_dump_json()])

    def latest(self, limit: int, before: int | None = None) -> list[tuple[int, AuditEntry]]:
        """See :class:`bot.panel.ports.AuditLog`."""
        query = "select * from audit where ? is null or number < ? order by number desc limit ?"
        rows = self._file.rows(query, [before, before, limit])
        return [(row["number"], AuditEntry.model_validate_json(row["entry"])) for row in rows]


def _admins(connection: sqlite3.Connection) -> int:
    found = connection.execute("select count(*) from agent where role = 'admin' and not locked and not demo").fetchone()
    return int(found[0])


def _one_of(done: sqlite3.Cursor, agent: str) -> None:
    if done.rowcount != 1:
        raise UnknownAgent(f"There is no account {agent!r}. See them with: plugdesk agents list")


def _row(agent: Agent) -> dict[str, Any]:
    return {**agent.model_dump(), "created_at": agent.created_at.isoformat()}


def _agent(row: dict[str, Any]) -> Agent:
    return Agent.model_validate({name: value for name, value in row.items() if name != "password"})


def _digest(secret: str) -> str:
    """Slow hashes guard what people invent; nobody can try out 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
