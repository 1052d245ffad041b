"""The project's own training texts: numbers of labels, and what counts as the same thing in several languages."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.chunking import passages
from indexer.knowledge import Knowledge, read_knowledge
from indexer.train.domain import Domain, Line
from tests.small_kb import ARTICLE_LANGUAGES, CLASSES, TOPICS, edit

BLOCKS = "en: it sits tight\nsv: den sitter\n\nen: no way out\npl: nie wychodzi\npt: não sai\n"


@pytest.fixture
def kb(small_kb: Path) -> Path:
    """The small knowledge base with two parallel messages about cables."""
    (small_kb / "utterances" / "parallel").mkdir()
    (small_kb / "utterances" / "parallel" / "cable-stuck.txt").write_text(BLOCKS, encoding="utf-8")
    return small_kb


@pytest.fixture
def knowledge(kb: Path) -> Knowledge:
    return read_knowledge(kb)


@pytest.fixture
def domain(kb: Path, knowledge: Knowledge) -> Domain:
    return Domain.of(knowledge, kb / "utterances")


def texts_of(group: tuple[Line, ...]) -> dict[str, str]:
    return {line.language: line.text for line in group}


def test_labels_are_the_topics_then_the_classes(domain: Domain) -> None:
    assert domain.labels == (*TOPICS, *CLASSES)


def test_every_utterance_is_a_line_under_the_number_of_its_label(domain: Domain, knowledge: Knowledge) -> None:
    wanted = [(each.label, each.language, each.text) for each in knowledge.utterances]
    assert [(domain.labels[line.label], line.language, line.text) for line in domain.lines] == wanted


def test_every_passage_has_the_number_of_its_topic(domain: Domain, knowledge: Knowledge) -> None:
    wanted = [(each.article, each.language, each.text) for each in passages(knowledge.articles)]
    assert [(domain.labels[line.label], line.language, line.text) for line in domain.passages] == wanted


def test_the_messages_of_a_block_are_twins_under_the_topic_of_their_file(domain: Domain) -> None:
    cable = domain.labels.index("cable-stuck")
    assert (Line(cable, "en", "it sits tight"), Line(cable, "sv", "den sitter")) in domain.twins
    assert (
        Line(cable, "en", "no way out"), Line(cable, "pl", "nie wychodzi"), Line(cable, "pt", "não sai")
    ) in domain.twins  # fmt: skip


@pytest.mark.parametrize(
    ("english", "german", "norwegian"),
    [
        ("The charging cable cannot be removed", "Das Ladekabel lässt sich nicht abziehen", "Ladekabelen sitter fast"),
        ("How to release the cable", "So lösen Sie das Kabel", "Slik får du løs kabelen"),
        ("Unlock the car with the key.", "Entriegeln Sie das Auto mit dem Schlüssel.", "Lås opp bilen med nøkkelen."),
        (
            "For the car, the garage is responsible; for the station, its operator.",
            "Für das Auto ist die Werkstatt zuständig, für die Station ihr Betreiber.",
            "Verkstedet har ansvaret for bilen, operatøren for stasjonen.",
        ),
    ],
    ids=["title", "heading", "step", "paragraph"],
)
def test_parts_of_sister_articles_are_twins(domain: Domain, english: str, german: str, norwegian: str) -> None:
    (group,) = [group for group in domain.twins if english in texts_of(group).values()]
    found = texts_of(group)
    assert (found["en"], found["de"], found["nb"]) == (english, german, norwegian)


def test_parts_of_articles_are_there_in_every_article_language(domain: Domain) -> None:
    parts = domain.twins[2:]
    assert {tuple(sorted(texts_of(group))) for group in parts} == {tuple(sorted(ARTICLE_LANGUAGES))}


def test_twins_have_one_label(domain: Domain) -> None:
    assert [group for group in domain.twins if len({line.label for line in group}) != 1] == []


def test_twins_of_an_article_have_the_number_of_its_topic(domain: Domain, knowledge: Knowledge) -> None:
    titles = {article.title: article.id for article in knowledge.articles}
    found = {line.text: domain.labels[line.label] for group in domain.twins for line in group if line.text in titles}
    assert found == titles


def test_a_section_with_a_paragraph_more_in_one_language_has_no_twins(kb: Path) -> None:
    edit(kb / "articles" / "de" / "cable-stuck.md", "## So lösen", "Noch ein Absatz.\n\n## So lösen")
    domain = Domain.of(read_knowledge(kb), kb / "utterances")
    starts = [line.text for group in domain.twins for line in group if line.text.startswith("End the charge")]
    assert starts == ["End the charge in the app or with your pass."]  # the step; the lead begins with these words too


@pytest.mark.parametrize("seed", range(20))
def test_a_pair_is_two_of_a_group_in_two_languages(domain: Domain, seed: int) -> None:
    first, second = domain.pair(random.Random(seed))
    assert first.language != second.language
    assert any({first, second} <= set(group) for group in domain.twins)


def test_a_seed_draws_the_same_pair_again(domain: Domain) -> None:
    assert domain.pair(random.Random(5)) == domain.pair(random.Random(5))


def test_without_parallel_files_the_articles_alone_give_twins(small_kb: Path) -> None:
    domain = Domain.of(read_knowledge(small_kb), small_kb / "utterances")
    assert {len(group) for group in domain.twins} == {len(ARTICLE_LANGUAGES)}
