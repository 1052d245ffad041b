"""The checks of the knowledge base find what is planted, and little else."""

from __future__ import annotations

from pathlib import Path

from eval.lint import FEWEST_PLANTED, MOST_FALSE, measure
from indexer.embedders import open_embedder


def test_every_planted_defect_is_found_and_false_alarms_are_rare(tmp_path: Path) -> None:
    score = measure(tmp_path, open_embedder())
    assert score.planted >= FEWEST_PLANTED
    assert score.missed == ()
    assert score.clean == ()
    assert score.false_share <= MOST_FALSE
