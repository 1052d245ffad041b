"""The questions that every system is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.consistency import parallel_questions
from eval.questions import Question, own_questions, questions_from


def question_sets(files: Sequence[Path], most: int | None) -> dict[str, list[Question]]:
    """The own and the parallel questions, and those of each file, at most ``most`` a language and set."""
    sets = {
        "Own questions": own_questions(),
        "The same questions in eleven languages": [each for block in parallel_questions() for each in block],
        **{path.name: questions_from([path]) for path in files},
    }
    return {name: spread(questions, most) for name, questions in sets.items()}


def spread(questions: Sequence[Question], most: int | None) -> list[Question]:
    """At most ``most`` of each language, evenly over the set and thereby over its topics; None: all of them."""
    mine: dict[str, list[Question]] = {}
    for each in questions:
        mine.setdefault(each.language, []).append(each)
    return [each for found in mine.values() for each in _thinned(found, most or len(found))]


def _thinned(questions: Sequence[Question], most: int) -> list[Question]:
    count = min(most, len(questions))
    return [questions[number * len(questions) // count] for number in range(count)]
