"""What everything that keeps cases must do. A new backend is one more branch of the ``cases`` fixture."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from bot.adapters.panel.cases import PORTION, SqliteCases
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import IN_MEMORY
from bot.care import Assigned, Closed, Linked, Snoozed, Tagged
from bot.events import Event, Happening
from bot.panel.cases.case import Case, line_of
from bot.panel.cases.ports import VIEWS, Cases, Change, Counts, Filter, Mark
from bot.types import Context, Identity
from tests.bot.panel.events import (
    KARI,
    LUC,
    NINE,
    called,
    events,
    joined,
    learned,
    noted,
    random_events,
    said,
    understood,
)

EVERYTHING = Filter()


@pytest.fixture(params=["memory", "file"])
def cases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cases]:
    path = IN_MEMORY if request.param == "memory" else tmp_path / "panel.db"
    files = [PanelFile(path)] if request.param == "memory" else [PanelFile(path), PanelFile(path)]
    yield SqliteCases(*files)
    for file in files:
        file.close()


def change(conversation: str, log: list[Event], before: Case | None = None) -> Change:
    old = before or Case(conversation=conversation)
    lines = tuple(line for event in log if event.number > old.number and (line := line_of(event)))
    return Change(old.number, old.after(log), lines)


def put(
    cases: Cases, conversation: str, *happenings: Happening, context: Context | None = None, minute: int = 0
) -> Case:
    """Keep a conversation in which that happened, beginning so many minutes past nine; one event a minute."""
    log = events(*happenings, context=context, at=NINE + timedelta(minutes=minute))
    assert not cases.put([change(conversation, log)])
    return cases.of([conversation])[conversation]


def names(found: object) -> list[str]:
    return [case.conversation for case in found.cases]


def found(cases: Cases, text: str) -> list[str]:
    return [hit.case.conversation for hit in cases.search(text, 20)]


def test_a_case_comes_back_as_it_was(cases: Cases) -> None:
    for seed in range(8):
        made = change(f"c{seed}", random_events(seed, 30))
        cases.put([made])
        assert cases.of([f"c{seed}", "nobody"]) == {f"c{seed}": made.case}


def test_urgent_ones_come_first_then_who_has_waited_longest_then_the_newest(cases: Cases) -> None:
    put(cases, "old talk", said("hello"))
    put(cases, "late", called(), minute=30)
    put(cases, "early", called(), minute=10)
    put(cases, "danger", called(urgent=True), minute=50)
    put(cases, "earlier danger", called(urgent=True), minute=45)
    put(cases, "new talk", said("hello"), minute=70)
    put(cases, "put off", Snoozed(by=KARI, until=NINE + timedelta(days=1)), minute=5)
    order = ["earlier danger", "danger", "early", "late", "put off", "new talk", "old talk"]
    assert names(cases.page(EVERYTHING, None, 20)) == order


def test_each_view_has_its_cases_and_counts_them(cases: Cases) -> None:
    put(cases, "waits", called())
    put(cases, "burns", called(urgent=True))
    put(cases, "kari's", called(), joined())
    put(cases, "for kari", Assigned(by=LUC, to=KARI))
    put(cases, "luc's", called(), joined(LUC))
    put(cases, "put off", Snoozed(by=KARI, until=NINE + timedelta(days=1)))
    put(cases, "done", called(), Closed(by=KARI, why="solved"))
    shown = {view: set(names(cases.page(Filter(view=view, me=KARI.id), None, 20))) for view in VIEWS}
    assert shown.pop("all") == {"waits", "burns", "kari's", "for kari", "luc's", "put off", "done"}
    assert shown == {
        "waiting": {"waits", "burns"}, "mine": {"kari's", "for kari"}, "snoozed": {"put off"}, "closed": {"done"},
    }  # fmt: skip
    counts = cases.counts(Filter(view="closed", me=KARI.id))
    assert counts == Counts(waiting=2, urgent=1, mine=2, snoozed=1, closed=1, all=7)


def test_filters_narrow_what_is_shown_and_counted(cases: Cases) -> None:
    put(cases, "fr", understood(language="fr"), called(), context=Context(vendor="eponet", channel="matrix"))
    put(cases, "nb", understood(language="nb"), called(), joined(), context=Context(vendor="wallbox"))
    put(cases, "vip", Tagged(by=KARI, tags=("vip", "cable")))
    wanted = {
        "fr": [Filter(language="fr"), Filter(vendor="eponet"), Filter(channel="matrix"), Filter(stage="waiting")],
        "nb": [Filter(language="nb"), Filter(keeper=KARI.id), Filter(language="nb", channel="", stage="person")],
        "vip": [Filter(tag="vip"), Filter(stage="bot", keeper="")],
    }
    for name, filters in wanted.items():
        for each in filters:
            assert names(cases.page(each, None, 20)) == [name], each
            assert cases.counts(each).all == 1
    assert names(cases.page(Filter(language="de"), None, 20)) == []
    choices = cases.choices()
    assert (choices.languages, choices.vendors) == (("fr", "nb"), ("eponet", "wallbox"))
    assert (choices.channels, choices.tags) == (("", "matrix"), ("cable", "vip"))


def test_nothing_in_a_filter_is_syntax(cases: Cases) -> None:
    put(cases, "c", called())
    for text in ("' or 1=1 --", '"', "%", "\0", "\ud800"):
        clean = text.encode("utf-8", "replace").decode()
        for wanted in (Filter(language=clean), Filter(tag=clean), Filter(keeper=clean), Filter(view="mine", me=clean)):
            assert names(cases.page(wanted, None, 20)) == []


def test_pages_follow_each_other_whatever_comes_in_between(cases: Cases) -> None:
    for number in range(7):
        put(cases, f"c{number}", called(), minute=number)
    first = cases.page(EVERYTHING, None, 3)
    put(cases, "danger", called(urgent=True), minute=90)
    second = cases.page(EVERYTHING, first.next, 3)
    third = cases.page(EVERYTHING, second.next, 3)
    assert [names(page) for page in (first, second, third)] == [["c0", "c1", "c2"], ["c3", "c4", "c5"], ["c6"]]
    assert third.next is None


@pytest.mark.parametrize("count", [3, 4])
def test_a_page_tells_whether_there_are_more(cases: Cases, count: int) -> None:
    for number in range(count):
        put(cases, f"c{number}", called())
    assert (cases.page(EVERYTHING, None, 3).next is None) == (count == 3)


def test_words_are_found_whoever_said_them_in_any_case_and_without_accents(cases: Cases) -> None:
    put(cases, "a", said("Où est mon REÇU ?"), noted("paid by café card"))
    put(cases, "b", said("kabelen sitter fast"), minute=5)
    for text in ("reçu", "RECU", "ou recu", "cafe recu", "caf"):
        assert found(cases, text) == ["a"], text
    assert found(cases, "kabel") == ["b"]
    assert found(cases, "kabel café") == []


def test_what_was_found_is_shown_with_what_stands_around_it(cases: Cases) -> None:
    put(cases, "c", said("the cable is <b>stuck</b> since noon \ue000"))
    (hit,) = cases.search("stuck", 5)
    assert hit.by == "text"
    assert [piece.text for piece in hit.excerpt if piece.hit] == ["stuck"]
    assert "".join(piece.text for piece in hit.excerpt) == "the cable is <b>stuck</b> since noon "


@pytest.mark.parametrize(
    "text",
    ["* ) OR", '"', '""', "stuck*", "NEAR(stuck", "text:stuck", "stuck AND", "-stuck", "^", "", "   ", "\0", "\ud800",
     "(((", "a" * 5000, "stuck " * 500, "🔌", "stuck\0cable"],
)  # fmt: skip
def test_nothing_in_a_search_is_syntax(cases: Cases, text: str) -> None:
    put(cases, "c", said("stuck"))
    assert set(found(cases, text)) <= {"c"}


def test_operators_are_words(cases: Cases) -> None:
    put(cases, "a", said("plug or socket"))
    put(cases, "b", said("plug"))
    assert found(cases, "plug OR nothing") == []
    assert found(cases, "plug OR") == ["a"]
    assert set(found(cases, "plug )")) == {"a", "b"}


def test_ids_are_found_as_people_write_them(cases: Cases) -> None:
    identity = Identity(user="ane@example.org", accounts=("40711",))
    put(
        cases,
        "a",
        learned(station="CH*EPO*E4521"),
        Linked(by=KARI, ticket="R-20418"),
        context=Context(identity=identity),
    )
    put(cases, "B_c-1", learned(charger="310244"), minute=5)
    wanted = {
        "40711": "account", "ch epo e4521": "station", "CHEPOE4521": "station", "r-20418": "ticket", "R20418": "ticket",
        "Ane@Example.org": "user",
    }  # fmt: skip
    for text, by in wanted.items():
        assert [(hit.case.conversation, hit.by) for hit in cases.search(text, 5)] == [("a", by)], text
    assert [(hit.case.conversation, hit.by) for hit in cases.search(" B_c-1 ", 5)] == [("B_c-1", "conversation")]
    assert found(cases, "310244") == ["B_c-1"]


def test_a_value_that_was_taken_back_is_no_longer_an_id_of_the_case(cases: Cases) -> None:
    put(cases, "c", learned(station="4521"), learned(station="4512"))
    assert found(cases, "4521") == []
    assert found(cases, "4512") == ["c"]


def test_who_is_found_by_id_comes_before_who_said_it_and_the_newest_first(cases: Cases) -> None:
    put(cases, "said", said("it is 4521"), minute=60)
    put(cases, "old", learned(station="4521"))
    put(cases, "new", learned(station="4521"), said("hello"), minute=30)
    put(cases, "said later", said("it is 4521"), minute=90)
    assert found(cases, "4521") == ["new", "old", "said later", "said"]
    assert [hit.case.conversation for hit in cases.search("4521", 3)] == ["new", "old", "said later"]


def test_words_of_a_very_long_conversation_are_all_found(cases: Cases) -> None:
    filler = "lorem " * (PORTION // 20)
    log = events(*(said(f"word{number} {filler}") for number in range(9)), said("the end"))
    before: Case | None = None
    for until in range(1, len(log) + 1):
        step = change("long", log[:until], before)
        assert not cases.put([step])
        before = step.case
    for word in ("word0", "word4", "word8", "end"):
        assert found(cases, word) == ["long"], word


def test_who_said_it_last_is_found_first_whoever_was_kept_first(cases: Cases) -> None:
    first = change("goes on", events(said("needle"), at=NINE))
    put(cases, "newest", said("needle"), minute=60)
    put(cases, "oldest", said("needle"), minute=-60)
    put(cases, "middle", said("needle"), minute=30)
    cases.put([first])
    assert found(cases, "needle") == ["newest", "middle", "goes on", "oldest"]
    later = [*events(said("needle"), at=NINE), *events(said("hello"), at=NINE + timedelta(hours=2))[1:]]
    renumbered = [event.model_copy(update={"number": number}) for number, event in enumerate(later, 1)]
    assert not cases.put([change("goes on", renumbered, first.case)])
    assert found(cases, "needle") == ["goes on", "newest", "middle", "oldest"]
    assert [hit.case.conversation for hit in cases.search("needle", 2)] == ["goes on", "newest"]


def test_all_who_said_it_at_the_same_moment_are_found(cases: Cases) -> None:
    for number in range(4):
        put(cases, f"c{number}", said("needle"))
    assert set(found(cases, "needle")) == {"c0", "c1", "c2", "c3"}


def test_a_long_conversation_hides_no_other(cases: Cases) -> None:
    put(cases, "short", said("needle"), minute=-60)
    before = Case(conversation="long")
    log = events(*(said(f"needle {'lorem ' * (PORTION // 10)}") for _ in range(6)))
    for until in range(2, len(log) + 1):
        step = change("long", log[:until], before)
        assert not cases.put([step])
        before = step.case
    assert [hit.case.conversation for hit in cases.search("needle", 2)] == ["long", "short"]


def test_the_conversations_of_a_driver_come_newest_first(cases: Cases) -> None:
    ane, per = (Context(identity=Identity(user=user)) for user in ("ane", "per"))
    put(cases, "first", said("a"), context=ane)
    put(cases, "second", said("b"), context=ane, minute=9)
    put(cases, "other", said("c"), context=per)
    assert [case.conversation for case in cases.of_driver("ane", 5)] == ["second", "first"]
    assert [case.conversation for case in cases.of_driver("ane", 1)] == ["second"]
    assert not cases.of_driver("nobody", 5)


def test_a_snooze_ends_once(cases: Cases) -> None:
    until = NINE + timedelta(hours=1)
    put(cases, "c", called(), Snoozed(by=KARI, until=until))
    put(cases, "later", Snoozed(by=KARI, until=until + timedelta(hours=5)))
    assert not cases.wake(until - timedelta(seconds=1))
    (((before, after)),) = cases.wake(until)
    assert (before.stage, after.stage, after.conversation) == ("snoozed", "waiting", "c")
    assert not cases.wake(until)
    assert names(cases.page(Filter(view="waiting"), None, 5)) == ["c"]
    assert cases.of(["c"])["c"] == after


def test_who_comes_second_changes_nothing_and_is_told(cases: Cases) -> None:
    log = events(said("one"), said("two"), said("three"))
    first = change("c", log[:2])
    assert not cases.put([first])
    assert not cases.put([change("c", log, first.case)])
    late = change("c", log[:3], first.case)
    assert cases.put([late, change("d", log)]) == {"c"}
    assert cases.of(["c"])["c"].number == 4
    assert set(cases.of(["d"])) == {"d"}


def test_of_several_who_saw_the_same_case_one_moves_it_on(tmp_path: Path) -> None:
    files = [PanelFile(tmp_path / "panel.db") for _ in range(4)]
    stores, together = [SqliteCases(file) for file in files], Barrier(4)
    log = events(said("needle"))

    def move(cases: Cases, conversation: str) -> bool:
        together.wait()
        return not cases.put([change(conversation, log)])

    with ThreadPoolExecutor(4) as pool:
        for number in range(10):
            assert list(pool.map(move, stores, [f"c{number}"] * 4)).count(True) == 1
    assert len(stores[0].search("needle", 50)) == 10
    for file in files:
        file.close()


def test_the_mark_is_moved_by_one_who_saw_where_it_stood(cases: Cases) -> None:
    assert cases.mark() is None
    cases.begin_anew(3, "sqlite:///talks.db")
    assert cases.mark() == Mark(3, "sqlite:///talks.db", 0)
    assert cases.advance(0, 7)
    assert not cases.advance(0, 9)
    assert cases.mark() == replace(Mark(3, "sqlite:///talks.db", 0), mark=7)


def test_who_begins_anew_has_forgotten_everything(cases: Cases) -> None:
    put(cases, "c", learned(station="4521"), said("hello"), Tagged(by=KARI, tags=("vip",)))
    cases.begin_anew(1, "memory:")
    assert not cases.of(["c"])
    assert found(cases, "hello") == found(cases, "4521") == []
    assert cases.counts(EVERYTHING) == Counts()
    assert cases.choices().tags == ()
    put(cases, "c", said("hello"))
    assert found(cases, "hello") == ["c"]
