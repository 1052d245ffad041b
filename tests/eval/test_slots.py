"""The slot finder keeps to its bar on the project's own set."""

from __future__ import annotations

import pytest

from bot.understanding.slots import Slot, SlotFinder
from eval.slots import found_by, score, slot_lines
from indexer.knowledge import DRIVER_LANGUAGES

LINES = slot_lines()


@pytest.fixture(scope="module")
def finder() -> SlotFinder:
    return SlotFinder.load()


def test_the_set_has_enough_of_every_language() -> None:
    assert len(LINES) >= 600
    assert min(sum(line.language == each for line in LINES) for each in DRIVER_LANGUAGES) >= 60


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_values_are_found_and_nothing_else(finder: SlotFinder, language: str) -> None:
    own = [line for line in LINES if line.language == language]
    assert score(own, found_by(finder)).f1 >= 0.97


def test_a_slot_that_nobody_wrote_counts_as_right(finder: SlotFinder) -> None:
    nothing = [line for line in LINES if not line.slots][:5]
    assert score(nothing, lambda text, expected: ()).f1 == 1.0
    assert score(nothing, lambda text, expected: {(Slot.STATION.value, "1")}).precision == 0.0
