"""The safety set: large enough, well formed, apart from what is trained on, and the lane is above its bars."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.understanding.safety import Danger, Hazard, SafetyLane
from eval.safety import Line, Score, safety_lines, score, utterances
from indexer.knowledge import DRIVER_LANGUAGES

LEAST_LINES = 45
LEAST_RECALL = 0.99
MOST_ALARMS = 0.02
LINES = safety_lines()
ASSESS = SafetyLane.load().assess


def of(language: str) -> list[Line]:
    return [line for line in LINES if line.language == language]


def hears_fire(text: str) -> Danger | None:
    return Danger((Hazard.FIRE,), "fire") if "fire" in text else None


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_a_language_has_enough_dangers_and_look_alikes(language: str) -> None:
    dangers = sum(bool(line.hazards) for line in of(language))
    assert min(dangers, len(of(language)) - dangers) >= LEAST_LINES


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_danger_is_heard_in_every_language(language: str) -> None:
    assert score(of(language), ASSESS).recall >= LEAST_RECALL


def test_look_alikes_raise_few_alarms() -> None:
    assert score(LINES, ASSESS).false_alarms <= MOST_ALARMS


def test_every_hazard_is_one_of_the_lanes() -> None:
    assert {hazard for line in LINES for hazard in line.hazards} == set(map(str, Hazard))


def test_no_line_occurs_twice() -> None:
    counts = Counter((line.language, line.text.casefold()) for line in LINES)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_no_line_is_trained_on(language: str) -> None:
    trained = {text.casefold() for _, text in utterances(language) if len(text.split()) > 2}
    assert [line.text for line in of(language) if line.text.casefold() in trained] == []


def test_recall_and_false_alarms_are_counted_apart() -> None:
    lines = [
        Line("en", 1, "fire", frozenset({"fire"})),
        Line("en", 2, "smoke", frozenset({"fire"})),
        Line("en", 3, "hot fire", frozenset({"heat"})),
        Line("en", 4, "firewall", frozenset()),
        Line("en", 5, "hello", frozenset()),
    ]
    found = score(lines, hears_fire)
    assert found == Score(dangers=3, heard=2, named=1, harmless=2, alarms=1)
    assert (found.recall, found.false_alarms) == (2 / 3, 1 / 2)


def test_a_danger_without_a_hazard_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("label\thazards\ttext\ndanger\t\tsmoke\n")
    with pytest.raises(ValueError, match=r"en\.tsv, line 2"):
        safety_lines(tmp_path)
