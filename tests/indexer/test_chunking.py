"""Passages: one a title, one a section, each understandable alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from indexer.chunking import TITLES, passages, passages_of, section_text
from indexer.types import Article, PictureBlock, Section, StepsBlock, TextBlock

LEAD = Section("lead", "", (TextBlock("End the charge first."),))
STEPS = Section(
    "steps",
    "How to release it",
    (TextBlock("Take your time."), StepsBlock(tuple(f"Step number {number}." for number in range(1, 9)))),
)
VENDOR = Section("acme", "With Acme", (TextBlock("Call Acme."),), vendor="acme", country="CH")
PICTURE = Section("next", "What next", (PictureBlock("cable.svg", "Drawing of a cable"), TextBlock("Call us.")))
ARTICLE = Article(
    id="cable-stuck", language="en", title="The cable is stuck", alternative_titles=("Plug locked", "Cannot unplug"),
    vendors=("acme",), owner="support", updated=date(2026, 1, 1), review_by=date(2026, 7, 1), related=(),
    sections=(LEAD, STEPS, VENDOR, PICTURE),
)  # fmt: skip


def test_each_title_is_a_passage_of_its_own() -> None:
    titles = [passage.text for passage in passages_of(ARTICLE) if passage.section == TITLES]
    assert titles == ["The cable is stuck", "Plug locked", "Cannot unplug"]


def test_each_section_is_one_passage_in_the_article_s_order() -> None:
    sections = [passage.section for passage in passages_of(ARTICLE) if passage.section != TITLES]
    assert sections == ["lead", "steps", "acme", "next"]


@pytest.mark.parametrize("words", [1, 40, 400])
def test_a_step_list_is_never_cut(words: int) -> None:
    items = tuple(f"Step {number} " + "further " * words for number in range(1, 9))
    article = replace(ARTICLE, sections=(replace(STEPS, blocks=(StepsBlock(items),)),))
    (passage,) = [each for each in passages_of(article) if each.section == "steps"]
    assert all(item in passage.text for item in items)


def test_a_section_carries_title_and_heading_as_context() -> None:
    (passage,) = [each for each in passages_of(ARTICLE) if each.section == "acme"]
    assert passage.text == "The cable is stuck. With Acme. Call Acme."


def test_the_lead_carries_the_title_alone() -> None:
    (passage,) = [each for each in passages_of(ARTICLE) if each.section == "lead"]
    assert passage.text == "The cable is stuck. End the charge first."


def test_only_a_vendor_s_section_is_bound_to_the_vendor() -> None:
    bound = {passage.section: passage.vendor for passage in passages_of(ARTICLE)}
    assert bound == {TITLES: None, "lead": None, "steps": None, "acme": "acme", "next": None}


def test_a_picture_is_found_by_what_it_shows() -> None:
    assert section_text(PICTURE) == "Drawing of a cable Call us."


def test_a_passage_is_named_by_language_article_and_section() -> None:
    assert [passage.key for passage in passages_of(ARTICLE)][-1] == "en/cable-stuck#next"


def test_passages_keep_the_order_of_the_articles() -> None:
    found = passages([ARTICLE, replace(ARTICLE, language="de")])
    assert [passage.language for passage in found] == ["en"] * 7 + ["de"] * 7
