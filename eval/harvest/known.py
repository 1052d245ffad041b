"""What stands in the project already: lines of question sets and of the training data, as they are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eval.commands import command_lines
from eval.consistency import parallel_questions
from eval.questions import own_questions
from eval.safety import safety_lines
from eval.slots import slot_lines
from indexer.errors import KnowledgeError, Problem
from indexer.knowledge import DRIVER_LANGUAGES, read_frame
from indexer.utterances import comparable, read_utterances


@dataclass(frozen=True)
class Known:
    """Comparable texts: ``asked`` in the question sets, ``measured`` in those of commands, slots and safety,
    ``trained`` in kb/utterances. And what a line may be about."""

    asked: frozenset[str]
    measured: frozenset[str]
    trained: frozenset[str]
    topics: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def all(self) -> frozenset[str]:
        """Every line that stands somewhere."""
        return self.asked | self.measured | self.trained


def read_known(kb: Path, questions: Path) -> Known:
    """Read the sets that ship, the questions of that folder, and the knowledge base.

    Raises:
        KnowledgeError: when the knowledge base cannot be used.
    """
    frame = read_frame(kb)
    topics, classes = tuple(each.id for each in frame.topics), tuple(each.id for each in frame.classes)
    problems: list[Problem] = []
    utterances = read_utterances(kb / "utterances", {*topics, *classes}, DRIVER_LANGUAGES, problems)
    if problems:
        raise KnowledgeError(problems)
    asked = [*own_questions(questions), *(each for block in parallel_questions() for each in block)]
    measured = [line.text for line in command_lines()]
    measured += [line.text for line in safety_lines()]
    measured += [line.text for line in slot_lines()]
    return Known(
        asked=_keys(each.text for each in asked),
        measured=_keys(measured),
        trained=_keys(each.text for each in utterances),
        topics=topics,
        classes=classes,
    )


def _keys(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(comparable(text) for text in texts)
