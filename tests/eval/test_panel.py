"""What ``python -m eval.panel`` measures is an inbox as it should be: smaller here, and without a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.adapters.panel.cases import SqliteCases
from bot.adapters.panel.figures import SqliteRecords
from bot.adapters.panel.sqlite import PanelFile, SqliteSessions
from bot.adapters.sqlite import IN_MEMORY
from bot.panel.cases.case import Case
from bot.panel.cases.ports import VIEWS, Cases, Filter, Place
from eval.panel_log import LANGUAGES, conversation, fill, signed_in

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COUNT = 600


@pytest.fixture(scope="module")
def cases() -> Iterator[Cases]:
    file = PanelFile(IN_MEMORY)
    filled = SqliteCases(file)
    fill(filled, SqliteRecords(file), COUNT, NOW)
    yield filled
    file.close()


@pytest.fixture(scope="module")
def known() -> list[Case]:
    """The same, folded one by one and kept in a list."""
    return [Case(conversation=f"synthetic-{seed}").after(conversation(seed, NOW)) for seed in range(COUNT)]


def everything(cases: Cases, wanted: Filter) -> list[Case]:
    found: list[Case] = []
    after: Place | None = None
    while True:
        page = cases.page(wanted, after, 37)
        found += page.cases
        if page.next is None:
            return found
        after = page.next


@pytest.mark.parametrize("view", VIEWS)
def test_pages_of_a_view_hold_each_of_its_cases_once(cases: Cases, known: list[Case], view: str) -> None:
    wanted = {
        "waiting": lambda case: case.stage == "waiting", "snoozed": lambda case: case.stage == "snoozed",
        "closed": lambda case: case.stage == "closed", "all": lambda case: True,
        "mine": lambda case: case.keeper is not None and case.keeper.id == "a-7",
    }  # fmt: skip
    found = Counter(case.conversation for case in everything(cases, Filter(view=view, me="a-7")))
    assert found == Counter(case.conversation for case in known if wanted[view](case))


def test_cases_of_all_pages_are_in_order(cases: Cases) -> None:
    found = everything(cases, Filter())
    waiting = [case for case in found if case.since]
    assert [case.urgent for case in found] == sorted((case.urgent for case in found), reverse=True)
    assert waiting == sorted(waiting, key=lambda case: (not case.urgent, case.since))
    rest = [case.last_at for case in found if not case.since and not case.urgent]
    assert rest == sorted(rest, reverse=True)


def test_filters_find_what_a_look_at_each_case_finds(cases: Cases, known: list[Case]) -> None:
    for language in LANGUAGES:
        wanted = Filter(language=language, vendor="wallbox", channel="matrix", stage="closed")
        expected = {
            case.conversation for case in known
            if (case.language, case.vendor, case.channel, case.stage) == (language, "wallbox", "matrix", "closed")
        }  # fmt: skip
        assert {case.conversation for case in everything(cases, wanted)} == expected
        assert cases.counts(wanted).all == len(expected)


def test_the_search_finds_what_a_look_at_each_line_finds(cases: Cases) -> None:
    def said(seed: int, word: str) -> bool:
        texts = (getattr(each.happening, "message", None) or getattr(each.happening, "reply", None) or each.happening
                 for each in conversation(seed, NOW))  # fmt: skip
        return any(word in getattr(text, "text", "").split() for text in texts)

    for word in ("rare17", "rare3999", "rare1234"):
        expected = {f"synthetic-{seed}" for seed in range(COUNT) if said(seed, word)}
        found = {hit.case.conversation for hit in cases.search(word, COUNT)}
        assert expected <= found


def test_agents_are_signed_in() -> None:
    file = PanelFile(IN_MEMORY)
    secrets = signed_in(file, NOW, 3)
    sessions = [SqliteSessions(file).of(secret) for secret in secrets]
    assert [session.agent for session in sessions if session] == ["a-0", "a-1", "a-2"]
    file.close()
