"""Fitting the calibration: it is written so that it can be read again, and it tells right from wrong."""

from __future__ import annotations

from pathlib import Path

from eval.calibrate import fitted, observed, off_by, write
from eval.questions import own_questions
from indexer.ranking import CALIBRATION_FILE, Calibration, Weights
from indexer.search import Index


def test_what_is_written_can_be_read_and_keeps_its_comment(tmp_path: Path) -> None:
    path = tmp_path / "calibration.yaml"
    path.write_text(CALIBRATION_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    wanted = Calibration.load().model_copy(update={"intercept": 0.25})
    write(wanted, path)
    assert Calibration.load(path) == wanted
    assert path.read_text(encoding="utf-8").startswith("# How sure")


def test_a_likelier_topic_is_surer_and_neighbours_out_of_scope_are_a_warning(shipped_index: Index) -> None:
    grounds, right = observed(shipped_index, own_questions()[::4], Weights.load())
    found = fitted(grounds, right)
    assert found.log_best > 0 > found.neighbours_out_of_scope
    assert off_by(found, grounds, right) < off_by(found.model_copy(update={"intercept": -9.0}), grounds, right)
