"""The schema of the panel's file, from one that an older version wrote."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.panel.cases import SqliteCases
from bot.adapters.panel.migrations import MIGRATIONS
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import open_database
from bot.panel.cases.projector import Projector
from bot.panel.news import InProcessNews
from tests.bot.panel.events import NINE, said
from tests.doubles import SteppingClock

OLD = 4
"""Steps of the schema in which what was said had the order of its conversations' beginnings."""


def test_what_was_said_is_found_again_after_the_schema_has_moved_on(tmp_path: Path) -> None:
    path, source = tmp_path / "panel.db", "memory:"
    old = open_database(path, MIGRATIONS[:OLD], "PLUGDESK_PANEL")
    old.execute("insert into projection values (1, 1, ?, 1)", [source])
    old.execute("insert into said (id, letters, at) values (1, 5, 0.0)")
    old.execute("insert into said_text (rowid, text) values (1, 'stale')")
    old.conn.commit()
    old.conn.close()

    file, store = PanelFile(path), MemoryConversations()
    cases = SqliteCases(file)
    store.create("talk", said("needle"), NINE)
    projector = Projector(store, cases, InProcessNews(), SteppingClock(), source)
    while projector.catch_up():
        pass
    assert [hit.case.conversation for hit in cases.search("needle", 5)] == ["talk"]
    assert not cases.search("stale", 5)
    file.close()
