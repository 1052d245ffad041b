"""Cases follow the conversations, whoever writes and whoever projects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.conversations.sqlite import SqliteConversations
from bot.adapters.panel.cases import SqliteCases
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import IN_MEMORY
from bot.care import Snoozed
from bot.events import Event, Started
from bot.notifier import AnnouncedConversations, InProcessNotifier
from bot.panel.cases import projector as projector_module
from bot.panel.cases.case import Case
from bot.panel.cases.ports import Cases, Filter
from bot.panel.cases.projector import VERSION, Projector, told
from bot.panel.news import InProcessNews
from bot.ports import ConversationStore
from bot.types import Context
from tests.bot.panel.events import KARI, LUC, NINE, called, events, joined, left, random_events, said
from tests.doubles import SteppingClock

WAITS_S = 20.0


class HeardNews(InProcessNews):
    """Remembers what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def tell(self, *names: str) -> None:
        self.names += names
        super().tell(*names)


@pytest.fixture
def cases() -> Iterator[Cases]:
    file = PanelFile(IN_MEMORY)
    yield SqliteCases(file)
    file.close()


@pytest.fixture
def store() -> ConversationStore:
    return MemoryConversations()


@pytest.fixture
def projector(store: ConversationStore, cases: Cases) -> Projector:
    return Projector(store, cases, HeardNews(), SteppingClock(), "memory:")


def keep(store: ConversationStore, conversation: str, log: list[Event]) -> None:
    """Let all of that have happened there."""
    store.create(conversation, log[0].happening, log[0].at)
    for event in log[1:]:
        store.append(conversation, [event.happening], event.at, event.number - 1)


def caught_up(projector: Projector) -> None:
    while projector.catch_up():
        pass


def names(projector: Projector) -> list[str]:
    heard = projector.news
    assert isinstance(heard, HeardNews)
    taken, heard.names = heard.names, []
    return taken


def test_catching_up_makes_a_case_of_each_conversation(projector: Projector, store: ConversationStore) -> None:
    logs = {f"c{seed}": random_events(seed, 25) for seed in range(12)}
    for name, log in logs.items():
        keep(store, name, log)
    caught_up(projector)
    found = projector.cases.of(logs)
    # Read from the store: it was the store that gave the moments.
    assert found == {
        name: Case(conversation=name).after(store.events(name)).at(found[name].last_at or NINE) for name in logs
    }


def test_a_server_goes_on_where_the_last_one_ended(
    projector: Projector, store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector_module, "EVENTS_AT_ONCE", 3)
    for number in range(10):
        keep(store, f"c{number}", events(said("hello")))
    assert projector.catch_up()
    assert projector.catch_up()
    after_one_portion = projector.cases.counts(Filter()).all
    assert 0 < after_one_portion < 10
    caught_up(replace(projector))
    assert projector.cases.counts(Filter()).all == 10
    assert not projector.catch_up()


def test_going_through_everything_again_changes_nothing(projector: Projector, store: ConversationStore) -> None:
    for seed in range(5):
        keep(store, f"c{seed}", random_events(seed, 20))
    caught_up(projector)
    before = projector.cases.of([f"c{seed}" for seed in range(5)])
    names(projector)
    projector.cases.advance(projector.cases.mark().mark, 0)
    caught_up(projector)
    assert projector.cases.of(before) == before
    assert names(projector) == []


@pytest.mark.parametrize("changed", ["version", "source"])
def test_cases_made_in_another_way_are_made_anew(projector: Projector, store: ConversationStore, changed: str) -> None:
    keep(store, "c", events(said("hello")))
    old = replace(projector, source="sqlite:///other.db") if changed == "source" else projector
    projector.cases.begin_anew(VERSION - (changed == "version"), old.source)
    projector.cases.advance(0, 99)
    caught_up(projector)
    assert set(projector.cases.of(["c"])) == {"c"}


def test_an_older_version_leaves_cases_to_the_newer_one(projector: Projector, store: ConversationStore) -> None:
    keep(store, "c", events(said("hello")))
    projector.cases.begin_anew(VERSION + 1, projector.source)
    caught_up(projector)
    assert projector.cases.mark().version == VERSION + 1
    assert not projector.cases.of(["c"])


def test_a_conversation_that_cannot_be_read_keeps_no_other_out(cases: Cases, caplog: pytest.LogCaptureFixture) -> None:
    class Partly(MemoryConversations):
        """Somebody's newer version wrote one of them."""

        def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
            if conversation == "new":
                raise ValueError("an event of an unknown type")
            return super().events(conversation, after, limit)

    store = Partly()
    for name in ("a", "new", "z"):
        store.create(name, Started(context=Context()), NINE)
    caught_up(Projector(store, cases, HeardNews(), SteppingClock(), "memory:"))
    assert set(cases.of(["a", "new", "z"])) == {"a", "z"}
    assert "new cannot be read" in caplog.text


