"""Drafts are in the form of articles, and text stays text whatever stands in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from indexer.importers.blocks import BOLD, END
from indexer.importers.rendering import escaped, markdown_of, slug
from indexer.importers.rules import shipped_rules
from indexer.importers.types import Block, Bullets, Extract, Heading, Paragraph, Steps, Table
from indexer.markdown import parse
from indexer.types import StepsBlock, TextBlock
from tests.indexer.importers.builders import NOON

RULES = shipped_rules()


def body(*blocks: Block, language: str = "en") -> str:
    return markdown_of(Extract("page", "html", NOON, "Title", language, 1.0, blocks), RULES)


def read(markdown: str, found: list[str] | None = None):
    complaints: list[str] = found if found is not None else []
    return [each.section for each in parse(markdown, 1, lambda line, what, remedy: complaints.append(what))]


def test_sections_get_the_ids_that_articles_need() -> None:
    markdown = body(
        Paragraph("Lead."), Heading("Do this", 2), Steps(("One.", "Two.")),
        Heading("It still does not work", 2), Paragraph("Call."),
    )  # fmt: skip
    assert [(section.id, section.heading) for section in read(markdown)] == [
        ("lead", ""), ("steps", "Do this"), ("next", "It still does not work"),
    ]  # fmt: skip


def test_steps_in_the_lead_get_a_heading_in_their_language() -> None:
    sections = read(body(Paragraph("Anfang."), Steps(("Eins.",)), language="de"))
    assert [(section.id, section.heading) for section in sections] == [("lead", ""), ("steps", "Was Sie tun können")]
    assert sections[1].blocks == (StepsBlock(("Eins.",)),)


def test_ids_are_never_given_twice() -> None:
    markdown = body(
        Heading("Steps", 2), Paragraph("a"), Heading("Card", 2), Paragraph("b"), Heading("Card!", 2), Paragraph("c")
    )
    assert [section.id for section in read(markdown)] == ["lead", "steps-2", "card", "card-2"]


def test_a_heading_right_above_another_is_put_in_front_of_it() -> None:
    assert [s.heading for s in read(body(Heading("Cards", 2), Heading("Lost", 3), Paragraph("Block it.")))] == [
        "",
        "Cards: Lost",
    ]


def test_rows_of_a_table_become_lines() -> None:
    markdown = body(Paragraph("Lead."), Table((("Light", "Means", "Do"), ("red", "fault", "report")), headed=True))
    texts = [block.text for block in read(markdown)[0].blocks if isinstance(block, TextBlock)]
    assert texts == ["Lead.", "Light – Means – Do:", "• red: fault; report"]


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Co"])))
def test_text_is_read_as_it_was_written_and_no_check_complains(text: str) -> None:
    line = " ".join(text.split())
    complaints: list[str] = []
    sections = read(body(Paragraph(line)), complaints)
    assert complaints == []
    said = "".join(block.text for section in sections for block in section.blocks if isinstance(block, TextBlock))
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", line)


@given(st.lists(st.sampled_from(["{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "%", "#", " 7*7 ", "x", "raw"])))
def test_nothing_is_a_template(parts: list[str]) -> None:
    text = escaped("".join(parts))
    assert Environment(autoescape=False).from_string(text).render() == text


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (f"Tap {BOLD}Start{END} now", "Tap **Start** now"),
        (f"{BOLD}Tip:{END} wait", "**Tip:** wait"),
        (f"A{BOLD}(b){END}c", "A(b)c"),
        (f"2 * 3 {BOLD}= 6{END}", "2 \\* 3 **= 6**"),
    ],
)
def test_bold_words_stay_bold_where_markdown_can_say_it(marked: str, expected: str) -> None:
    assert escaped(marked) == expected


def test_bullets() -> None:
    assert body(Bullets(("- a", "1. b"))) == "- \\- a\n- 1\\. b\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Straße & Größe", "strasse-grosse"),
        ("Blåbær på øya", "blabaer-pa-oya"),
        ("../../etc", "etc"),
        ("???", "article"),
    ],
)
def test_names_of_files(title: str, name: str) -> None:
    assert slug(title) == name
