"""What an import writes, what it recognises, and that it never touches the knowledge base."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import ImportRefused, KnowledgeError, Problem
from indexer.importers.drafts import DraftFolder, marked, read_draft, write_draft
from indexer.importers.files import Files
from indexer.importers.importing import Importer, Outcome
from indexer.importers.ports import Suggestion
from indexer.importers.published import read_published
from indexer.importers.rules import shipped_rules
from tests.indexer.importers.builders import ARTICLE, NOON, StoppedTime, zipped

RULES = shipped_rules()


class CableSuggester:
    """Knows one topic."""

    def suggest(self, title: str, lead: str, language: str) -> tuple[Suggestion, ...]:
        return (Suggestion("cable-stuck", 0.9),) if "cable" in title else ()


def run(source: Path, drafts: Path, kb: Path | None = None) -> list[Outcome]:
    published = tuple(read_published(kb)) if kb else ()
    return list(
        Importer(DraftFolder(drafts), published, CableSuggester(), RULES).run(Files(source, RULES, StoppedTime()))
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "source" / "cable.html"
    path.parent.mkdir()
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_a_new_draft_says_where_it_is_from(page: Path, tmp_path: Path) -> None:
    (found,) = run(page, tmp_path / "drafts")
    assert found.kind == "new"
    assert found.path == tmp_path / "drafts/en/the-cable-does-not-come-out.md"
    front = read_draft(found.path).front
    assert (front.origin.source, front.origin.fetched, front.origin.importer) == (page.as_posix(), NOON, "html")
    assert (front.language, front.origin.confidence > 0.9) == ("en", True)
    assert [topic.id for topic in front.suggested] == ["cable-stuck"]


def test_unchanged_content_is_recognised(page: Path, tmp_path: Path) -> None:
    run(page, tmp_path / "drafts")
    page.write_text(f"<nav>new menu</nav>{ARTICLE}<footer>© 2027</footer>", encoding="utf-8")
    (found,) = run(page, tmp_path / "drafts")
    assert found.kind == "unchanged"
    assert len(list((tmp_path / "drafts").rglob("*.md"))) == 1


def test_what_a_person_wrote_into_a_draft_is_kept(page: Path, tmp_path: Path) -> None:
    (first,) = run(page, tmp_path / "drafts")
    assert first.path
    edited = first.path.read_text(encoding="utf-8") + "\nA sentence of ours.\n"
    first.path.write_text(edited, encoding="utf-8")
    assert run(page, tmp_path / "drafts")[0].kind == "unchanged"
    page.write_text(ARTICLE.replace("Unlock the car", "Open the car"), encoding="utf-8")
    (changed,) = run(page, tmp_path / "drafts")
    assert first.path.read_text(encoding="utf-8") == edited
    assert changed.path == first.path.with_name("the-cable-does-not-come-out-2.md")


def test_changed_content_becomes_a_draft_beside_with_a_diff(page: Path, tmp_path: Path) -> None:
    (first,) = run(page, tmp_path / "drafts")
    page.write_text(ARTICLE.replace("Unlock the car", "Open the car"), encoding="utf-8")
    (found,) = run(page, tmp_path / "drafts")
    assert found.kind == "changed"
    assert "-1. Unlock the car." in found.diff
    assert "+1. Open the car." in found.diff
    assert found.path and first.path
    assert read_draft(found.path).front.replaces == first.path.as_posix()


def test_a_dismissed_draft_does_not_come_back(page: Path, tmp_path: Path) -> None:
    (found,) = run(page, tmp_path / "drafts")
    assert found.path
    write_draft(marked(read_draft(found.path), "dismissed"))
    assert run(page, tmp_path / "drafts")[0].kind == "unchanged"


def test_nearly_the_same_of_another_brand_is_shown(page: Path, tmp_path: Path) -> None:
    other = ARTICLE.replace("in the app", "in the Acme app")
    (page.parent / "other.html").write_text(other, encoding="utf-8")
    (page.parent / "third.html").write_text(
        "<h1>Rain</h1><p>Charging in the rain is safe, as long as nothing is broken.</p>"
    )
    first, second, third = run(page.parent, tmp_path / "drafts")
    assert first.path and third.alike == ()
    assert [each.name for each in second.alike] == [first.path.as_posix()]
    assert 0.5 <= second.alike[0].similarity < 1
    assert second.path
    assert "Like " in " ".join(read_draft(second.path).reasons)


def test_articles_that_are_published_count_as_well(page: Path, tmp_path: Path, small_kb: Path) -> None:
    article = small_kb / "articles/en/cable-stuck.md"
    text = article.read_text(encoding="utf-8")
    page.write_text(f"<h1>Copied</h1>{text.split('---')[2]}", encoding="utf-8")
    source = page.rename(page.with_suffix(".md"))
    (found,) = run(source, tmp_path / "drafts", small_kb)
    assert [each.name for each in found.alike] == ["kb/articles/en/cable-stuck.md"]


def test_the_knowledge_base_is_never_touched_and_bad_files_do_not_stop_the_rest(
    page: Path, tmp_path: Path, small_kb: Path
) -> None:
    before = {path: path.read_bytes() for path in small_kb.rglob("*") if path.is_file()}
    folder = page.parent
    (folder / "a.zip").write_bytes(zipped({"bomb.html": b"0" * 60_000_000}))
    (folder / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "d.json").write_text("{")
    (folder / "e.docx").write_bytes(b"")
    (folder / "z.md").write_text(
        "# ../../../kb/articles/en/x\n\nA page with a title that would like to be a path elsewhere."
    )
    found = run(folder, tmp_path / "drafts", small_kb)
    assert [each.kind for each in found] == ["skipped", "skipped", "new", "skipped", "skipped", "new"]
    assert all(each.reason for each in found if each.kind == "skipped")
    assert {path: path.read_bytes() for path in small_kb.rglob("*") if path.is_file()} == before
    written = [path for path in tmp_path.rglob("*.md") if path.parent.parent == tmp_path / "drafts"]
    assert len(written) == 2


def test_a_draft_that_was_damaged_by_hand_is_named_and_left_alone(page: Path, tmp_path: Path) -> None:
    broken = tmp_path / "drafts/en/mine.md"
    broken.parent.mkdir(parents=True)
    broken.write_text("---\ndraft: 1\nstatus: perhaps\n---\n\nText.\n", encoding="utf-8")
    problems: list[Problem] = []
    assert DraftFolder(tmp_path / "drafts").read_all(problems) == []
    assert ("status" in str(problems[0]), problems[0].line) == (True, 3) or len(problems) > 1
    assert run(page, tmp_path / "drafts")[0].kind == "new"
    assert "perhaps" in broken.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "no front matter", "---\na: [\n---\n", "---\n7\n---\n"])
def test_what_is_no_draft_is_explained(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"x\.md:\d+"):
        read_draft(path)


def test_a_draft_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="--review"):
        DraftFolder(tmp_path).find("nothing")
