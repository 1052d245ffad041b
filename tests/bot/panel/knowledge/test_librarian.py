"""What the lead is shown of the knowledge base: where translations stand, what is live, the last check and results."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.adapters.panel.knowledge_files import LAST_CHECK, CheckFile, EvaluationFolder
from bot.cli import main
from bot.panel.knowledge.librarian import Librarian, fingerprint
from bot.panel.knowledge.values import Checked, Defect, Library
from indexer.build import build_index
from indexer.lint.types import Severity
from indexer.manifest import source_digests
from indexer.search import open_index
from indexer.standing import Standing
from tests.doubles import FixedIndex, LetterEmbedder, SteppingClock
from tests.small_kb import edit

DEFECT = Defect(
    check="facts-differ", severity=Severity.ERROR, path="articles/de/cable-stuck.md", line=3, what="It differs",
    remedy="Let them agree.",
)  # fmt: skip


@pytest.fixture
def librarian(small_kb: Path, tmp_path: Path) -> Librarian:
    build_index(small_kb, tmp_path / "index", LetterEmbedder())
    index = open_index(tmp_path / "index", LetterEmbedder())
    checks, results = CheckFile(tmp_path / "index" / LAST_CHECK), EvaluationFolder(tmp_path / "results")
    return Librarian(small_kb, FixedIndex(index), checks, results, SteppingClock(), "Europe/Zurich")


def standing(library: Library, topic: str, language: str) -> tuple[Standing, bool]:
    (article,) = [each for each in library.articles if each.topic == topic]
    (found,) = [each for each in article.translations if each.language == language]
    return found.standing, found.live


def checked(librarian: Librarian, *defects: Defect) -> Checked:
    return Checked(
        at=librarian.clock.now(), whole=True, sources=fingerprint(source_digests(librarian.kb)), defects=defects
    )


def test_what_was_built_is_live_and_current(librarian: Librarian) -> None:
    library = librarian.look()
    found = {(each.standing, each.live) for article in library.articles for each in article.translations}
    assert found == {(Standing.CURRENT, True)}
    assert (len(library.articles), library.behind) == (3, ())


def test_an_edited_source_makes_its_translations_older(librarian: Librarian, small_kb: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", "updated: 2026-11-21", "updated: 2026-11-25")
    library = librarian.look()
    assert standing(library, "cable-stuck", "en") == (Standing.CURRENT, False)
    assert standing(library, "cable-stuck", "nb") == (Standing.OLDER, True)
    assert standing(library, "minimum-balance", "nb") == (Standing.CURRENT, True)
    assert library.behind == ("articles/en/cable-stuck.md",)


def test_a_file_that_is_gone_or_broken_is_told(librarian: Librarian, small_kb: Path) -> None:
    (small_kb / "articles/it/cable-stuck.md").unlink()
    (small_kb / "articles/fr/cable-stuck.md").write_text("no front matter", encoding="utf-8")
    library = librarian.look()
    assert standing(library, "cable-stuck", "it") == (Standing.MISSING, False)
    assert standing(library, "cable-stuck", "fr") == (Standing.UNREADABLE, False)


def test_the_earliest_review_of_all_languages_falls_due(librarian: Librarian, small_kb: Path) -> None:
    path = small_kb / "articles/de/cable-stuck.md"
    (line,) = [each for each in path.read_text(encoding="utf-8").splitlines() if each.startswith("review_by")]
    edit(path, line, "review_by: 2026-11-20")
    due = {each.topic: (str(each.review_by), each.overdue) for each in librarian.look().articles}
    assert due["cable-stuck"] == ("2026-11-20", True)
    assert not due["minimum-balance"][1]


def test_the_last_check_is_shown_until_the_next(librarian: Librarian) -> None:
    assert librarian.look().checked is None
    librarian.checks.keep(checked(librarian, DEFECT))
    library = librarian.look()
    assert library.checked is not None
    assert (library.checked.errors, library.outdated) == (1, False)
    assert {each.topic: each.defects for each in library.articles}["cable-stuck"] == 1


def test_a_check_of_other_files_is_outdated(librarian: Librarian, small_kb: Path) -> None:
    librarian.checks.keep(checked(librarian))
    edit(small_kb / "articles/en/cable-stuck.md", "Unlock the car with the key.", "Unlock the car with its app.")
    assert librarian.look().outdated


def test_a_check_that_cannot_be_read_is_none(librarian: Librarian, tmp_path: Path) -> None:
    (tmp_path / "index" / LAST_CHECK).write_text('{"at": "later"}', encoding="utf-8")
    assert librarian.look().checked is None


def results(folder: Path, name: str, content: Any, age: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    os.utime(path, (1_000_000 - age, 1_000_000 - age))


ROW = {"lines": 10, "top1": 0.8, "wrong": None, "unheard_of": {"low": 0.1}}


def test_the_newest_results_that_can_be_read_are_shown(tmp_path: Path) -> None:
    results(tmp_path, "released.json", {"commit": "aaa", "product": {"de": ROW}}, age=50)
    results(tmp_path, "bbb.json", {"commit": "bbb", "product": {"all": ROW, "de": ROW | {"top1": 0.9}}}, age=20)
    results(tmp_path, "fast.json", {"commit": "ddd", "fast": True, "product": {"de": ROW}}, age=15)
    results(tmp_path, "broken.json", "{", age=10)
    results(tmp_path, "other.json", ["nothing", {"of": "this"}])
    found = EvaluationFolder(tmp_path).read()
    assert found is not None
    assert (found.version, list(found.languages)) == ("bbb", ["de", "all"])
    assert (found.languages["de"].top1, found.languages["de"].wrong, found.languages["de"].lines) == (0.9, None, 10)


def test_results_of_suites_are_found_where_they_stand(tmp_path: Path) -> None:
    suites = {
        "commit": "ccc",
        "measured": "2026-11-27T01:00:00+00:00",
        "suites": {"retrieval": {"product": {"nb": ROW}}},
    }
    results(tmp_path, "ccc.json", suites)
    found = EvaluationFolder(tmp_path).read()
    assert found is not None
    assert found.at is not None
    assert list(found.languages) == ["nb"]


@pytest.mark.parametrize("content", ["", "[]", '{"product": 1}', '{"product": {"de": 3}}', '{"product": {"de": {}}}'])
def test_results_of_another_form_are_none(tmp_path: Path, content: str) -> None:
    results(tmp_path, "x.json", content)
    assert EvaluationFolder(tmp_path).read() is None
    assert EvaluationFolder(tmp_path / "nowhere").read() is None


def test_the_results_that_ship_can_be_read() -> None:
    found = EvaluationFolder(Path(__file__).parents[4] / "eval" / "results").read()
    assert found is not None
    assert {"en", "fr", "de", "it", "nb"} <= set(found.languages)


def test_the_command_keeps_what_it_finds_for_the_page(librarian: Librarian, small_kb: Path, tmp_path: Path) -> None:
    environment = {"PLUGDESK_KB": str(small_kb), "PLUGDESK_INDEX": str(tmp_path / "index")}
    assert CliRunner(env=environment).invoke(main, ["kb", "check", "--quick"]).exit_code == 0
    library = librarian.look()
    assert library.checked is not None
    assert (library.checked.whole, library.outdated) == (False, False)
    assert len(library.checked.defects) > 0


def test_findings_that_cannot_be_kept_are_told_all_the_same(small_kb: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    environment = {"PLUGDESK_KB": str(small_kb), "PLUGDESK_INDEX": str(tmp_path / "file")}
    result = CliRunner(env=environment).invoke(main, ["kb", "check", "--quick"])
    assert result.exit_code == 0
    assert "warnings" in result.stdout
    assert "will not show these findings" in result.stderr
