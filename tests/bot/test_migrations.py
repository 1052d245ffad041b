"""The schema of the SQLite store, from an empty file and from the oldest that was released."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.conversations.migrations import MIGRATIONS
from bot.adapters.conversations.sqlite import SqliteConversations
from bot.errors import StoreError
from bot.events import Event, Started
from bot.types import Context

# What version 0.1.0 wrote. Never edit this: files like it are out there.
OLDEST_SCHEMA = """
CREATE TABLE "event" (
   "conversation" TEXT NOT NULL,
   "number" INTEGER NOT NULL,
   "at" TEXT NOT NULL,
   "type" TEXT NOT NULL,
   "body" TEXT NOT NULL,
   PRIMARY KEY ("conversation", "number")
);
PRAGMA user_version = 1;
"""
OLDEST_BODY = (
    '{"number":1,"at":"2026-11-21T09:00:00Z","happening":{"type":"started",'
    '"context":{"locale":"nb-NO","vendor":null,"country":"CH"}}}'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talks.db"


def opened_and_closed(path: Path) -> None:
    SqliteConversations(path).close()


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return int(found)


def columns(path: Path) -> list[tuple[str, str, int, int]]:
    """Name, type, whether null is refused and place in the primary key, of each column."""
    connection = sqlite3.connect(path)
    found = [(row[1], row[2], row[3], row[5]) for row in connection.execute("PRAGMA table_info(event)")]
    connection.close()
    return found


def old_file(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(OLDEST_SCHEMA)
    row = ("c", 1, "2026-11-21T09:00:00+00:00", "started", OLDEST_BODY)
    with connection:
        connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", row)
    connection.close()


def test_an_empty_file_gets_the_newest_schema(path: Path) -> None:
    opened_and_closed(path)
    assert version(path) == len(MIGRATIONS)
    assert columns(path) == [
        ("conversation", "TEXT", 1, 1),
        ("number", "INTEGER", 1, 2),
        ("at", "TEXT", 1, 0),
        ("type", "TEXT", 1, 0),
        ("body", "TEXT", 1, 0),
    ]


def test_the_oldest_schema_becomes_the_newest(path: Path, tmp_path: Path) -> None:
    old_file(path)
    opened_and_closed(path)
    opened_and_closed(tmp_path / "new.db")
    assert (version(path), columns(path)) == (version(tmp_path / "new.db"), columns(tmp_path / "new.db"))


def test_a_conversation_of_the_oldest_schema_is_kept(path: Path) -> None:
    old_file(path)
    store = SqliteConversations(path)
    started = Started(context=Context(locale="nb-NO", country="CH"))
    assert store.events("c") == [Event(number=1, at=datetime(2026, 11, 21, 9, tzinfo=UTC), happening=started)]
    store.close()


def test_opening_again_changes_nothing(path: Path) -> None:
    old_file(path)
    opened_and_closed(path)
    opened_and_closed(path)
    store = SqliteConversations(path)
    assert len(store.events("c")) == 1
    store.close()


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    old_file(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"schema 99.*newer version of Plugdesk"):
        SqliteConversations(path)
    assert version(path) == 99


def test_a_file_that_is_no_database_is_refused_with_its_path_and_a_remedy(path: Path) -> None:
    path.write_text("Dear diary, " * 100)
    with pytest.raises(StoreError, match=r"talks\.db.*PLUGDESK_CONVERSATIONS"):
        SqliteConversations(path)
    assert path.read_text().startswith("Dear diary")


def test_a_folder_is_refused_with_its_path_and_a_remedy(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match=r"talks\.db.*PLUGDESK_CONVERSATIONS"):
        SqliteConversations(path)


@pytest.mark.parametrize("step", MIGRATIONS, ids=lambda step: step.__name__)
def test_every_step_says_why(step: object) -> None:
    assert step.__doc__
