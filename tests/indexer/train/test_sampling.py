"""Drawing from the pairs: texts with the row of their English sentence, twins in two languages, shares of languages."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from indexer.train.corpus import Pair
from indexer.train.sampling import PairSampler
from tests.indexer.train.toy import LANGUAGES, SENTENCES, SOURCES, language_of, number_of, text, toy_rows, toy_sampler


def test_each_text_of_a_batch_has_the_row_of_its_english_sentence() -> None:
    texts, rows = toy_sampler().batch(50)
    assert [toy_rows()[text("en", number_of(each))] for each in texts] == rows.tolist()


def test_a_batch_has_as_many_texts_as_asked_for_in_all_languages() -> None:
    texts, _ = toy_sampler().batch(200)
    assert len(texts) == 200
    assert {language_of(each) for each in texts} == {"en", *LANGUAGES}


def test_twins_say_the_same() -> None:
    first, second, _ = toy_sampler().twins(50)
    assert [number_of(each) for each in first] == [number_of(each) for each in second]


def test_twins_have_the_row_of_their_english_sentence() -> None:
    first, _, rows = toy_sampler().twins(50)
    assert [toy_rows()[text("en", number_of(each))] for each in first] == rows.tolist()


def test_twins_are_in_two_languages() -> None:
    first, second, _ = toy_sampler().twins(200)
    assert [one for one, other in zip(first, second, strict=True) if language_of(one) == language_of(other)] == []


def test_twins_meet_with_and_without_english() -> None:
    _, second, _ = toy_sampler().twins(200)
    assert {language_of(each) for each in second} == {"en", *LANGUAGES}


def test_two_translations_into_one_language_are_no_twins() -> None:
    pairs = [Pair(each[:2], "en 0", each, "talk") for each in ("fr 0", "fr 1", "de 0")]
    first, second, _ = PairSampler(pairs, {"en 0": 0}, SOURCES, seed=1).twins(200)
    assert {"fr 0", "fr 1"} <= set(first) and {"fr 0", "fr 1"} <= set(second)
    assert [one for one, other in zip(first, second, strict=True) if language_of(one) == language_of(other)] == []


def test_the_same_word_in_two_languages_is_no_twin_of_itself() -> None:
    pairs = [Pair(language, "en 0", "ok", "talk") for language in ("fr", "de")]
    first, second, _ = PairSampler(pairs, {"en 0": 0}, SOURCES, seed=1).twins(50)
    assert (first, second) == (["ok"] * 50, ["en 0"] * 50)


def test_a_sentence_without_a_second_translation_meets_its_english() -> None:
    sampler = PairSampler([Pair("fr", "en 0", "fr 0", "talk")], {"en 0": 0}, SOURCES, seed=1)
    assert sampler.twins(20)[:2] == (["fr 0"] * 20, ["en 0"] * 20)


def test_a_seed_draws_the_same_again() -> None:
    one, other = toy_sampler(seed=3), toy_sampler(seed=3)
    assert one.batch(20)[0] == other.batch(20)[0]
    assert one.twins(20)[:2] == other.twins(20)[:2]


def test_another_seed_draws_something_else() -> None:
    assert toy_sampler(seed=3).batch(20)[0] != toy_sampler(seed=4).batch(20)[0]


def test_a_language_counts_the_same_however_many_pairs_it_has() -> None:
    few = [Pair("sv", "en 0", "sv 0", "talk")]
    many = [Pair("pl", "en 0", "pl 0", "talk")] * 50
    texts, _ = PairSampler([*few, *many], {"en 0": 0}, SOURCES, seed=1).batch(1_000)
    counts = Counter(map(language_of, texts))
    assert counts["sv"] / counts["pl"] == pytest.approx(1.0, abs=0.25)


def test_article_languages_count_more_and_nynorsk_less() -> None:
    pairs = [Pair(language, "en 0", f"{language} 0", "talk") for language in ("nb", "sv", "nn")]
    texts, _ = PairSampler(pairs, {"en 0": 0}, SOURCES, seed=1).batch(2_000)
    counts = Counter(map(language_of, texts))
    assert counts["nb"] > counts["sv"] > counts["nn"] > 0


def test_a_question_is_drawn_twice_as_often() -> None:
    pairs = [Pair("sv", english, swedish, "talk") for english, swedish in (("a?", "sv 0"), ("a", "sv 1"))]
    _, rows = PairSampler(pairs, {"a?": 0, "a": 1}, SOURCES, seed=1).batch(2_000)
    assert np.mean(rows == 0) == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_sentence_is_of_the_language_asked_for(language: str) -> None:
    sampler, rng = toy_sampler(), random.Random(1)
    drawn = {sampler.sentence(language, rng) for _ in range(100)}
    assert drawn == {text(language, number) for number in range(SENTENCES)}
