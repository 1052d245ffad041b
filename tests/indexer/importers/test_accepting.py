"""A draft becomes an article only if the checks of the knowledge base accept it, and then it keeps its origin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexer.importers.accepting import Prepared, prepare, publish
from indexer.importers.drafts import Draft, DraftFolder, DraftFront, read_draft
from indexer.importers.published import read_published
from indexer.knowledge import read_knowledge
from indexer.origin import Origin
from tests.indexer.importers.builders import NOON

TODAY = date(2026, 11, 26)
TOPIC = "remote-restart"


def origin(language: str) -> Origin:
    return Origin(
        source="https://help.example.org/x", fetched=NOON, hash=f"sha256:{'a' * 64}", importer="website",
        language=language, confidence=0.99,
    )  # fmt: skip


def draft(drafts: Path, kb: Path, language: str = "en", change: tuple[str, str] = ("", "")) -> Draft:
    """A draft with the body of the article that is there, changed in one place."""
    there = next(each for each in read_published(kb) if (each.topic, each.language) == (TOPIC, language))
    body = there.body.lstrip().replace(*change, 1) if change[0] else there.body.lstrip()
    front = DraftFront(title="A better title", language=language, origin=origin(language))
    return read_draft(DraftFolder(drafts).add(front, body).path)


def prepared(kb: Path, *drafts: Draft, topic: str = TOPIC) -> Prepared:
    return prepare(drafts, topic, kb, read_knowledge(kb), TODAY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


def test_a_draft_in_order_is_published_with_its_origin(small_kb: Path, folder: Path) -> None:
    found = prepared(small_kb, draft(folder, small_kb))
    assert found.problems == ()
    publish(found)
    article = next(each for each in read_published(small_kb) if (each.topic, each.language) == (TOPIC, "en"))
    assert (article.title, article.origin) == ("A better title", origin("en"))
    read_knowledge(small_kb)
    front = read_draft(found.candidates[0].draft.path).front
    assert (front.status, front.topic) == ("accepted", TOPIC)


def test_nothing_is_written_before_the_yes(small_kb: Path, folder: Path) -> None:
    path = small_kb / f"articles/en/{TOPIC}.md"
    before = path.read_bytes()
    found = prepared(small_kb, draft(folder, small_kb))
    assert "+title: A better title" in found.candidates[0].diff
    assert path.read_bytes() == before


def test_what_is_missing_is_said_at_the_line_of_the_draft(small_kb: Path, folder: Path) -> None:
    one = draft(folder, small_kb, change=("{#next}", "{#then}"))
    problems = prepared(small_kb, one).problems
    assert any(str(problem).startswith(f"{one.path}:") and "{#next}" in problem.what for problem in problems)


def test_the_line_of_a_problem_is_the_drafts_own(small_kb: Path, folder: Path) -> None:
    one = draft(folder, small_kb)
    one.path.write_text(
        one.path.read_text(encoding="utf-8") + "\nA [link](https://example.org) here.\n", encoding="utf-8"
    )
    one = read_draft(one.path)
    (problem,) = prepared(small_kb, one).problems
    assert "link" in one.path.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_what_has_problems_cannot_be_published(small_kb: Path, folder: Path) -> None:
    found = prepared(small_kb, draft(folder, small_kb), topic="no-such-topic")
    assert "no topic 'no-such-topic'" in found.problems[0].what
    with pytest.raises(ValueError, match="problems"):
        publish(found)


def test_sections_have_to_agree_with_the_other_languages(small_kb: Path, folder: Path) -> None:
    more = ("## ", "## More {#more}\n\nThere is something more to say about it.\n\n## ")
    found = prepared(small_kb, draft(folder, small_kb, change=more))
    assert any("sections differ" in problem.what for problem in found.problems)


def test_drafts_of_several_languages_are_accepted_together(small_kb: Path, folder: Path) -> None:
    drafts = [draft(folder, small_kb, language) for language in ("en", "de", "nb")]
    found = prepared(small_kb, *drafts)
    assert found.problems == ()
    publish(found)
    assert sum(each.origin is not None for each in read_published(small_kb)) == 3


def test_two_drafts_of_one_language_are_refused(small_kb: Path, folder: Path) -> None:
    one, other = draft(folder, small_kb), draft(folder, small_kb)
    assert "one language" in prepared(small_kb, one, other).problems[0].what


def test_a_draft_is_accepted_once(small_kb: Path, folder: Path) -> None:
    one = draft(folder, small_kb)
    publish(prepared(small_kb, one))
    assert "accepted" in prepared(small_kb, read_draft(one.path)).problems[0].what
