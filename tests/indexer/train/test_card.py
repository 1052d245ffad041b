"""The model card says what every run was made of, and under which licences its data stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from indexer.train.card import write_card

GENERAL: dict[str, Any] = {
    "stage": "general", "pairs": 1_234_567, "english_sentences": 456_789, "taught_sentences": 123_456,
    "sources": ["adobe-workfront", "tatoeba", "tico19"], "minutes": 41.5, "hardware": "cpu, x86_64",
    "loss": {"first": 9.8765, "last": 4.3219},
    "settings": {"vocabulary": 47_999, "samples": 3_999_000, "batch": 1_021, "learning_rate": 0.0123, "seed": 17},
}  # fmt: skip
TUNING: dict[str, Any] = {
    "stage": "tuning", "messages": 24_681, "twins": 3_579, "passages": 2_468,
    "sources": ["tatoeba", "tico19"], "minutes": 7.25, "hardware": "cuda, arm64",
    "loss": {"first": {"labels": 3.21}, "last": {"labels": 1.09}},
    "settings": {"steps": 1_501, "share": 0.35, "seed": 19},
}  # fmt: skip


def card(folder: Path, *runs: dict[str, Any]) -> str:
    write_card(folder, runs)
    return " ".join((folder / "README.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "number",
    [
        "47,999 word pieces", "1,234,567 sentence pairs", "456,789 different English sentences", "vectors of 123,456",
        "3,999,000 samples", "batches of 1,021", "from 0.0123", "seed 17", "Loss 9.8765 in the first",
        "4.3219 in the last", "41.5 minutes on cpu, x86_64",
    ],
)  # fmt: skip
@pytest.mark.parametrize("runs", [(GENERAL,), (GENERAL, TUNING)], ids=["general", "tuned"])
def test_the_numbers_of_the_general_run_stand_in_either_card(
    tmp_path: Path, runs: tuple[dict[str, Any], ...], number: str
) -> None:
    assert number in card(tmp_path, *runs)


@pytest.mark.parametrize(
    "number",
    [
        "24,681 example messages", "3,579 messages and parts", "2,468 passages", "1,501 steps", "seed 19", "35% tuned",
        "65% general", "'labels': 3.21", "'labels': 1.09", "7.25 minutes on cuda, arm64",
    ],
)  # fmt: skip
def test_the_numbers_of_the_tuning_stand_in_the_card(tmp_path: Path, number: str) -> None:
    assert number in card(tmp_path, GENERAL, TUNING)


def test_a_general_model_s_card_tells_of_no_tuning(tmp_path: Path) -> None:
    text = card(tmp_path, GENERAL)
    assert "**Tuning.**" not in text
    assert 'SentenceTransformer("indexer/train/general")' in text


def test_a_tuned_model_s_card_says_where_it_ships(tmp_path: Path) -> None:
    assert 'SentenceTransformer("indexer/model")' in card(tmp_path, GENERAL, TUNING)


def test_runs_are_told_in_their_order(tmp_path: Path) -> None:
    text = card(tmp_path, GENERAL, GENERAL | {"minutes": 99.5}, TUNING)
    assert text.index("41.5 minutes") < text.index("99.5 minutes") < text.index("7.25 minutes")


@pytest.mark.parametrize("runs", [(GENERAL,), (GENERAL, TUNING)], ids=["general", "tuned"])
def test_the_licences_of_the_sources_that_were_read_are_named_and_no_other(
    tmp_path: Path, runs: tuple[dict[str, Any], ...]
) -> None:
    assert "licences were read: CC-BY-2.0-FR, CC0-1.0, MIT." in card(tmp_path, *runs)


COPYLEFT = {"sources": ["kde", "tatoeba"]}


@pytest.mark.parametrize(
    ("runs", "licences"),
    [
        ((GENERAL | COPYLEFT,), "CC-BY-2.0-FR, GPL-2.0+/LGPL."),
        ((GENERAL | COPYLEFT, TUNING), "CC-BY-2.0-FR, CC0-1.0, GPL-2.0+/LGPL."),
        ((GENERAL, TUNING | COPYLEFT), "CC-BY-2.0-FR, CC0-1.0, GPL-2.0+/LGPL, MIT."),
    ],
    ids=["general", "general before tuning", "tuning"],
)
def test_a_card_says_so_if_any_run_read_copyleft_sources(
    tmp_path: Path, runs: tuple[dict[str, Any], ...], licences: str
) -> None:
    text = card(tmp_path, *runs)
    assert f"Read, copyleft included: {licences}" in text
    assert "Only sources under permissive" not in text


def test_the_head_of_a_card_is_what_model_hubs_read(tmp_path: Path) -> None:
    write_card(tmp_path, (GENERAL, TUNING))
    head = yaml.safe_load((tmp_path / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert (head["license"], head["library_name"]) == ("apache-2.0", "sentence-transformers")
