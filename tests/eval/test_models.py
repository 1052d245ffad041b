"""Comparing models: what a wrong folder says."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from eval.models import main


def test_a_folder_without_a_model_is_named_with_a_remedy(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path), "--alone"])
    assert result.exit_code == 1
    assert str(tmp_path) in result.output
    assert "Give the path of a folder that SentenceTransformer can load" in result.output
