"""Misspellings: plausible, never destructive, and the same for the same seed."""

from __future__ import annotations

import random
import re

import pytest

from indexer.noise import mistyped, noisy, shortened, transliterated, without_accents, without_punctuation

LINES = (
    "Das Ladekabel lässt sich nicht abziehen, Station 4521!",
    "får ikke ut kabelen på ladestasjonen",
    "le câble est coincé à la borne n° 12",
    "mam 49,80 na koncie i jest zablokowane",
    "ok",
    "???",
    "",
)


@pytest.mark.parametrize(
    ("text", "expected"), [("prélèvement", "prelevement"), ("på", "pa"), ("für", "fur"), ("perché", "perche")]
)
def test_accents_are_dropped(text: str, expected: str) -> None:
    assert without_accents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("på", "paa"), ("für Öl", "fuer Oel"), ("ærlig Ø", "aerlig Oe"), ("Straße", "Strasse")]
)
def test_germanic_letters_are_written_out(text: str, expected: str) -> None:
    assert transliterated(text) == expected


def test_punctuation_leaves_words_apart_as_voice_input_does() -> None:
    assert without_punctuation("l'app, e-mail: 49.80 CHF!") == "l app e mail 49 80 CHF"


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(5))
def test_a_seed_gives_the_same_noise_again(line: str, seed: int) -> None:
    assert noisy(line, random.Random(seed)) == noisy(line, random.Random(seed))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(20))
def test_a_slip_of_the_finger_changes_one_word_by_one_letter(line: str, seed: int) -> None:
    before, after = line.split(), mistyped(line, random.Random(seed)).split()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) <= 1
    assert all(abs(len(old) - len(new)) <= 1 and old[0] == new[0] for old, new in changed)


@pytest.mark.parametrize("seed", range(20))
def test_numbers_survive_the_noise(seed: int) -> None:
    line = "Meine Station 4521 lädt nicht, Konto 778899"
    assert re.findall(r"\d+", noisy(line, random.Random(seed))) == ["4521", "778899"]


@pytest.mark.parametrize("line", ["ok", "no go", "4521 99", "???", ""])
@pytest.mark.parametrize("seed", range(5))
def test_words_too_short_for_a_slip_stay_as_they_are(line: str, seed: int) -> None:
    assert mistyped(line, random.Random(seed)) == line


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(5))
def test_a_seed_leaves_out_the_same_words_again(line: str, seed: int) -> None:
    assert shortened(line, random.Random(seed), 0.5) == shortened(line, random.Random(seed), 0.5)


def test_another_seed_leaves_out_other_words() -> None:
    assert len({shortened(LINES[0], random.Random(seed), 0.5) for seed in range(20)}) > 10


@pytest.mark.parametrize("line", ["kabel sitter fast", "ma  borne", "ok", "???", ""])
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_texts_of_under_four_words_are_not_shortened(line: str, share: float) -> None:
    assert {shortened(line, random.Random(seed), share) for seed in range(20)} == {line}


@pytest.mark.parametrize("share", [0.5, 0.9, 1.0])
def test_some_words_always_remain(share: float) -> None:
    texts = [shortened("den sitter helt fast", random.Random(seed), share) for seed in range(100)]
    assert all(texts)


@pytest.mark.parametrize("seed", range(20))
def test_the_words_that_remain_keep_their_order(seed: int) -> None:
    numbers = [int(word) for word in shortened("1 2 3 4 5 6 7 8", random.Random(seed), 0.5).split()]
    assert numbers == sorted(set(numbers) & set(range(1, 9)))


def test_words_are_left_out_as_often_as_asked_for() -> None:
    line, rng = " ".join("abcdefghij"), random.Random(1)
    kept = sum(len(shortened(line, rng, 0.2).split()) for _ in range(400))
    assert 3_100 < kept < 3_300


def test_about_half_of_the_lines_stay_clean() -> None:
    rng = random.Random(1)
    clean = sum(noisy(LINES[0], rng) == LINES[0] for _ in range(400))
    assert 180 < clean < 260
