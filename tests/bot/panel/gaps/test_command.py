"""plugdesk kb gaps over a store of its own: lines, a page, data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.adapters.conversations.sqlite import SqliteConversations
from bot.cli import main
from eval.figures_log import Talk
from indexer.build import build_index
from indexer.embedders import open_embedder
from tests.small_kb import write_small_kb

Run = Callable[..., Result]
ASKED = {
    "en": "Is there a <b>café</b> at station 4521?",
    "de": "Gibt es ein <b>Café</b> bei der Station 4521?",
    "fr": "Y a-t-il un <b>café</b> à la borne 4521 ?",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gaps")
    build_index(write_small_kb(folder / "kb"), folder / "index", open_embedder())
    return folder / "index"


@pytest.fixture
def run(index: Path, tmp_path: Path) -> Run:
    """Runs the command over conversations in which the same was asked in three languages yesterday."""
    store = SqliteConversations(tmp_path / "talks.db")
    for language, text in ASKED.items():
        Talk(f"t-{language}", datetime.now(UTC) - timedelta(days=1), language).asks(text, "", "none").keep(store)
    store.close()
    environment = {
        "PLUGDESK_INDEX": str(index),
        "PLUGDESK_CONVERSATIONS": f"sqlite:///{tmp_path / 'talks.db'}",
        "PLUGDESK_PANEL": str(tmp_path / "panel.db"),
        "PLUGDESK_REVIEW": str(tmp_path / "review.jsonl"),
    }
    return lambda *arguments, **variables: CliRunner(env=environment | variables).invoke(
        main, ["kb", "gaps", *map(str, arguments)]
    )


def test_gaps_are_listed(run: Run) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "3 +3  de 1, en 1, fr 1; nearest: " in result.stdout
    assert "4521" not in result.stdout


@pytest.mark.parametrize(("language", "title"), [("en", "Gaps of the knowledge base"), ("nb", "Hull i kunnskapsbasen")])
def test_the_page_needs_no_other_file_and_shows_text(run: Run, tmp_path: Path, language: str, title: str) -> None:
    assert run("--out", tmp_path / "gaps.html", "--language", language).exit_code == 0
    page = (tmp_path / "gaps.html").read_text(encoding="utf-8")
    assert f"<h1>{title}</h1>" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert [each for each in ("src=", "href=", "url(http", "@import", "4521") if each in page] == []


def test_the_data_has_what_the_page_has(run: Run, tmp_path: Path) -> None:
    assert run("--out", tmp_path / "gaps.json").exit_code == 0
    (gap,) = json.loads((tmp_path / "gaps.json").read_text(encoding="utf-8"))["gaps"]
    assert (gap["count"], gap["before"], gap["languages"]) == (3, 0, {"de": 1, "en": 1, "fr": 1})
    assert {each["language"] for each in gap["examples"]} == set(ASKED)


def test_what_was_asked_before_the_day_does_not_count(run: Run) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    assert run("--since", tomorrow).stdout.startswith("0 questions")


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (("--out", "gaps.pdf"), {}, "neither .html nor .json"),
        (("--out", "no-such-folder/gaps.html"), {}, "There is no folder"),
        (("--since", "yesterday"), {}, "%Y-%m-%d"),
        ((), {"PLUGDESK_CONVERSATIONS": "memory:"}, "PLUGDESK_CONVERSATIONS"),
        ((), {"PLUGDESK_INDEX": "no-such-index"}, "plugdesk index"),
    ],
)
def test_what_cannot_be_done_is_explained(
    run: Run, arguments: tuple[str, ...], variables: dict[str, str], said: str
) -> None:
    result = run(*arguments, **variables)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code != 0
    assert said in result.stderr
