"""Cases in the panel's SQLite file, found by filters, ids and full text (FTS5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.adapters.panel.case_query import END, HIT, bare, condition, excerpt, indexable, phrase
from bot.adapters.panel.case_schema import SAID_TEXT, TABLES
from bot.adapters.panel.sqlite import PanelFile
from bot.panel.cases.case import Case, Line
from bot.panel.cases.ports import START, Change, Choices, Counts, Filter, Found, Hit, Mark, Page, Place, Waiting
from bot.understanding.text import storable

AT_ONCE = 400
"""Values of one query."""
PORTION = 32_000
"""Letters of what was said that are indexed together."""
FAR = 1e11
"""Seconds: later than everything that is waited for."""
LAST = 2**62
"""Later than every portion."""
SNIPPET = f"snippet(said_text, 0, '{HIT}', '{END}', '…', 16)"
COLUMNS = (
    "conversation", "number", "stage", "calm", "rank", "keeper", "language", "vendor", "channel", "user", "last_at",
    "due_at",
)  # fmt: skip


class SqliteCases:
    """See :class:`bot.panel.cases.ports.Cases`. Readers have a connection of their own, and do not wait for writers."""

    def __init__(self, file: PanelFile, readers: PanelFile | None = None) -> None:
        """``readers``: the same file, opened again; in memory there is only one."""
        self._file, self._readers = file, readers or file

    def of(self, conversations: Collection[str]) -> Mapping[str, Case]:
        """See :class:`bot.panel.cases.ports.Cases`."""
        found: list[Case] = []
        for some in _portions(list(conversations)):
            marks = ", ".join("?" for _ in some)
            found += self._cases(f"conversation in ({marks})", some)
        return {case.conversation: case for case in found}

    def put(self, changes: Sequence[Change]) -> frozenset[str]:
        """See :class:`bot.panel.cases.ports.Cases`."""
        overtaken = set()
        with self._file.change() as connection:
            for change in changes:
                if not _put(connection, change):
                    overtaken.add(change.case.conversation)
        return frozenset(overtaken)

    def wake(self, now: datetime) -> Sequence[tuple[Case, Case]]:
        """See :class:`bot.panel.cases.ports.Cases`."""
        due = "stage = 'snoozed' and due_at <= ?"
        if not self._readers.rows(f"select 1 from inbox where {due} limit 1", [now.timestamp()]):  # noqa: S608
            return []
        woken = []
        with self._file.change() as connection:
            query = f"select id, body from inbox join inbox_case using (id) where {due}"  # noqa: S608
            for key, body in connection.execute(query, [now.timestamp()]).fetchall():
                before = Case.model_validate_json(body)
                after = before.at(now)
                _write(connection, key, after)
                woken.append((before, after))
        return woken

    def page(self, wanted: Filter, after: Place | None, limit: int) -> Page:
        """See :class:`bot.panel.cases.ports.Cases`."""
        where, values = condition(wanted)
        if after:
            where += " and (calm, rank, id) > (?, ?, ?)"
            values += [after.calm, after.rank, after.id]
        rows = self._readers.rows(
            f"select id, calm, rank, body from (select id, calm, rank from inbox where {where} "  # noqa: S608
            "order by calm, rank, id limit ?) join inbox_case using (id) order by calm, rank, id",
            [*values, limit + 1],
        )
        last = rows[limit - 1] if len(rows) > limit else None
        cases = tuple(Case.model_validate_json(row["body"]) for row in rows[:limit])
        return Page(cases, Place(last["calm"], last["rank"], last["id"]) if last else None)

    def counts(self, wanted: Filter) -> Counts:
        """See :class:`bot.panel.cases.ports.Cases`."""
        where, values = condition(wanted, view=False)
        rows = self._readers.rows(
            f"select stage, calm, keeper = ? as mine, count(*) as n from inbox where {where} group by 1, 2, 3",  # noqa: S608
            [wanted.me, *values],
        )

        def count(**like: object) -> int:
            return sum(row["n"] for row in rows if all(row[name] == value for name, value in like.items()))

        return Counts(
            waiting=count(stage="waiting"),
            urgent=count(stage="waiting", calm=0),
            mine=count(mine=1),
            snoozed=count(stage="snoozed"),
            closed=count(stage="closed"),
            all=count(),
        )

    def waiting(self) -> Waiting:
        """See :class:`bot.panel.cases.ports.Cases`."""
        rows = self._readers.rows("select calm, count(*) as n from inbox where stage = 'waiting' group by calm")
        by_calm = {row["calm"]: row["n"] for row in rows}
        return Waiting(sum(by_calm.values()), by_calm.get(0, 0))

    def choices(self) -> Choices:
        """See :class:`bot.panel.cases.ports.Cases`."""

        def distinct(query: str) -> tuple[str, ...]:
            return tuple(row["value"] for row in self._readers.rows(query) if row["value"] is not None)

        def column(name: str) -> tuple[str, ...]:
            # From one value to the next by the index, instead of past every row.
            return distinct(
                f"with recursive each(value) as (select min({name}) from inbox union all "  # noqa: S608
                f"select (select min({name}) from inbox where {name} > value) from each where value is not null) "
                "select value from each where value is not null"
            )

        tags = "select distinct value from inbox_key where kind = 'tag' order by value"
        return Choices(column("language"), column("vendor"), column("channel"), distinct(tags))

    def search(self, text: str, limit: int) -> Sequence[Hit]:
        """See :class:`bot.panel.cases.ports.Cases`."""
        hits = {hit.case.conversation: hit for hit in self._by_id(text, limit)}
        query = phrase(text)
        if query and len(hits) < limit:
            for hit in self._by_words(query, limit):
                hits.setdefault(hit.case.conversation, hit)
        return tuple(hits.values())[:limit]

    def of_driver(self, user: str, limit: int) -> Sequence[Case]:
        """See :class:`bot.panel.cases.ports.Cases`."""
        return self._cases("user = ? order by last_at desc, id desc limit ?", [user, limit])

    def mark(self) -> Mark | None:
        """See :class:`bot.panel.cases.ports.Cases`."""
        rows = self._file.rows("select version, source, mark from projection")
        return Mark(**rows[0]) if rows else None

    def advance(self, before: int, after: int) -> bool:
        """See :class:`bot.panel.cases.ports.Cases`."""
        with self._file.change() as connection:
            done = connection.execute("update projection set mark = ? where mark = ?", [after, before])
            return done.rowcount == 1

    def begin_anew(self, version: int, source: str) -> None:
        """See :class:`bot.panel.cases.ports.Cases`."""
        with self._file.change() as connection:
            for table in (*TABLES, "projection"):
                connection.execute(f"delete from {table}")  # noqa: S608
            # Of a full text every row would be looked up word by word, which keeps others from writing for too long.
            connection.execute("drop table said_text")
            connection.execute(SAID_TEXT)
            connection.execute("insert into projection values (1, ?, ?, ?)", [version, source, START])

    def _cases(self, where: str, values: Sequence[object]) -> list[Case]:
        query = f"select body from inbox join inbox_case using (id) where {where}"  # noqa: S608
        return [Case.model_validate_json(row["body"]) for row in self._readers.rows(query, values)]

    def _by_id(self, text: str, limit: int) -> list[Hit]:
        wanted = storable(text).strip()
        hits = [Hit(case, "conversation") for case in self.of([wanted]).values()]
        if not bare(wanted):
            return hits
        rows = self._readers.rows(
            "select kind, body from inbox_key join inbox using (id) join inbox_case using (id) "
            "where kind in ('account', 'station', 'charger', 'ticket', 'user') and value = ? "
            "order by last_at desc, id desc limit ?",
            [bare(wanted), limit],
        )
        return hits + [Hit(Case.model_validate_json(row["body"]), _found(row["kind"])) for row in rows]

    def _by_words(self, query: str, limit: int) -> list[Hit]:
        snippets: dict[int, str] = {}
        before = LAST
        while len(snippets) < limit:
            # In the order of the portions' ids FTS5 finds one after the other, and stops when there are enough.
            rows = self._readers.rows(
                f"select portion, id, {SNIPPET} as snippet from said_text join said on portion = said_text.rowid "  # noqa: S608
                "where said_text match ? and said_text.rowid < ? order by said_text.rowid desc limit ?",
                [query, before, limit],
            )
            for row in rows:
                snippets.setdefault(row["id"], row["snippet"])
            if len(rows) < limit:
                break
            before = rows[-1]["portion"]
        cases = self._cases_of(list(snippets))
        found = [Hit(cases[key], "text", excerpt(snippet)) for key, snippet in snippets.items() if key in cases]
        return found[:limit]

    def _cases_of(self, keys: Sequence[int]) -> dict[int, Case]:
        marks = ", ".join("?" for _ in keys)
        rows = self._readers.rows(f"select id, body from inbox_case where id in ({marks})", keys)  # noqa: S608
        return {row["id"]: Case.model_validate_json(row["body"]) for row in rows}


def _found(kind: str) -> Found:
    kinds: dict[str, Found] = {
        "account": "account", "station": "station", "charger": "charger", "ticket": "ticket", "user": "user",
    }  # fmt: skip
    return kinds[kind]


def _portions(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _put(connection: sqlite3.Connection, change: Change) -> bool:
    case = change.case
    kept = connection.execute("select id, number from inbox where conversation = ?", [case.conversation]).fetchone()
    if (kept[1] if kept else 0) != change.before:
        return False
    key = _write(connection, kept[0] if kept else None, case)
    _say(connection, key, change.lines)
    return True


def _write(connection: sqlite3.Connection, key: int | None, case: Case) -> int:
    row = _row(case)
    if key is None:
        marks = ", ".join("?" for _ in row)
        key = connection.execute(f"insert into inbox ({', '.join(row)}) values ({marks})", list(row.values())).lastrowid  # noqa: S608
    else:
        sets = ", ".join(f"{name} = ?" for name in row)
        connection.execute(f"update inbox set {sets} where id = ?", [*row.values(), key])  # noqa: S608
        connection.execute("delete from inbox_key where id = ?", [key])
    connection.execute("insert or replace into inbox_case (id, body) values (?, ?)", [key, case.model_dump_json()])
    connection.executemany(
        "insert or ignore into inbox_key (kind, value, id) values (?, ?, ?)", [(*each, key) for each in _keys(case)]
    )
    return int(key or 0)


def _say(connection: sqlite3.Connection, key: int, lines: Sequence[Line]) -> None:
    if not lines:
        return
    text, portion = indexable([line.text for line in lines]), _portion(connection, lines[-1].at)
    last = connection.execute("select portion, letters from said where id = ? order by portion desc", [key]).fetchone()
    if last and last[1] + len(text) <= PORTION:
        connection.execute(
            "update said set portion = ?, letters = ? where portion = ?", [portion, last[1] + len(text), last[0]]
        )
        moved = [portion, text, last[0]]
        connection.execute("update said_text set rowid = ?, text = text || char(10) || ? where rowid = ?", moved)
        return
    connection.execute("insert into said (portion, id, letters) values (?, ?, ?)", [portion, key, len(text)])
    connection.execute("insert into said_text (rowid, text) values (?, ?)", [portion, text])


def _portion(connection: sqlite3.Connection, at: datetime) -> int:
    """The key of a portion that was added to then: milliseconds since 1970, or the next that is free."""
    portion = int(at.timestamp() * 1000)
    while connection.execute("select 1 from said where portion = ?", [portion]).fetchone():
        portion += 1
    return portion


def _row(case: Case) -> dict[str, Any]:
    until = case.care.snoozed_until if case.stage == "snoozed" else None
    moment = case.last_at or case.started_at
    last = moment.timestamp() if moment else 0.0
    waits = case.since or until
    values = (
        case.conversation, case.number, case.stage, 0 if case.urgent else 1,
        # Who waits comes first, longest first; then what is put off; then the rest, the newest first.
        waits.timestamp() if waits else FAR - last,
        case.keeper.id if case.keeper else "", case.language, case.vendor, case.channel or "", case.user, last,
        until.timestamp() if until else None,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _keys(case: Case) -> list[tuple[str, str]]:
    keys = [(slot, bare(value)) for slot, value in case.facts.items()]
    keys += [("ticket", bare(ticket)) for ticket in case.tickets]
    keys += [("user", bare(case.user))] if case.user else []
    return [*keys, *(("tag", tag) for tag in case.care.tags)]
