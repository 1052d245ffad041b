"""The set of commands: large enough, and what is shipped stays above its bars."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.commands import Command, Commands
from eval.commands import Line, command_lines, score
from indexer.knowledge import DRIVER_LANGUAGES

LEAST_LINES, LEAST_LOOK_ALIKES, LEAST_ACCURACY = 60, 20, 0.95
LINES = command_lines()
COMMANDS = Commands.load()


def of(language: str) -> list[Line]:
    return [line for line in LINES if line.language == language]


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_a_language_has_enough_lines_and_look_alikes(language: str) -> None:
    assert len(of(language)) >= LEAST_LINES
    assert sum(line.command is None for line in of(language)) >= LEAST_LOOK_ALIKES


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_every_command_is_in_the_set_of_every_language(language: str) -> None:
    assert {line.command for line in of(language)} == {*Command, None}


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_commands_are_heard_in_every_language(language: str) -> None:
    assert score(of(language), COMMANDS).accuracy >= LEAST_ACCURACY


def test_nothing_but_a_yes_is_a_yes() -> None:
    assert score(LINES, COMMANDS).false_consents == 0


def test_a_false_consent_is_counted() -> None:
    line = Line("en", 1, "yes", None)
    assert score([line], COMMANDS).false_consents == 1


def test_a_label_that_is_no_command_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("command\ttext\ncoffee\tblack please\n", encoding="utf-8")
    with pytest.raises(ValueError, match="coffee"):
        command_lines(tmp_path)
