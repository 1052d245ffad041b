"""Pure metrics over outcomes. Shares are from 0 to 1; a share of nothing is NaN."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from eval.questions import NONE, Question


@dataclass(frozen=True)
class Outcome:
    """What a system made of a question: topics by falling probability, and what it decided."""

    question: Question
    topics: tuple[str, ...]
    confidence: float
    decision: str
    language: str
    milliseconds: float
    passages: tuple[str, ...] = ()
    """Keys of what was retrieved, best first."""


@dataclass(frozen=True)
class Figures:
    """One row of the table.

    ``top1``, ``top3``, ``mrr`` and ``answered`` are over questions that a topic answers; ``wrong`` (answered with a
    topic that is not acceptable) and ``language`` over all lines; ``refused`` over those that no topic answers.
    ``helped``: answered rightly, or offered a right choice.
    """

    lines: int
    top1: float
    top3: float
    mrr: float
    answered: float
    wrong: float
    helped: float
    refused: float
    language: float
    milliseconds: float


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else math.nan


def reciprocal_rank(topics: Sequence[str], wanted: Sequence[str]) -> float:
    """1 / rank of the first acceptable topic, 0 where there is none (Voorhees 1999)."""
    return next((1 / rank for rank, topic in enumerate(topics, start=1) if topic in wanted), 0.0)


def is_right(outcome: Outcome) -> bool:
    """Whether answering with the first topic is acceptable, or at least no harm where declining is right too."""
    wanted = outcome.question.topics
    return outcome.topics[0] in wanted or (NONE in wanted and not outcome.question.out_of_scope)


def is_wrong(outcome: Outcome) -> bool:
    """Answered, though the topic is not acceptable and declining would have been right or a better topic exists."""
    return outcome.decision == "answer" and not is_right(outcome)


def is_helped(outcome: Outcome) -> bool:
    """Answered rightly, or offered choices with a right one among them."""
    wanted = outcome.question.topics
    if outcome.decision == "answer":
        return outcome.topics[0] in wanted
    return outcome.decision == "choices" and any(topic in wanted for topic in outcome.topics[:3])


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Summarise the outcomes."""
    inside = [each for each in outcomes if not each.question.out_of_scope]
    outside = [each for each in outcomes if each.question.out_of_scope]
    times = sorted(each.milliseconds for each in outcomes)
    return Figures(
        lines=len(outcomes),
        top1=_share(each.topics[0] in each.question.topics for each in inside),
        top3=_share(any(topic in each.question.topics for topic in each.topics[:3]) for each in inside),
        mrr=sum(reciprocal_rank(each.topics, each.question.topics) for each in inside) / max(1, len(inside)),
        answered=_share(each.decision == "answer" for each in inside),
        wrong=_share(is_wrong(each) for each in outcomes),
        helped=_share(is_helped(each) for each in inside),
        refused=_share(each.decision != "answer" for each in outside),
        language=_share(each.language == each.question.language for each in outcomes),
        milliseconds=times[len(times) // 2] if times else math.nan,
    )


def by_language(outcomes: Sequence[Outcome]) -> dict[str, Figures]:
    """Figures for each language, in the order of first appearance, then ``all``."""
    languages = dict.fromkeys(each.question.language for each in outcomes)
    rows = {name: figures([each for each in outcomes if each.question.language == name]) for name in languages}
    return rows | {"all": figures(outcomes)}


def as_row(row: Figures) -> dict[str, float | None]:
    """JSON cannot say NaN."""
    return {name: None if math.isnan(value) else round(value, 4) for name, value in asdict(row).items()}
