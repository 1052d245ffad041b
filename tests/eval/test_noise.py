"""Each rung of the ladder does what its name says, and the same line always gets the same noise."""

from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import DamerauLevenshtein

from eval.noise import LADDER, additions, dictated, greeted, mistyped, with_log, with_tail, with_word
from indexer.knowledge import DRIVER_LANGUAGES

LINE = "Hvorfor får jeg ikke startet ladingen på 4521, for søren?"
RUNGS = {step.name: step for step in LADDER}


@pytest.mark.parametrize("seed", range(40))
def test_a_slip_is_one_slip_inside_a_word(seed: int) -> None:
    noisy = mistyped(LINE, random.Random(seed))
    assert DamerauLevenshtein.distance(LINE, noisy) <= 1
    assert "4521," in noisy.split()


def test_slips_differ_and_most_change_the_line() -> None:
    found = {mistyped(LINE, random.Random(seed)) for seed in range(60)}
    assert len(found - {LINE}) > 30


@pytest.mark.parametrize("text", ["", "ok", "4521", "CHF 49.80?"])
def test_a_line_without_longer_words_has_no_place_for_a_slip(text: str) -> None:
    assert mistyped(text, random.Random(1)) == text


@pytest.mark.parametrize("step", LADDER, ids=lambda step: step.name)
@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_the_same_line_gets_the_same_noise(step: object, language: str) -> None:
    rung = RUNGS[getattr(step, "name", "")]
    assert rung("q-1", LINE, language) == rung("q-1", LINE, language)


def test_another_line_gets_other_noise() -> None:
    assert len({RUNGS["one typo"](f"q-{number}", LINE, "nb") for number in range(20)}) > 5


def test_the_rungs_without_chance() -> None:
    assert RUNGS["no accents"]("q", "på où müßte", "nb") == "pa ou mußte"
    assert RUNGS["transliterated"]("q", "på für Ærlig", "nb") == "paa fuer Aerlig"
    assert RUNGS["capitals"]("q", "für groß", "de") == "FÜR GROSS"


def test_dictation_knows_no_signs_and_keeps_numbers() -> None:
    assert dictated("L'App zeigt: 49.80 CHF – warum?! Konto 20917.") == "l app zeigt 49.80 chf warum konto 20917"


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_what_is_added_stands_around_the_line(language: str) -> None:
    chance = random.Random(language)
    assert greeted(LINE, language, chance).endswith(LINE)
    assert with_tail(LINE, language, chance).startswith(LINE.rstrip("?"))
    assert with_log(LINE, chance).startswith(LINE + "\n")
    assert sorted(set(with_word(LINE, language, chance).split()) - set(LINE.split())) != []


def test_words_of_another_language_are_of_another_one() -> None:
    """English is added to every language but English."""
    english, other = additions().tails["en"], additions().tails["other"]
    assert set(english).isdisjoint(other)
    assert {with_tail("why?", "en", random.Random(seed)) for seed in range(30)} == {f"why{each}" for each in english}


def test_every_driver_language_has_greetings() -> None:
    assert set(additions().greetings) == set(DRIVER_LANGUAGES)
