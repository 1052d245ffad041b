"""What changed in the texts, word by word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from eval.diff.texts import text_changes, words
from indexer.types import Article, Section, StepsBlock, TextBlock

ARTICLE = Article(
    "cable-stuck", "en", "The cable is stuck", (), (), "support", date(2026, 11, 1), date(2027, 5, 1), (),
    (
        Section("lead", "", (TextBlock("Unlock the car."),)),
        Section("steps", "What to do", (StepsBlock(("Unlock the car with the key.", "Pull the plug.")),)),
    ),
)  # fmt: skip


def written(before: str, after: str) -> str:
    return "".join(map(str, words(before, after)))


def test_only_the_words_that_differ_are_marked() -> None:
    assert written("Unlock the car with the key.", "Unlock the car with its app.") == (
        "Unlock the car with [-the-]{+its+} [-key.-]{+app.+}"
    )
    assert written("", "New here") == "{+New here+}"
    assert written("as it was", "as it was") == "as it was"


def test_the_words_of_both_texts_can_be_read_from_the_runs() -> None:
    before, after = "one two  three\nfour", "zero one three\nfive four"
    runs = words(before, after)
    assert "".join(run.text for run in runs if run.kind != "new") == before
    assert "".join(run.text for run in runs if run.kind != "gone") == after


def test_sections_that_differ_are_told_those_that_are_shown_most_first() -> None:
    lead, steps = ARTICLE.sections
    edited = replace(
        ARTICLE, title="The plug is stuck", sections=(lead, replace(steps, blocks=(StepsBlock(("Pull the plug.",)),)))
    )
    found = text_changes([ARTICLE], [edited], {"en/cable-stuck#steps": 7})
    assert [(each.key, each.shown) for each in found] == [("en/cable-stuck#steps", 7), ("en/cable-stuck#title", 0)]


def test_a_section_that_comes_or_goes_is_a_change() -> None:
    shorter = replace(ARTICLE, sections=ARTICLE.sections[:1])
    assert [each.key for each in text_changes([ARTICLE], [shorter], {})] == ["en/cable-stuck#steps"]
    assert [each.key for each in text_changes([shorter], [ARTICLE], {})] == ["en/cable-stuck#steps"]
    assert text_changes([ARTICLE], [ARTICLE], {}) == []
