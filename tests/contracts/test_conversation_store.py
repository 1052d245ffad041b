"""What every store of conversations must do. A new backend is one more branch of the ``store`` fixture."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event, Thread

import psutil
import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.conversations.sqlite import SqliteConversations
from bot.errors import ConversationConflict, UnknownConversation
from bot.events import (
    BotSaid,
    ContextChanged,
    Decided,
    DriverSaid,
    Fact,
    Feedback,
    Happening,
    Rated,
    Started,
    Understood,
)
from bot.ports import ConversationStore
from bot.types import (
    ArticleOrigin,
    Choice,
    Context,
    Decision,
    HeadingPart,
    Message,
    PicturePart,
    QuickReply,
    Source,
    StepsPart,
)
from tests.doubles import a_reply, an_understanding

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEN = datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=UTC)
STARTED = Started(context=Context(locale="nb-NO", vendor="eponet", country="CH"))
ORIGIN = ArticleOrigin(article="cable-stuck", language="fr", section="lead")
FULL_REPLY = a_reply(
    decision="answer",
    topic="cable-stuck",
    parts=(
        HeadingPart(text="Que faire ?", origin=ORIGIN),
        StepsPart(items=("Arrêtez la charge.", "Tirez."), origin=ORIGIN),
        PicturePart(src="/pictures/release-cable.svg", alt="Dessin", origin=ORIGIN),
    ),
    quick_replies=(QuickReply(label="Deutsch", choice=Choice(kind="language", value="de")),),
    sources=(Source(article="cable-stuck", title="Câble", language="fr", sections=("lead",), updated="21.11."),),
)


def said(text: str) -> DriverSaid:
    return DriverSaid(message=Message(id=f"m-{text}", text=text))


def texts(store: ConversationStore, conversation: str = "c") -> list[str]:
    """What the driver said, in the store's order."""
    happenings = [event.happening for event in store.events(conversation)]
    return [each.message.text for each in happenings if isinstance(each, DriverSaid)]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    opened = MemoryConversations() if request.param == "memory" else SqliteConversations(tmp_path / "talks.db")
    yield opened
    opened.close()


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Threads take turns as often as Python can, so that a gap between check and append shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_a_new_conversation_holds_its_first_event(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    (event,) = store.events("c")
    assert (event.number, event.at, event.happening) == (1, NINE, STARTED)


@pytest.mark.parametrize(
    "happening",
    [
        Started(context=Context()),
        DriverSaid(
            message=Message(id="1", text="står fast 🔌\n«sju»", client_id="x", choice=Choice(kind="topic", value="t"))
        ),
        DriverSaid(message=Message(id="1", text="")),
        Understood(message_id="1", understanding=an_understanding(classes={"greeting": 0.25}, vendor="wallbox")),
        Decided(message_id="1", decision=Decision(kind="choices", topics=("a", "b"), confidence=0.5, reason="several")),
        BotSaid(message_id="1", reply=FULL_REPLY),
        ContextChanged(facts=(Fact(slot="station", value="4521", source="app"),), locale="nb", unread=("error_code",)),
        Feedback(reply="r-1", helped=False),
        Rated(stars=5, comment="Merci ! 🔌"),
    ],
    ids=lambda happening: happening.type,
)
def test_what_is_appended_comes_back_unchanged(store: ConversationStore, happening: Happening) -> None:
    store.create("c", STARTED, NINE)
    store.append("c", [happening], TEN, expected=1)
    event = store.events("c")[1]
    assert (event.at, event.happening) == (TEN, happening)


def test_events_are_numbered_in_order_without_gaps(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    store.append("c", [said("a"), said("b")], NINE, expected=1)
    store.append("c", [said("c")], TEN, expected=3)
    assert [event.number for event in store.events("c")] == [1, 2, 3, 4]
    assert texts(store) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("after", "limit", "numbers"),
    [
        (0, None, [1, 2, 3, 4, 5]),
        (2, None, [3, 4, 5]),
        (0, 2, [1, 2]),
        (2, 2, [3, 4]),
        (4, 2, [5]),
        (5, 2, []),
        (99, None, []),
        (0, 99, [1, 2, 3, 4, 5]),
    ],
)
def test_events_can_be_read_page_by_page(
    store: ConversationStore, after: int, limit: int | None, numbers: list[int]
) -> None:
    store.create("c", STARTED, NINE)
    store.append("c", [said(text) for text in "abcd"], NINE, expected=1)
    assert [event.number for event in store.events("c", after, limit)] == numbers


def test_conversations_do_not_mix(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    store.create("C", STARTED, NINE)
    store.append("c", [said("mine")], NINE, expected=1)
    store.append("C", [said("theirs")], NINE, expected=1)
    assert (texts(store, "c"), texts(store, "C")) == (["mine"], ["theirs"])


def test_a_reader_cannot_change_what_is_kept(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    store.events("c").clear()
    assert len(store.events("c")) == 1


def test_reading_an_unknown_conversation_is_refused(store: ConversationStore) -> None:
    with pytest.raises(UnknownConversation):
        store.events("nobody")


def test_a_page_of_an_unknown_conversation_is_refused(store: ConversationStore) -> None:
    with pytest.raises(UnknownConversation):
        store.events("nobody", after=3, limit=2)


def test_appending_to_an_unknown_conversation_is_refused(store: ConversationStore) -> None:
    with pytest.raises(UnknownConversation):
        store.append("nobody", [said("hello")], NINE, expected=0)


def test_an_id_that_is_taken_cannot_be_created_again(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    with pytest.raises(ConversationConflict):
        store.create("c", Started(context=Context()), TEN)
    assert store.events("c")[0].happening == STARTED


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_appending_after_another_event_than_the_last_is_a_conflict(store: ConversationStore, expected: int) -> None:
    store.create("c", STARTED, NINE)
    store.append("c", [said("first")], NINE, expected=1)
    with pytest.raises(ConversationConflict):
        store.append("c", [said("second"), said("third")], NINE, expected=expected)
    assert texts(store) == ["first"]


@pytest.mark.usefixtures("impatient_threads")
def test_of_several_threads_that_saw_the_same_last_event_one_appends(store: ConversationStore) -> None:
    together = Barrier(6)

    def append(conversation: str, writer: int) -> bool:
        together.wait()
        try:
            store.append(conversation, [said(str(writer))] * 30, NINE, expected=1)
        except ConversationConflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        for round_number in range(60):
            conversation = f"c{round_number}"
            store.create(conversation, STARTED, NINE)
            won = list(pool.map(append, [conversation] * 6, range(6)))
            assert won.count(True) == 1
            assert texts(store, conversation) == [str(won.index(True))] * 30


def test_turns_under_the_lock_never_conflict(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)

    def turn(text: str) -> None:
        with store.lock("c"):
            store.append("c", [said(text)], NINE, expected=store.events("c")[-1].number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(turn, [str(number) for number in range(60)]))
    assert sorted(texts(store), key=int) == [str(number) for number in range(60)]


def test_a_turn_of_one_conversation_does_not_hold_up_another(store: ConversationStore) -> None:
    entered = Event()

    def other() -> None:
        with store.lock("other"):
            entered.set()

    with store.lock("c"):
        thread = Thread(target=other)
        thread.start()
        assert entered.wait(timeout=5)
    thread.join()


def test_a_failed_turn_gives_the_lock_back(store: ConversationStore) -> None:
    with pytest.raises(ValueError, match="the turn failed"), store.lock("c"):
        raise ValueError("the turn failed")
    entered = Event()

    def next_turn() -> None:
        with store.lock("c"):
            entered.set()

    Thread(target=next_turn, daemon=True).start()
    assert entered.wait(timeout=5)


def test_two_processes_on_one_file_cannot_both_append(tmp_path: Path) -> None:
    here, there = SqliteConversations(tmp_path / "talks.db"), SqliteConversations(tmp_path / "talks.db")
    here.create("c", STARTED, NINE)
    there.append("c", [said("theirs")], NINE, expected=1)
    with pytest.raises(ConversationConflict):
        here.append("c", [said("mine")], NINE, expected=1)
    assert texts(here) == texts(there) == ["theirs"]
    here.close()
    there.close()


def test_two_processes_on_one_file_at_the_same_moment_cannot_both_append(tmp_path: Path) -> None:
    stores = [SqliteConversations(tmp_path / "talks.db") for _ in range(4)]
    together = Barrier(4)

    def append(store: SqliteConversations, conversation: str) -> bool:
        together.wait()
        try:
            store.append(conversation, [said("a"), said("b")], NINE, expected=1)
        except ConversationConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        for round_number in range(20):
            conversation = f"c{round_number}"
            stores[0].create(conversation, STARTED, NINE)
            won = list(pool.map(append, stores, [conversation] * 4))
            assert (won.count(True), texts(stores[0], conversation)) == (1, ["a", "b"])
    for store in stores:
        store.close()


def test_a_file_keeps_conversations_when_the_process_ends(tmp_path: Path) -> None:
    before = SqliteConversations(tmp_path / "new folder" / "talks.db")
    before.create("c", STARTED, NINE)
    before.append("c", [said("still here")], NINE, expected=1)
    before.close()
    after = SqliteConversations(tmp_path / "new folder" / "talks.db")
    assert texts(after) == ["still here"]
    after.close()


def test_threads_that_come_and_go_leave_no_connection_behind(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = SqliteConversations(path)
    store.create("c", Started(context=Context()), NINE)

    def opened() -> int:
        return sum(each.path.startswith(str(path)) for each in psutil.Process().open_files())

    before = opened()
    for _ in range(20):
        thread = Thread(target=store.events, args=("c",))
        thread.start()
        thread.join()
    assert opened() == before
    store.close()


def test_what_was_appended_since_a_mark_is_told_by_conversation(store: ConversationStore) -> None:
    for name in ("before", "c", "d"):
        store.create(name, STARTED, NINE)
    mark, _ = store.appended(None)
    store.append("c", [said("one"), said("two")], TEN, expected=1)
    store.append("c", [said("three")], TEN, expected=3)
    store.create("new", STARTED, TEN)
    later, changed = store.appended(mark)
    assert changed == {"c": 4, "new": 1}
    assert store.appended(later) == (later, {})


def test_who_has_much_to_catch_up_with_goes_through_it_in_portions(store: ConversationStore) -> None:
    for number in range(5):
        store.create(f"c{number}", STARTED, NINE)
        store.append(f"c{number}", [said("hello")], TEN, expected=1)
    mark, seen, portions = 0, {}, 0
    while (further := store.appended(mark, most=3))[0] != mark:
        mark, changed = further
        assert len(changed) <= 3
        seen |= changed
        portions += 1
    assert seen == {f"c{number}": 2 for number in range(5)}
    assert portions > 1
    assert mark == store.appended(None)[0]


def test_without_a_mark_nothing_is_told_but_the_mark(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    assert store.appended(None)[1] == {}


def test_a_conflict_is_nothing_that_was_appended(store: ConversationStore) -> None:
    store.create("c", STARTED, NINE)
    mark, _ = store.appended(None)
    with pytest.raises(ConversationConflict):
        store.append("c", [said("late")], TEN, expected=7)
    assert store.appended(mark) == (mark, {})


def test_another_process_is_heard_of_through_the_file(tmp_path: Path) -> None:
    ours, theirs = (SqliteConversations(tmp_path / "talks.db") for _ in range(2))
    ours.create("c", STARTED, NINE)
    mark, _ = ours.appended(None)
    theirs.append("c", [said("hello")], TEN, expected=1)
    assert ours.appended(mark)[1] == {"c": 2}
    ours.close()
    theirs.close()