def test_several_processes_may_project_at_once(tmp_path: Path) -> None:
    talks, panel = tmp_path / "talks.db", tmp_path / "panel.db"
    stores = [SqliteConversations(talks) for _ in range(3)]
    files = [PanelFile(panel) for _ in range(3)]
    projectors = [
        Projector(store, SqliteCases(file), HeardNews(), SteppingClock(), "x")
        for store, file in zip(stores, files, strict=True)
    ]
    caught_up(projectors[0])
    logs = {f"c{seed}": random_events(seed, 12) for seed in range(6)}

    def write(names_of_mine: list[str]) -> None:
        for name in names_of_mine:
            keep(stores[0], name, logs[name])

    def follow(projector: Projector) -> None:
        for _ in range(15):
            projector.project(logs)
            projector.catch_up()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda work: work(), [lambda: write(list(logs)), *(_bound(follow, each) for each in projectors)]))
    caught_up(projectors[1])
    kept = projectors[2].cases.of(logs)
    assert {name: case.number for name, case in kept.items()} == dict.fromkeys(logs, 13)
    assert {name: case.care for name, case in kept.items()} == {
        name: Case(conversation=name).after(stores[1].events(name)).care for name in logs
    }
    for each in [*stores, *files]:
        each.close()


def _bound(work: Callable[[Projector], None], projector: Projector) -> Callable[[], None]:
    return lambda: work(projector)


def test_a_snooze_that_is_over_is_told_of(projector: Projector, store: ConversationStore) -> None:
    clock = projector.clock
    assert isinstance(clock, SteppingClock)
    keep(store, "c", events(called(), Snoozed(by=KARI, until=clock.now() + timedelta(hours=1)), at=clock.now()))
    caught_up(projector)
    names(projector)
    projector.wake()
    assert names(projector) == []
    clock.pass_by(timedelta(hours=1))
    projector.wake()
    assert {"case-c", "cases-waiting", "cases-snoozed", "case-counts"} <= set(names(projector))


def case(*log: object) -> Case:
    return Case(conversation="c").after(events(*log))


def test_pages_are_told_of_what_they_show_and_of_nothing_else() -> None:
    new, talked = case(said("hello")), case(said("hello"), said("you"))
    assert told(None, new) == {"case-c", "cases-all", "case-counts"}
    assert told(new, talked) == {"case-c", "cases-all"}
    waits, there = case(called()), case(called(), joined())
    assert told(waits, there) == {"case-c", "cases-all", "cases-waiting", "cases-mine-a-agent", "case-counts"}
    assert told(there, case(called(), joined(), said("well"))) == {"case-c", "cases-all", "cases-mine-a-agent"}
    passed_on = case(called(), joined(), left(why="went_away"), joined(LUC))
    assert {"cases-mine-a-agent", "cases-mine-a-luc"} <= told(there, passed_on)


def test_what_this_process_writes_is_projected_at_once_and_what_others_write_soon(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def followed() -> list[set[str]]:
        notifier, news, theirs = InProcessNotifier(), InProcessNews(), MemoryConversations()
        ours = AnnouncedConversations(theirs, notifier)
        projector = Projector(theirs, cases, news, SteppingClock(), "memory:")
        seen = []
        with news.listen() as listener:
            running = asyncio.create_task(projector.run(notifier))
            ours.create("ours", Started(context=Context()), NINE)
            for conversation in ("ours", "theirs"):
                heard: set[str] = set()
                while f"case-{conversation}" not in heard:
                    heard |= await asyncio.wait_for(listener.changed(), WAITS_S) or set()
                seen.append(set(cases.of(["ours", "theirs"])))
                if conversation == "ours":
                    theirs.create("theirs", Started(context=Context()), NINE)
            running.cancel()
        return seen

    monkeypatch.setattr(projector_module, "LOOK_EVERY", 0.01)
    assert asyncio.run(followed()) == [{"ours"}, {"ours", "theirs"}]


def test_following_goes_on_after_a_failure(
    store: ConversationStore, cases: Cases, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Unsteady(MemoryConversations):
        """Its first look fails."""

        looks = 0

        def appended(self, since: int | None, most: int | None = None) -> tuple[int, dict[str, int]]:
            self.looks += 1
            if self.looks == 1:
                raise OSError("disk is busy")
            mark, changed = super().appended(since, most)
            return mark, dict(changed)

    async def followed() -> None:
        unsteady, notifier = Unsteady(), InProcessNotifier()
        unsteady.create("c", Started(context=Context()), NINE)
        running = asyncio.create_task(
            Projector(unsteady, cases, InProcessNews(), SteppingClock(), "memory:").run(notifier)
        )
        while not cases.of(["c"]):
            await asyncio.sleep(0.01)
        running.cancel()

    monkeypatch.setattr(projector_module, "LOOK_EVERY", 0.01)
    asyncio.run(asyncio.wait_for(followed(), WAITS_S))
    assert "tried again" in caplog.text
