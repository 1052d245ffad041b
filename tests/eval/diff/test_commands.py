"""plugdesk kb diff and release over a small knowledge base, with questions of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from eval.diff import commands
from eval.questions import Question
from indexer.build import build_index
from indexer.embedders import open_embedder
from indexer.manifest import current_build
from tests.small_kb import edit, write_small_kb

Run = Callable[..., Result]
STEP = ("Unlock the car with the key.", "Unlock the car with its app.")
ASKED = ("the cable is stuck", "I cannot remove the plug", "plug stuck in the car", "cable does not come out of my car",
         "how do I get the stuck cable out", "charging cable is stuck in the socket")  # fmt: skip


@pytest.fixture(scope="module")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small knowledge base and its index, to be copied."""
    folder = tmp_path_factory.mktemp("small")
    build_index(write_small_kb(folder / "kb"), folder / "index", open_embedder())
    return folder


@pytest.fixture
def run(small_build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``plugdesk kb`` over a copy of it; nothing outside is touched."""
    shutil.copytree(small_build, tmp_path, dirs_exist_ok=True)
    questions = [Question(f"q{n}", "en", text, ("cable-stuck",)) for n, text in enumerate(ASKED)]
    monkeypatch.setattr(commands, "question_sets", lambda: questions)
    files = {name: tmp_path / f"{name.lower()}.db" for name in ("PANEL", "LEDGER", "OUTBOX")}
    environment = {f"PLUGDESK_{name}": str(path) for name, path in files.items()}
    environment |= {"PLUGDESK_KB": str(tmp_path / "kb"), "PLUGDESK_INDEX": str(tmp_path / "index")}
    environment |= {"PLUGDESK_DESK": f"sqlite:///{tmp_path / 'desk.db'}", "PLUGDESK_CONVERSATIONS": "memory:"}
    tools = ("ACCOUNTS", "STATIONS", "SESSIONS", "CHARGERS", "STATUS")
    environment |= {f"PLUGDESK_{tool}": f"demo:///{tmp_path / 'world.db'}" for tool in tools}

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner(env=environment).invoke(main, ["kb", *arguments], input=typed)

    return run


def spoil(kb: Path) -> None:
    """Let what is said of stuck cables be what no topic answers."""
    for path in (kb / "utterances").glob("*/cable-stuck.txt"):
        path.write_text("towing a caravan over a mountain\n", encoding="utf-8")
    path = kb / "utterances/en/out-of-scope.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(ASKED) + "\n", encoding="utf-8")


def test_where_nothing_was_edited_nothing_is_asked(run: Run) -> None:
    result = run("diff")
    assert result.exit_code == 0, result.output
    assert "0 files differ" in result.stdout
    assert "Nothing to release" in run("release", "--yes").stdout


def test_an_edited_text_is_shown_word_by_word_and_what_serves_stays(run: Run, tmp_path: Path) -> None:
    before = current_build(tmp_path / "index")
    edit(tmp_path / "kb/articles/en/cable-stuck.md", *STEP)
    result = run("diff", "--strict")
    assert result.exit_code == 0, result.output
    assert "articles/en/cable-stuck.md" in result.stdout
    assert "Unlock the car with [-the-]{+its+} [-key.-]{+app.+}" in result.stdout
    assert "Nothing is significantly worse" in result.stdout
    assert current_build(tmp_path / "index") == before


def test_answers_that_get_worse_are_told_and_fail_where_that_is_wanted(run: Run, tmp_path: Path) -> None:
    spoil(tmp_path / "kb")
    found = json.loads(run("diff", "--format", "json").stdout)
    assert found["significantly_worse"] == ["en", "all"]
    assert found["languages"]["en"]["worse"] >= 5
    assert {each["verdict"] for each in found["changes"]} == {"worse"}
    assert run("diff", "--strict").exit_code == 1


def test_a_release_lets_the_edit_serve_and_can_be_taken_back(run: Run, tmp_path: Path) -> None:
    before = current_build(tmp_path / "index").name
    edit(tmp_path / "kb/articles/en/cable-stuck.md", *STEP)
    assert run("release", typed="n\n").exit_code == 1
    assert current_build(tmp_path / "index").name == before
    result = run("release", typed="y\n")
    assert result.exit_code == 0, result.output
    assert current_build(tmp_path / "index").name > before
    assert f"* {current_build(tmp_path / 'index').name}" in run("versions").stdout
    assert "0 files differ" in run("diff").stdout


def test_a_release_that_makes_answers_worse_is_refused_unless_it_is_wanted(run: Run, tmp_path: Path) -> None:
    before = current_build(tmp_path / "index").name
    spoil(tmp_path / "kb")
    refused = run("release", "--yes")
    assert refused.exit_code == 1
    assert "significantly worse" in refused.stderr
    assert current_build(tmp_path / "index").name == before
    assert run("release", "--yes", "--worse").exit_code == 0
    assert current_build(tmp_path / "index").name > before


def test_a_release_with_an_error_in_the_knowledge_base_is_refused(run: Run, tmp_path: Path) -> None:
    before = current_build(tmp_path / "index").name
    (tmp_path / "kb/articles/it/cable-stuck.md").unlink()
    refused = run("release", "--yes")
    assert refused.exit_code == 1
    assert "Nothing was released" in refused.stderr
    assert "missing-translation" in refused.stderr
    assert current_build(tmp_path / "index").name == before


def test_a_base_that_there_is_not_is_told(run: Run) -> None:
    result = run("diff", "--base", "nowhere")
    assert result.exit_code == 1
    assert "Name a folder" in result.stderr
