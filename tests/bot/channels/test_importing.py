"""The command ``plugdesk import``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.indexer.importers.builders import ARTICLE


@pytest.fixture
def page(tmp_path: Path, small_kb: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUGDESK_KB", str(small_kb))
    monkeypatch.setenv("PLUGDESK_INDEX", str(tmp_path / "no-index"))
    path = tmp_path / "cable.html"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def run(page: Path, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["import", "--drafts", str(page.parent / "drafts"), *arguments], input=typed)


def test_import_and_review(page: Path) -> None:
    imported = run(page, str(page))
    assert (imported.exit_code, "1 new, 0 changed, 0 unchanged, 0 skipped." in imported.output) == (0, True)
    assert "plugdesk index" in imported.output  # without an index no topic is suggested
    review = run(page, "--review")
    assert "The cable does not come out" in review.output
    assert "1 drafts wait." in review.output


def test_a_second_import_says_that_nothing_changed(page: Path) -> None:
    run(page, str(page))
    assert "0 new, 0 changed, 1 unchanged, 0 skipped." in run(page, str(page)).output


def test_accepting_says_what_is_missing_and_publishes_nothing(page: Path, small_kb: Path) -> None:
    run(page, str(page))
    before = (small_kb / "articles/en/cable-stuck.md").read_bytes()
    result = run(page, "--accept", "en/the-cable-does-not-come-out", "--topic", "cable-stuck", "--yes")
    assert result.exit_code == 1
    assert "Nothing was published" in result.output
    assert "{#next}" in result.output
    assert (small_kb / "articles/en/cable-stuck.md").read_bytes() == before


@pytest.mark.parametrize(("answer", "published"), [("n\n", False), ("y\n", True)])
def test_accepting_asks_first(page: Path, small_kb: Path, answer: str, published: bool) -> None:
    run(page, str(page))
    article = small_kb / "articles/en/remote-restart.md"
    draft = page.parent / "drafts/en/the-cable-does-not-come-out.md"
    front = draft.read_text(encoding="utf-8").split("\n---\n")[0]
    draft.write_text(front + "\n---\n" + article.read_text(encoding="utf-8").split("\n---\n")[1], encoding="utf-8")
    result = run(page, "--accept", str(draft), "--topic", "remote-restart", typed=answer)
    assert "+title: The cable does not come out" in result.output
    assert ("origin:" in article.read_text(encoding="utf-8")) is published


def test_dismissed_drafts_are_not_listed(page: Path) -> None:
    run(page, str(page))
    run(page, "--dismiss", "en/the-cable-does-not-come-out")
    assert "0 drafts wait." in run(page, "--review").output


def test_an_import_of_nothing_fails_with_its_reason(page: Path) -> None:
    page.write_text("<script>start()</script>", encoding="utf-8")
    result = run(page, str(page))
    assert result.exit_code == 1
    assert "without its scripts" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give a SOURCE"),
        (["a", "--review"], "Give a SOURCE"),
        (["--accept", "x"], "belong together"),
        (["no-such-file"], "no file or folder"),
        (["ftp://example.org/"], "cannot be imported"),
        (["http://user:secret@example.org/"], "cannot be imported"),
        (["--accept", "x", "--topic", "cable-stuck"], "no draft 'x'"),
        (["--dismiss", "x"], "no draft 'x'"),
    ],
)
def test_mistakes_are_explained(page: Path, arguments: list[str], said: str) -> None:
    result = run(page, *arguments)
    assert result.exit_code != 0
    assert said in result.output


def test_what_a_page_wrote_cannot_steer_the_terminal(page: Path) -> None:
    page.write_text(ARTICLE.replace("The cable", "\x1b]0;owned\x07The cable"), encoding="utf-8")
    run(page, str(page))
    assert "\x1b" not in run(page, "--review").output


def test_without_its_libraries_the_command_says_what_to_install(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith("indexer.importers")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)
    result = run(page, str(page))
    assert result.exit_code == 1
    assert ".[import]" in result.output
