"""A system is measured in a process of its own; what was measured already is not measured again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.comparison.__main__ import main, wanted_rows
from eval.comparison.measure import SystemFailed, measured, measured_apart
from eval.questions import Question

QUESTIONS = [
    Question("1", "en", "the plug is stuck", ("cable-stuck",)),
    Question("2", "de", "Guthaben ist zu niedrig", ("minimum-balance",)),
    Question("3", "en", "what is the weather", ("none",)),
]


@pytest.mark.parametrize("name", ["bm25", "vectors"])
def test_a_system_answers_over_a_small_knowledge_base(name: str, small_kb: Path) -> None:
    found = measured(name, True, QUESTIONS, small_kb)
    assert [each.topics[0] for each in found.outcomes[:2]] == ["cable-stuck", "minimum-balance"]
    assert [each.decision for each in found.outcomes] == ["answer", "answer", "none"]


def test_what_was_measured_is_kept(small_kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGDESK_KB", str(small_kb))
    first = measured_apart("bm25", True, QUESTIONS, tmp_path / "kept")
    assert [each.question for each in first.outcomes] == QUESTIONS
    assert first.megabytes > 0
    shutil.rmtree(small_kb)
    assert measured_apart("bm25", True, QUESTIONS, tmp_path / "kept") == first
    with pytest.raises(SystemFailed, match=r"topics\.yaml"):
        measured_apart("bm25", False, QUESTIONS, tmp_path / "kept")


def test_each_system_runs_without_and_with_utterances_and_the_product_once() -> None:
    assert wanted_rows(["product", "bm25"], [], "both") == [("product", True), ("bm25", False), ("bm25", True)]


def test_a_model_is_one_more_system() -> None:
    assert wanted_rows(["bm25"], ["some/model"], "no") == [("bm25", False), ("model:some/model", False)]


def test_an_unknown_system_is_explained() -> None:
    result = CliRunner().invoke(main, ["elastic"])
    assert result.exit_code == 1
    assert "There is no system 'elastic'. Use one of product, bm25," in result.output
