"""The serving index: a new build takes over while drivers ask, and one that cannot serve changes nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot import live as live_module
from bot.adapters.conversations.memory import MemoryConversations
from bot.app import create_app
from bot.live import LiveIndex
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from indexer.build import build_index, roll_back
from indexer.errors import IndexMissing
from indexer.manifest import current_build, point_to
from tests.doubles import LetterEmbedder
from tests.small_kb import edit
from tests.talking import conversations, services_of

STEP = ("Unlock the car with the key.", "Unlock the car with its app.")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a new build at each query, so that no test waits."""
    monkeypatch.setattr(live_module, "LOOK_EVERY", 0.0)


@pytest.fixture
def root(small_kb: Path, tmp_path: Path) -> Path:
    build_index(small_kb, tmp_path / "index", LetterEmbedder())
    return tmp_path / "index"


@pytest.fixture
def live(root: Path) -> LiveIndex:
    return LiveIndex(root, LetterEmbedder())


def until(condition: Callable[[], bool]) -> None:
    """Wait, twenty seconds at most, for what another thread does."""
    for _ in range(2_000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen within twenty seconds")


def settled(live: LiveIndex) -> None:
    """Ask once, and again after whatever that set off has ended."""
    live.current()
    until(lambda: not any(thread.name == "index" for thread in threading.enumerate()))
    live.current()


def build_again(kb: Path, root: Path) -> str:
    edit(kb / "articles/en/cable-stuck.md", *STEP)
    return build_index(kb, root, LetterEmbedder()).build


def damage(root: Path) -> None:
    path = current_build(root) / "contents.json"
    path.write_bytes(path.read_bytes()[:100])


def test_a_new_build_takes_over(small_kb: Path, root: Path, live: LiveIndex) -> None:
    built = build_again(small_kb, root)
    until(lambda: live.current().manifest.build == built)
    assert STEP[1] in str(live.current().article("cable-stuck", "en"))


def test_queries_of_many_threads_go_on_while_a_new_build_takes_over(
    small_kb: Path, root: Path, live: LiveIndex
) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []
    topics: set[str] = set()
    seen: dict[str, set[str]] = {f"driver-{number}": set() for number in range(4)}

    def ask() -> None:
        mine = seen[threading.current_thread().name]
        try:
            while not stop.is_set():
                index = live.current()
                topics.add(index.rank("the cable is stuck", "en").best.id)
                mine.add(index.manifest.build)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, name=name) for name in seen]
    before = live.current().manifest.build
    for thread in threads:
        thread.start()
    until(lambda: failures or all(seen.values()))
    built = build_again(small_kb, root)
    until(lambda: bool(failures) or all(built in builds for builds in seen.values()))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert topics == {"cable-stuck"}
    assert all(builds == {before, built} for builds in seen.values())


def test_going_back_takes_over_too(small_kb: Path, root: Path, live: LiveIndex) -> None:
    before = current_build(root).name
    built = build_again(small_kb, root)
    until(lambda: live.current().manifest.build == built)
    point_to(root, before)
    until(lambda: live.current().manifest.build == before)


def test_an_index_that_was_taken_goes_on_answering(small_kb: Path, root: Path, live: LiveIndex) -> None:
    taken = live.current()
    built = build_again(small_kb, root)
    until(lambda: live.current().manifest.build == built)
    assert STEP[0] in str(taken.article("cable-stuck", "en"))
    assert taken.rank("cable stuck", "en").best.id == "cable-stuck"


def test_a_damaged_new_build_leaves_the_old_one_serving_and_is_logged_once(
    small_kb: Path, root: Path, live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    before = live.current().manifest.build
    build_again(small_kb, root)
    damage(root)
    with caplog.at_level(logging.ERROR, logger="bot.live"):
        for _ in range(3):
            settled(live)
    (record,) = [each for each in caplog.records if each.name == "bot.live"]
    assert "contents.json" in record.getMessage()
    assert "the old one goes on" in record.getMessage()
    assert live.current().manifest.build == before
    assert live.current().rank("cable stuck", "en").best.id == "cable-stuck"


def test_a_build_of_another_model_leaves_the_old_one_serving_and_is_logged(
    small_kb: Path, root: Path, live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    before = live.current().manifest.build
    build_index(small_kb, root, LetterEmbedder(version="2"))
    with caplog.at_level(logging.ERROR, logger="bot.live"):
        settled(live)
    assert live.current().manifest.build == before
    assert "plugdesk index" in caplog.text


def test_a_pointer_that_vanishes_leaves_the_index_serving(
    root: Path, live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "CURRENT").unlink()
    with caplog.at_level(logging.ERROR, logger="bot.live"):
        settled(live)
    assert live.current().rank("cable stuck", "en").best.id == "cable-stuck"
    assert "There is no index" in caplog.text


def test_a_good_build_takes_over_after_a_damaged_one(
    small_kb: Path, root: Path, live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    before = current_build(root).name
    build_again(small_kb, root)
    damage(root)
    with caplog.at_level(logging.CRITICAL, logger="bot.live"):
        settled(live)
        point_to(root, before)
        edit(small_kb / "articles/en/cable-stuck.md", STEP[1], STEP[0])
        built = build_index(small_kb, root, LetterEmbedder()).build
        until(lambda: live.current().manifest.build == built)


def test_a_new_build_is_looked_for_only_now_and_then(
    small_kb: Path, root: Path, live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "LOOK_EVERY", 3_600.0)
    before = live.current().manifest.build
    build_again(small_kb, root)
    settled(live)
    assert live.current().manifest.build == before


class RollsBack(LetterEmbedder):
    """Lets the earlier build serve at the moment at which an index is being opened."""

    def __init__(self, root: Path) -> None:
        self._root: Path | None = None
        super().__init__()
        self._root = root

    @property
    def fingerprint(self) -> str:
        if self._root:
            root, self._root = self._root, None
            roll_back(root)
        return self._fingerprint

    @fingerprint.setter
    def fingerprint(self, value: str) -> None:
        self._fingerprint = value


def test_a_build_that_takes_over_while_the_first_is_opened_is_not_missed(small_kb: Path, root: Path) -> None:
    before = current_build(root).name
    (root / "builds" / before).rename(root / "builds" / "20200101T000000-aaaaaa")
    point_to(root, "20200101T000000-aaaaaa")
    edit(current_build(root) / "manifest.json", before, "20200101T000000-aaaaaa")
    build_again(small_kb, root)
    live = LiveIndex(root, RollsBack(root))
    settled(live)
    assert live.current().manifest.build == current_build(root).name


def test_without_any_index_nothing_is_opened(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="plugdesk index"):
        LiveIndex(tmp_path, LetterEmbedder())


def test_a_new_build_takes_over_although_nobody_asks(
    small_kb: Path, root: Path, live: LiveIndex, guesser: LanguageGuesser, templates: Templates,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The first driver after an hour without any was answered from the old build."""
    caplog.set_level(logging.INFO, "bot.live")
    talks = conversations(MemoryConversations(), live, guesser, templates)
    with TestClient(create_app(services_of(talks), small_kb)):
        built = build_again(small_kb, root)
        until(lambda: f"now serving the index {built}" in caplog.text)
