"""How every SQLite file of Plugdesk is opened and brought up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlite_utils import Database

from bot.errors import StoreError

BUSY_TIMEOUT = 10.0
"""Seconds that a writer waits for another process's transaction."""
LOOK_AGAIN_S = 0.02
IN_MEMORY = Path(":memory:")
Migrations = Sequence[Callable[[Database], None]]


def open_database(path: Path, migrations: Migrations, setting: str) -> Database:
    """Open the file, make it if there is none, and apply what it lacks of ``migrations``.

    One connection for all threads of the process: the web server's threads come and go, and a connection left by each
    of them would stay open for good. The caller keeps a lock around it.

    Raises:
        StoreError: when it cannot be opened, is no database, or was written by a newer version; ``setting`` is the
            variable that names the path.
    """
    try:
        if path != IN_MEMORY:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, check_same_thread=False)
        _write_ahead(connection)
        database = Database(connection)
        migrate(database, migrations, path)
    except (sqlite3.DatabaseError, OSError) as error:
        remedy = f"Check the path in {setting} and its permissions, or restore the file."
        raise StoreError(f"The database {path} cannot be opened ({error}). {remedy}") from None
    return database


@contextmanager
def immediate(connection: sqlite3.Connection, guard: AbstractContextManager[object]) -> Iterator[None]:
    """One transaction under the caller's lock: all or nothing, and nobody else, in another process either, changes
    what is read inside."""
    with guard:
        connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")


def migrate(database: Database, migrations: Migrations, path: Path) -> None:
    """Bring the schema up to date; each step is applied once and counted in ``user_version``.

    Raises:
        StoreError: when a newer version of Plugdesk wrote the file.
    """
    known = len(migrations)
    if _version(database) == known:
        return
    # Another process may open a new file at the same moment: the transaction decides who brings it up to date.
    database.conn.execute("begin immediate")
    try:
        done = _version(database)
        if done > known:
            message = f"The database {path} has schema {done}, this version knows {known}."
            raise StoreError(f"{message} Install the newer version of Plugdesk again.")
        for step in migrations[done:]:
            step(database)
        database.conn.execute(f"pragma user_version = {max(done, known):d}")
    except BaseException:
        if database.conn.in_transaction:
            database.conn.execute("rollback")
        raise
    if database.conn.in_transaction:
        database.conn.execute("commit")


def _version(database: Database) -> int:
    return int(database.execute("pragma user_version").fetchone()[0])


def _write_ahead(connection: sqlite3.Connection) -> None:
    """A crash of the process loses nothing; a power cut at most the last transactions.

    SQLite does not wait when two processes switch a new file over at once, so this tries again.
    """
    until = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(LOOK_AGAIN_S)
    connection.execute("PRAGMA synchronous=NORMAL")
