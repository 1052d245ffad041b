"""Example utterances: each line once, under a known topic and language, alone or beside its translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import KnowledgeError, Problem
from indexer.knowledge import read_knowledge
from indexer.utterances import Utterance, comparable, parallel_blocks
from tests.small_kb import line_of

THANKS = "utterances/en/thanks.txt"
PARALLEL = "utterances/parallel/cable-stuck.txt"


def only_problem(kb: Path) -> Problem:
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(kb)
    (problem,) = caught.value.problems
    return problem


def write(kb: Path, name: str, *lines: str) -> Path:
    path = kb / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_line_carries_its_language_and_topic(small_kb: Path) -> None:
    assert Utterance("nl", "cable-stuck", "kabel zit vast") in read_knowledge(small_kb).utterances


def test_a_file_of_an_unknown_language_is_named(small_kb: Path) -> None:
    path = write(small_kb, "utterances/fi/cable-stuck.txt", "kaapeli on jumissa")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 1)
    assert "'fi' is unknown" in problem.what
    assert "Use one of en, fr, de" in problem.remedy


def test_a_file_of_an_unknown_topic_is_named(small_kb: Path) -> None:
    path = write(small_kb, "utterances/en/tyres.txt", "flat tyre")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 1)
    assert "'tyres' is not in topics.yaml" in problem.what
    assert "Rename the file or add the topic" in problem.remedy


def test_an_empty_line_is_reported_at_its_line(small_kb: Path) -> None:
    path = write(small_kb, THANKS, "thanks", "  ", "cheers")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 2)
    assert "empty" in problem.what
    assert "Remove it" in problem.remedy


@pytest.mark.parametrize("again", ["Cable stuck", "cable stuck!!", "  cable   stuck ", "“CABLE”, stuck…"])
def test_a_line_that_differs_in_form_alone_is_a_repetition(small_kb: Path, again: str) -> None:
    path = write(small_kb, THANKS, "thanks", again)
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, line_of(path, again))
    assert "cable-stuck.txt:1" in problem.what
    assert "Keep one of them" in problem.remedy


def test_the_same_line_may_stand_in_two_languages(small_kb: Path) -> None:
    write(small_kb, "utterances/sv/thanks.txt", "thank you")
    assert Utterance("sv", "thanks", "thank you") in read_knowledge(small_kb).utterances


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("I have 38 francs", "i have 12 Francs.", True),
        ("stuck at 5", "stuck at 50", False),
        ("Straße", "STRASSE", True),
        ("getäuscht", "getauscht", False),
    ],
)
def test_lines_are_compared_by_words_and_not_by_amounts(one: str, other: str, equal: bool) -> None:
    assert (comparable(one) == comparable(other)) is equal


@pytest.mark.parametrize("line", ["???", "!!!", "…"])
def test_lines_of_signs_alone_are_kept(small_kb: Path, line: str) -> None:
    write(small_kb, "utterances/en/out-of-scope.txt", "which car", line)
    assert Utterance("en", "out-of-scope", line) in read_knowledge(small_kb).utterances


def test_a_file_in_another_encoding_is_named(small_kb: Path) -> None:
    path = small_kb / "utterances/de/greeting.txt"
    path.write_bytes("Grüezi\n".encode("latin-1"))
    assert only_problem(small_kb).path == path


def test_lines_of_a_parallel_file_are_utterances_of_their_language_and_topic(small_kb: Path) -> None:
    write(small_kb, PARALLEL, "en: it sits tight", "sv: den sitter: hjälp", "", "pl: nie wychodzi")
    assert {
        Utterance("en", "cable-stuck", "it sits tight"),
        Utterance("sv", "cable-stuck", "den sitter: hjälp"),
        Utterance("pl", "cable-stuck", "nie wychodzi"),
    } <= set(read_knowledge(small_kb).utterances)


def test_a_parallel_file_of_an_unknown_topic_is_named(small_kb: Path) -> None:
    path = write(small_kb, "utterances/parallel/tyres.txt", "en: flat tyre")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 1)
    assert "'tyres' is not in topics.yaml" in problem.what


def test_a_parallel_line_that_a_file_of_its_language_has_already_is_a_repetition(small_kb: Path) -> None:
    path = write(small_kb, PARALLEL, "en: it sits tight", "", "de: klemmt", "en: Cable STUCK!")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 4)
    assert "en/cable-stuck.txt:1" in problem.what


def test_a_line_that_a_parallel_file_has_already_is_a_repetition(small_kb: Path) -> None:
    write(small_kb, PARALLEL, "en: it sits tight", "sv: den sitter")
    path = write(small_kb, "utterances/sv/thanks.txt", "tack", "Den sitter.")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 2)
    assert "parallel/cable-stuck.txt:2" in problem.what


@pytest.mark.parametrize("line", ["it sits tight", "fi: kaapeli on jumissa", "EN: tight", "en:tight", "en: "])
def test_a_parallel_line_without_a_known_language_is_reported_with_its_remedy(small_kb: Path, line: str) -> None:
    path = write(small_kb, PARALLEL, "de: klemmt", line)
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 2)
    assert "names no known language" in problem.what
    assert "Write it as: en: message" in problem.remedy


def test_a_language_may_stand_once_in_a_block(small_kb: Path) -> None:
    path = write(small_kb, PARALLEL, "en: it sits tight", "de: klemmt", "en: no way out")
    problem = only_problem(small_kb)
    assert (problem.path, problem.line) == (path, 3)
    assert "'en' twice" in problem.what
    assert "Put an empty line between two blocks" in problem.remedy


@pytest.mark.parametrize("between", [[""], ["   "], ["\t"], ["", "", ""], ["", "  ", ""]])
def test_blocks_may_be_apart_by_any_number_of_lines_that_look_empty(small_kb: Path, between: list[str]) -> None:
    path = write(small_kb, PARALLEL, "en: it sits tight", *between, "en: no way out")
    found = {each.text for each in read_knowledge(small_kb).utterances}
    assert {"it sits tight", "no way out"} <= found
    assert parallel_blocks(path) == [{"en": "it sits tight"}, {"en": "no way out"}]


def test_blocks_are_messages_by_language(tmp_path: Path) -> None:
    path = write(tmp_path, "cable.txt", "en: it sits tight", "de:  klemmt ", "", "pl: nie: wychodzi")
    assert parallel_blocks(path) == [{"en": "it sits tight", "de": "klemmt"}, {"pl": "nie: wychodzi"}]


@pytest.mark.parametrize("lines", [[], ["", " ", ""], ["no language here", "", "en:"]])
def test_what_has_no_messages_has_no_blocks(tmp_path: Path, lines: list[str]) -> None:
    assert parallel_blocks(write(tmp_path, "cable.txt", *lines)) == []


def test_no_empty_block_stands_before_after_or_between_others(tmp_path: Path) -> None:
    path = write(tmp_path, "cable.txt", "", "en: it sits tight", "", "no language here", "", "en: no way out", "", "")
    assert parallel_blocks(path) == [{"en": "it sits tight"}, {"en": "no way out"}]
