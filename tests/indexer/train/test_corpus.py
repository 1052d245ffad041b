"""What the model may learn from: held-back lines, licences, and which English sentences are taught."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import zstandard

from eval.questions import own_questions
from indexer.train.__main__ import Material
from indexer.train.corpus import LANGUAGES, Pair, Sources, read_pairs, sampled_english, withheld
from indexer.train.teacher import TeacherVectors

SOURCES = Sources({"talk": 1.0, "manual": 0.25}, question_weight=2.0)
HEADER = ("english", "text", "source")


def corpus(folder: Path, language: str, *rows: tuple[str, str, str]) -> Path:
    lines = "".join("\t".join(row) + "\n" for row in (HEADER, *rows))
    (folder / f"{language}.tsv.zst").write_bytes(zstandard.ZstdCompressor().compress(lines.encode()))
    return folder


def pairs_of(*english: str, source: str = "talk") -> list[Pair]:
    return [Pair("fr", each, f"fr {each}", source) for each in english]


def test_lines_of_tables_and_of_parallel_files_are_withheld(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "de.tsv").write_text("topics\ttext\ncable-stuck\tDas Kabel klemmt!\n", encoding="utf-8")
    (tmp_path / "cable-stuck.txt").write_text("en: It is stuck\n\nnb: Den sitter fast\n", encoding="utf-8")
    assert withheld(tmp_path) == {"das kabel klemmt", "it is stuck", "den sitter fast"}


@pytest.mark.parametrize("text", ["hello", "good morning", "???"])
def test_texts_of_one_or_two_words_are_not_withheld(tmp_path: Path, text: str) -> None:
    (tmp_path / "none.txt").write_text(f"en: {text}\n", encoding="utf-8")
    (tmp_path / "en.tsv").write_text(f"topics\ttext\nnone\t{text}\n", encoding="utf-8")
    assert withheld(tmp_path) == set()


def test_other_files_withhold_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("en: how these lines were written\n", encoding="utf-8")
    assert withheld(tmp_path) == set()


def test_pairs_carry_the_language_of_their_file(tmp_path: Path) -> None:
    corpus(tmp_path, "fr", ("Good day", "Bonjour", "talk"))
    corpus(tmp_path, "de", ("Good day", "Guten Tag", "manual"))
    assert list(read_pairs(tmp_path, SOURCES, languages=("fr", "de"))) == [
        Pair("fr", "Good day", "Bonjour", "talk"),
        Pair("de", "Good day", "Guten Tag", "manual"),
    ]


def evaluation_line(language: str) -> str:
    """One that is neither too short to be withheld nor too long to be taught."""
    return next(each.text for each in own_questions() if each.language == language and 5 < len(each.text.split()) < 15)


def prefill(cache: Path, *english: str) -> None:
    """Vectors of these sentences, all zero, as if the teacher had read them."""
    teacher = TeacherVectors(cache, english)
    files = cache / f"teacher-{teacher.digest[:12]}"
    np.zeros((len(english), 384), np.float16).tofile(files.with_suffix(".f16"))
    files.with_suffix(".json").write_text(json.dumps({"done": len(english)}), encoding="utf-8")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (evaluation_line("en"), "Es klemmt immer noch"),
        ("It is still stuck", evaluation_line("de")),
        (f"{evaluation_line('en').upper()} …", "Es klemmt immer noch"),
    ],
    ids=["english", "translation", "in another form"],
)
def test_a_pair_is_left_out_if_either_of_its_texts_is_an_evaluation_line(
    tmp_path: Path, english: str, german: str
) -> None:
    for language in LANGUAGES:
        corpus(tmp_path, language)
    corpus(tmp_path, "de", (english, german, "tatoeba"), ("Good day", "Guten Tag", "tatoeba"))
    prefill(tmp_path / "cache", english, "Good day")
    material = Material.read(tmp_path, tmp_path / "cache", 2, "no device, no teacher", all_licences=False)
    assert material.pairs == material.taught == [Pair("de", "Good day", "Guten Tag", "tatoeba")]


def test_a_pair_of_a_source_that_may_not_be_used_is_left_out(tmp_path: Path) -> None:
    corpus(tmp_path, "de", ("It is stuck", "Es klemmt", "copyleft"), ("Good day", "Guten Tag", "talk"))
    assert [pair.source for pair in read_pairs(tmp_path, SOURCES, languages=("de",))] == ["talk"]


@pytest.fixture
def sources_file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(
        "kinds: {everyday: 1.0, interface: 0.6}\nquestion_weight: 2.0\nsources:\n"
        "  tatoeba: {licence: CC-BY, kind: everyday, permissive: true}\n"
        "  kde: {licence: GPL, kind: interface, permissive: false}\n",
        encoding="utf-8",
    )
    return path


def test_only_permissive_sources_are_read_unless_all_are_asked_for(sources_file: Path) -> None:
    assert Sources.load(sources_file).weights == {"tatoeba": 1.0}
    assert Sources.load(sources_file, all_licences=True).weights == {"tatoeba": 1.0, "kde": 0.6}


@pytest.mark.parametrize(
    ("english", "source", "weight"),
    [("It hangs", "talk", 1.0), ("Does it hang?", "talk", 2.0), ("Stop?", "manual", 0.5), ("Stop?", "copyleft", 0.0)],
)
def test_a_question_counts_double_and_an_unusable_source_nothing(english: str, source: str, weight: float) -> None:
    assert SOURCES.weight(Pair("de", english, "…", source)) == weight


def drawn(pairs: Sequence[Pair], count: int = 3, longest: int = 5, seed: int = 1) -> list[str]:
    return sampled_english(pairs, SOURCES, count, longest, seed)


def test_a_seed_draws_the_same_sentences_again_in_whatever_order_they_come() -> None:
    pairs = pairs_of(*(f"sentence {number}" for number in range(50)))
    assert drawn(pairs) == drawn(pairs[::-1])


def test_another_seed_draws_other_sentences() -> None:
    pairs = pairs_of(*(f"sentence {number}" for number in range(50)))
    assert drawn(pairs, seed=1) != drawn(pairs, seed=2)


@pytest.mark.parametrize(("count", "found"), [(0, 0), (2, 2), (9, 4)])
def test_no_more_sentences_are_drawn_than_asked_for_and_none_twice(count: int, found: int) -> None:
    pairs = pairs_of("a", "b", "c", "d", "a", "b")
    assert len(set(drawn(pairs, count))) == len(drawn(pairs, count)) == found


def test_sentences_of_too_many_words_are_not_drawn() -> None:
    assert drawn(pairs_of("one two three", "one two three four"), longest=3) == ["one two three"]


def test_sentences_of_unusable_sources_are_not_drawn() -> None:
    assert drawn(pairs_of("stop", source="copyleft")) == []


def test_a_heavy_source_is_drawn_more_often_than_a_light_one() -> None:
    pairs = [*pairs_of("heavy", source="talk"), *pairs_of("light", source="manual")]
    first = [drawn(pairs, count=1, seed=seed)[0] for seed in range(500)]
    assert 370 < first.count("heavy") < 430  # four fifths, by weights of 1.0 and 0.25


def test_a_sentence_with_many_translations_weighs_as_much_as_all_of_them() -> None:
    pairs = [*pairs_of(*["often"] * 4), *pairs_of("once")]
    first = [drawn(pairs, count=1, seed=seed)[0] for seed in range(500)]
    assert 370 < first.count("often") < 430
