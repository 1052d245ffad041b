"""The file of presence rules: who writes their own is told what is wrong with it, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.panel.presence import PresenceRules

SHORT = {"beat_s": 1, "here_s": 3, "typing_s": 2, "away_s": 4, "look_every_s": 0.5}


def written(folder: Path, **changes: object) -> Path:
    """A file of short times, but for ``changes``."""
    file = folder / "presence.yaml"
    lines = [f"{name}: {value}" for name, value in {**SHORT, **changes}.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_a_file_of_ones_own_is_taken(tmp_path: Path) -> None:
    assert PresenceRules.load(written(tmp_path)) == PresenceRules.model_validate(SHORT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"away_s": "soon"}, "away_s: .* integer"),
        ({"beat_s": 0}, "beat_s: .* greater than 0"),
        ({"lunch_s": 3600}, "lunch_s: .* not permitted"),
        ({"beat_s": 3}, "beat_s must be less than here_s"),
        ({"away_s": 2}, "here_s not more than away_s"),
        ({"away_s": "[1"}, "cannot be read as YAML"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=rf"{tmp_path}/presence\.yaml.*{said}"):
        PresenceRules.load(written(tmp_path, **changes))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"PLUGDESK_PRESENCE is {tmp_path}/none.yaml, which cannot be read"):
        PresenceRules.load(tmp_path / "none.yaml")
