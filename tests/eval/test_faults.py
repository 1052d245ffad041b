"""The fault harness finds nothing in what ships, and finds what is broken on purpose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.tools.ledger import Begun, Entry
from eval.faults import _Ledger, play
from indexer.search import Index

RUNS = 60


def wrongs(index: Index) -> list[str]:
    return [each for _, _, wrong in play(index, RUNS, seed=0) for each in wrong]


def test_whatever_fails_nothing_runs_twice_unasked_or_gets_lost(shipped_index: Index) -> None:
    assert wrongs(shipped_index) == []


def test_a_ledger_that_forgets_is_found_out(shipped_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgets(self: _Ledger, entry: Entry, at: datetime, cooldown: timedelta) -> Any:
        super(_Ledger, self).begin(entry, at, cooldown)
        return Begun()

    monkeypatch.setattr(_Ledger, "begin", forgets)
    assert any("times" in each for each in wrongs(shipped_index))
