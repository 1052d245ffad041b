"""Records of figures in the panel's SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.adapters.panel.sqlite import PanelFile
from bot.panel.cases.ports import START, Mark
from bot.panel.figures.ports import Offered, Visit, Wanted
from bot.panel.figures.record import Record

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
PORTION = 500
"""Records that are read at once, so that a long period is never in memory as a whole."""


class SqliteRecords:
    """See :class:`bot.panel.figures.ports.Records`. Readers have a connection of their own."""

    def __init__(self, file: PanelFile, readers: PanelFile | None = None) -> None:
        """``readers``: the same file, opened again; in memory there is only one."""
        self._file, self._readers = file, readers or file

    def of(self, conversations: Collection[str]) -> Mapping[str, Record]:
        """See :class:`bot.panel.figures.ports.Records`."""
        marks = ", ".join("?" for _ in conversations)
        query = f"select body from figure where conversation in ({marks})"  # noqa: S608
        found = [Record.model_validate_json(row["body"]) for row in self._readers.rows(query, list(conversations))]
        return {record.conversation: record for record in found}

    def put(self, changes: Sequence[tuple[int, Record]]) -> frozenset[str]:
        """See :class:`bot.panel.figures.ports.Records`."""
        with self._file.change() as connection:
            return frozenset(record.conversation for before, record in changes if not _put(connection, before, record))

    def find(self, wanted: Wanted) -> Iterator[Record]:
        """See :class:`bot.panel.figures.ports.Records`."""
        where, given = _condition(wanted)
        last: tuple[float, str] = (wanted.start.timestamp(), "")
        while True:
            rows = self._readers.rows(
                f"select conversation, started_at, body from figure where {where} "  # noqa: S608
                "and (started_at, conversation) > (?, ?) order by started_at, conversation limit ?",
                [*given, *last, PORTION],
            )
            yield from (Record.model_validate_json(row["body"]) for row in rows)
            if len(rows) < PORTION:
                return
            last = (rows[-1]["started_at"], rows[-1]["conversation"])

    def visits(self, since: datetime) -> Iterator[Visit]:
        """See :class:`bot.panel.figures.ports.Records`."""
        query = (
            "select conversation, user, started_at, topics from figure "
            "where started_at >= ? and user is not null and topics != ''"
        )
        for row in self._readers.rows(query, [since.timestamp()]):
            began = datetime.fromtimestamp(row["started_at"], UTC)
            yield Visit(row["conversation"], row["user"], began, tuple(row["topics"].split()))

    def offered(self) -> Offered:
        """See :class:`bot.panel.figures.ports.Records`."""

        def values(column: str) -> tuple[str, ...]:
            query = f"select distinct {column} as value from figure where {column} is not null order by 1"  # noqa: S608
            return tuple(row["value"] for row in self._readers.rows(query))

        topics = sorted({topic for several in values("topics") for topic in several.split()})
        return Offered(values("language"), values("vendor"), values("channel"), tuple(topics))

    def mark(self) -> Mark | None:
        """See :class:`bot.panel.figures.ports.Records`."""
        rows = self._file.rows("select version, source, mark from figure_mark")
        return Mark(**rows[0]) if rows else None

    def advance(self, before: int, after: int) -> bool:
        """See :class:`bot.panel.figures.ports.Records`."""
        with self._file.change() as connection:
            return connection.execute("update figure_mark set mark = ? where mark = ?", [after, before]).rowcount == 1

    def begin_anew(self, version: int, source: str) -> None:
        """See :class:`bot.panel.figures.ports.Records`."""
        with self._file.change() as connection:
            connection.execute("delete from figure")
            connection.execute("delete from figure_mark")
            connection.execute("insert into figure_mark values (1, ?, ?, ?)", [version, source, START])


def _condition(wanted: Wanted) -> tuple[str, list[object]]:
    parts: list[tuple[str, object]] = [
        ("started_at >= ?", wanted.start.timestamp()), ("started_at < ?", wanted.end.timestamp())
    ]  # fmt: skip
    for column in ("language", "vendor", "channel"):
        value = getattr(wanted, column)
        if value is not None:
            parts.append((f"{column} = ?", value))
    if wanted.topic is not None:
        parts.append(("instr(' ' || topics || ' ', ?)", f" {wanted.topic} "))
    return " and ".join(part for part, _ in parts), [value for _, value in parts]


def _put(connection: sqlite3.Connection, before: int, record: Record) -> bool:
    kept = connection.execute("select number from figure where conversation = ?", [record.conversation]).fetchone()
    if (kept[0] if kept else 0) != before:
        return False
    began = record.started_at or BEGINNING
    connection.execute(
        "insert or replace into figure "
        "(conversation, number, started_at, language, vendor, channel, user, topics, body) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            record.conversation, record.number, began.timestamp(), record.language, record.vendor,
            record.channel or "", record.user, " ".join(record.topics), record.model_dump_json(),
        ],
    )  # fmt: skip
    return True
