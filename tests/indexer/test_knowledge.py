"""The knowledge base as a whole: topics, vendors and languages are checked as the articles are."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import check_knowledge
from indexer.errors import KnowledgeError, Problem
from indexer.knowledge import Vendor, read_knowledge
from tests.small_kb import CLASSES, TOPICS, edit, line_of


def only_problem(kb: Path) -> Problem:
    with pytest.raises(KnowledgeError) as caught:
        check_knowledge(kb)
    (problem,) = caught.value.problems
    return problem


def test_labels_are_the_topics_and_then_the_classes(small_kb: Path) -> None:
    assert read_knowledge(small_kb).labels == TOPICS + CLASSES


@pytest.mark.parametrize("name", ["topics.yaml", "languages.yaml"])
def test_a_missing_file_is_named(small_kb: Path, name: str) -> None:
    (small_kb / name).unlink()
    problem = only_problem(small_kb)
    assert problem.path == small_kb / name
    assert "missing" in problem.what
    assert "Restore it from version control" in problem.remedy


@pytest.mark.parametrize("name", ["topics.yaml", "vendors/wallbox.yaml", "languages.yaml"])
def test_broken_yaml_is_reported_at_its_line(small_kb: Path, name: str) -> None:
    path = small_kb / name
    path.write_text(path.read_text(encoding="utf-8") + "x: [1, 2\ny: 3\n", encoding="utf-8")
    problem = only_problem(small_kb)
    assert problem.path == path
    assert problem.line in (line_of(path, "x: [1"), line_of(path, "y: 3"))
    assert "not valid YAML" in problem.what
    assert "Correct this line" in problem.remedy


@pytest.mark.parametrize("name", ["topics.yaml", "vendors/wallbox.yaml"])
def test_yaml_in_another_encoding_is_named(small_kb: Path, name: str) -> None:
    path = small_kb / name
    path.write_bytes(path.read_bytes() + "# für\n".encode("latin-1"))
    assert only_problem(small_kb).path == path


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("        covers: The plug cannot be removed.\n", "", "covers"),
        ("groups:", "group:", "groups"),
        ("classes:", "kinds:", "classes"),
        ("    covers: Hello and nothing else.\n", "", "covers: Field required"),
        ("  - id: greeting", "  - id: greeting\n    colour: red", "colour: Extra inputs"),
    ],
    ids=["topic-without-covers", "no-groups", "no-classes", "class-without-covers", "class-with-more"],
)
def test_an_incomplete_entry_of_the_topics_is_explained(small_kb: Path, old: str, new: str, what: str) -> None:
    path = edit(small_kb / "topics.yaml", old, new)
    problem = only_problem(small_kb)
    assert problem.path == path
    assert what in problem.what
    assert problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("kind: home-charger\n", "", "kind: Field required"),
        ("kind: home-charger", "kind: home-charger\nphone: 123", "phone: Extra inputs"),
        ("countries: []", "countries: CH", "countries: Input should be a valid tuple"),
        ("id: wallbox", "id: wall-box", "The id is 'wall-box'"),
    ],
    ids=["field-missing", "field-unknown", "wrong-kind", "id-of-another-file"],
)
def test_a_wrong_vendor_is_explained(small_kb: Path, old: str, new: str, what: str) -> None:
    path = edit(small_kb / "vendors/wallbox.yaml", old, new)
    problem = only_problem(small_kb)
    assert problem.path == path
    assert what in problem.what
    assert problem.remedy


def test_a_wrong_value_of_a_vendor_is_reported_at_its_line(small_kb: Path) -> None:
    path = edit(small_kb / "vendors/wallbox.yaml", "countries: []", "countries: CH")
    assert only_problem(small_kb).line == line_of(path, "countries: CH")


@pytest.mark.parametrize(
    "wrong",
    ["{name: Nederlands, read: [en, de, fr]}", "{name: Nederlands, read: [en, de, fr], kin: nl}"],
    ids=["kin-missing", "kin-without-articles"],
)
def test_a_wrong_entry_of_the_languages_is_reported(small_kb: Path, wrong: str) -> None:
    path = edit(small_kb / "languages.yaml", "{name: Nederlands, read: [en, de, fr], kin: de}", wrong)
    assert only_problem(small_kb).path == path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my ACME box is dead", True),
        ("(acme)", True),
        ("the A.C.M. box", True),
        ("the a-c-m. box", False),
        ("acmeville", False),
        ("my_acme", False),
    ],
)
def test_a_vendor_is_found_by_whole_words_in_any_case(text: str, found: bool) -> None:
    vendor = Vendor(id="acme", name="Acme", kind="x", countries=(), aliases=("acme", "a.c.m."), facts={})
    assert bool(vendor.pattern.search(text)) is found


def test_the_longest_name_of_a_vendor_is_found() -> None:
    vendor = Vendor(id="acme", name="Acme", kind="x", countries=(), aliases=("acme", "acme charge"), facts={})
    match = vendor.pattern.search("With Acme Charge it failed")
    assert match and match[0] == "Acme Charge"


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_that_the_bot_needs_must_be_listed(small_kb: Path, name: str) -> None:
    path = edit(small_kb / "topics.yaml", f"  - id: {name}", f"  - id: other-{name}")
    problem = only_problem(small_kb)
    assert problem.path == path
    assert name in problem.what
