"""Which answers differ between two versions, for better or worse by the questions' labels. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.stats import binomtest

from eval.diff.answers import Answer
from eval.questions import Question

Verdict = Literal["worse", "better", "neutral"]
VERDICTS: tuple[Verdict, ...] = ("worse", "better", "neutral")
SIGNIFICANT = 0.05
"""Five that are worse, and none that is better, are significant (p = 0.03); four are not."""
ALL = "all"


@dataclass(frozen=True)
class Change:
    """A question that is answered otherwise. ``neutral``: neither better nor worse by its label."""

    question: Question
    before: Answer
    after: Answer

    @property
    def verdict(self) -> Verdict:
        """For better or worse."""
        was, now = self.before.grade(self.question), self.after.grade(self.question)
        return "better" if now > was else "worse" if now < was else "neutral"


@dataclass(frozen=True)
class Row:
    """The changes of one language, or of all."""

    lines: int
    better: int
    worse: int
    neutral: int

    @property
    def changed(self) -> int:
        """Questions that are answered otherwise."""
        return self.better + self.worse + self.neutral

    @property
    def p(self) -> float:
        """How likely at least so many would be worse if better and worse were equally likely (exact sign test)."""
        decided = self.better + self.worse
        return float(binomtest(self.worse, decided, 0.5, alternative="greater").pvalue) if decided else 1.0

    @property
    def significantly_worse(self) -> bool:
        """Whether more is worse than chance explains."""
        return self.p < SIGNIFICANT


def changes(questions: Sequence[Question], before: Mapping[str, Answer], after: Mapping[str, Answer]) -> list[Change]:
    """The questions that are answered otherwise: what got worse first, then in the order of the questions."""
    found = [
        Change(question, before[question.id], after[question.id])
        for question in questions
        if before[question.id] != after[question.id]
    ]
    return sorted(found, key=lambda change: VERDICTS.index(change.verdict))


def by_language(questions: Sequence[Question], found: Sequence[Change]) -> dict[str, Row]:
    """A row for each language, in the order of first appearance, then ``all``."""
    languages = dict.fromkeys(question.language for question in questions)
    rows = {
        language: _row(
            sum(question.language == language for question in questions),
            [change for change in found if change.question.language == language],
        )
        for language in languages
    }
    return rows | {ALL: _row(len(questions), found)}


def _row(lines: int, found: Sequence[Change]) -> Row:
    verdicts = [change.verdict for change in found]
    return Row(lines, verdicts.count("better"), verdicts.count("worse"), verdicts.count("neutral"))
