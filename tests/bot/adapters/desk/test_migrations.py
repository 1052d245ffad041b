"""The schema of the desk, from an empty file and from the oldest that was written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.adapters.desk.migrations import MIGRATIONS
from bot.adapters.desk.sqlite import SqliteDesk
from bot.desk.photos import Photos
from bot.tools.values import ReportState
from tests.bot.adapters.desk.drafts import a_draft
from tests.doubles import SteppingClock

# What the first schema held. Never edit this: files like it are out there.
OLDEST = """
CREATE TABLE "ticket" (
   "id" TEXT PRIMARY KEY, "key" TEXT, "kind" TEXT, "state" TEXT, "station" TEXT, "user" TEXT, "filed_at" TEXT,
   "draft" TEXT, "body" TEXT
);
CREATE UNIQUE INDEX "idx_ticket_key" ON "ticket" ("key");
PRAGMA user_version = 1;
"""
BODY = (
    '{"id":"R-20419","kind":"fault","state":"owner_contacted","station":"4521","charger":null,"user":null,'
    '"incident":"I-4521","others":2,"repair_by":"2026-12-01","filed_at":"2026-11-21T09:00:01Z",'
    '"updated_at":"2026-11-21T10:00:00Z"}'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def desk(path: Path, tmp_path: Path) -> SqliteDesk:
    connection = sqlite3.connect(path)
    connection.executescript(OLDEST)
    draft = a_draft(user=None, photos=("0" * 32,)).model_dump_json()
    row = ("R-20419", "k", "fault", "owner_contacted", "4521", None, "2026-11-21T09:00:01+00:00", draft, BODY)
    with connection:
        connection.execute("insert into ticket values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    return SqliteDesk(path, SteppingClock(), Photos(tmp_path / "photos"))


def tables(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    found = connection.execute("select name, sql from sqlite_master where sql is not null order by name").fetchall()
    connection.close()
    return found


def test_a_ticket_of_the_oldest_schema_is_kept_as_it_was(desk: SqliteDesk) -> None:
    ticket = desk.ticket("R-20419")
    assert (ticket.state, ticket.repair_by, ticket.incident) == (
        ReportState.OWNER_CONTACTED, "2026-12-01", "I-4521",
    )  # fmt: skip
    assert (ticket.filed_at.isoformat(), ticket.updated_at.isoformat()) == (
        "2026-11-21T09:00:01+00:00", "2026-11-21T10:00:00+00:00",
    )  # fmt: skip
    assert desk.draft("R-20419") == a_draft(user=None, photos=("0" * 32,))
    desk.close()


def test_a_key_of_the_oldest_schema_still_files_once(desk: SqliteDesk) -> None:
    assert desk.file(a_draft(), "k").id == "R-20419"
    assert desk.file(a_draft(), "another").id == "R-20420"
    desk.close()


def test_the_oldest_schema_becomes_the_newest(desk: SqliteDesk, path: Path, tmp_path: Path) -> None:
    desk.close()
    SqliteDesk(tmp_path / "new.db", SteppingClock(), Photos(tmp_path / "photos")).close()
    assert tables(path) == tables(tmp_path / "new.db")


@pytest.mark.parametrize("step", MIGRATIONS, ids=lambda step: step.__name__)
def test_every_step_says_why(step: object) -> None:
    assert step.__doc__
