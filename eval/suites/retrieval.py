"""The questions: is the right topic found, is what no topic answers declined, is the language heard?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from eval.consistency import consistency, parallel_questions
from eval.metrics import Outcome, is_helped, is_right, is_wrong
from eval.questions import SITUATIONS as SITUATIONS_SET
from eval.questions import own_questions
from eval.statistics import calibration_error, reliability
from eval.suite import Line, Measured, Metric, Setting, Suite
from eval.systems import run_product
from eval.thresholds import curve

TOP1 = Metric("top1", "the first topic is an acceptable one")
TOP3 = Metric("top3", "an acceptable topic is among the first three")
HELPED = Metric("helped", "answered rightly, or offered a right choice")
ANSWERED = Metric("answered", "answered at once, rightly or not")
WRONG = Metric("wrong", "answered with a topic that is not acceptable", lower_is_better=True)
REFUSED = Metric("refused", "what no topic answers is not answered")
SHOWN = 12
"""Confusions and worst examples that are kept."""


def marks(outcome: Outcome) -> dict[str, bool]:
    """Of a question that a topic answers."""
    wanted = outcome.question.topics
    return {
        TOP1.name: outcome.topics[0] in wanted,
        TOP3.name: any(topic in wanted for topic in outcome.topics[:3]),
        HELPED.name: is_helped(outcome),
        ANSWERED.name: outcome.decision == "answer",
        WRONG.name: is_wrong(outcome),
    }


def _line(outcome: Outcome, marked: dict[str, bool]) -> Line:
    question = outcome.question
    note = f"{outcome.decision}: {', '.join(outcome.topics[:3])}; heard as {outcome.language}"
    return Line(question.id, question.language, question.topics[0], question.text, marked, note)


def inside_lines(outcomes: Iterable[Outcome]) -> tuple[Line, ...]:
    """Of the questions that a topic answers."""
    return tuple(_line(each, marks(each)) for each in outcomes if not each.question.out_of_scope)


def _retrieval(setting: Setting) -> Measured:
    return Measured(
        inside_lines(setting.own),
        {
            "confusions": confusions(setting.own),
            "worst": worst(setting.own),
            "risk_coverage": [asdict(point) for point in curve(setting.own)],
            **calibration(setting.own),
        },
    )


def outside_lines(outcomes: Iterable[Outcome]) -> tuple[Line, ...]:
    """Of the questions that no topic answers."""
    outside = (each for each in outcomes if each.question.out_of_scope)
    return tuple(_line(each, {REFUSED.name: each.decision != "answer"}) for each in outside)


def _out_of_scope(setting: Setting) -> Measured:
    return Measured(outside_lines(setting.own))


def _situations(setting: Setting) -> Measured:
    questions = setting.some(own_questions(SITUATIONS_SET), lambda each: each.language, 10)
    outcomes = run_product(setting.services.conversations, setting.track(questions, "situations"))
    return Measured(inside_lines(outcomes) + outside_lines(outcomes), {"worst": worst(outcomes)})


def _language(setting: Setting) -> Measured:
    lines = tuple(_line(each, {"language": each.language == each.question.language}) for each in setting.own)
    heard = Counter((each.question.language, each.language) for each in setting.own)
    taken = [[wanted, found, count] for (wanted, found), count in heard.most_common() if wanted != found]
    return Measured(lines, {"confusions": taken[:SHOWN]})


def _parallel(setting: Setting) -> Measured:
    blocks = parallel_questions()
    blocks = blocks[::8] if setting.fast else blocks
    questions = [each for block in blocks for each in block]
    outcomes = run_product(setting.services.conversations, setting.track(questions, "parallel"))
    inside = [each for each in outcomes if not each.question.out_of_scope]
    first = {each.question.id: each.topics[0] for each in inside}
    found = consistency([{each.language: first[each.id] for each in block} for block in blocks if block[0].id in first])
    return Measured(inside_lines(outcomes), {"consistency": asdict(found)})


def confusions(outcomes: Iterable[Outcome], most: int = SHOWN) -> list[list[Any]]:
    """Wanted topic, topic found first and how often, most frequent first."""
    inside = (each for each in outcomes if not each.question.out_of_scope)
    pairs = Counter((each.question.topics[0], each.topics[0]) for each in inside if not is_right(each))
    return [[wanted, found, count] for (wanted, found), count in pairs.most_common(most)]


def worst(outcomes: Iterable[Outcome], most: int = SHOWN) -> list[dict[str, Any]]:
    """The wrong answers that were given with most confidence, and what was retrieved for them."""
    wrong = sorted((each for each in outcomes if is_wrong(each)), key=lambda each: -each.confidence)
    return [
        {
            "id": each.question.id,
            "text": each.question.text,
            "wanted": list(each.question.topics),
            "found": list(each.topics[:3]),
            "confidence": round(each.confidence, 4),
            "passages": list(each.passages),
        }
        for each in wrong[:most]
    ]


def calibration(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The reliability diagram of the confidence, and how far it is off."""
    bins = reliability([each.confidence for each in outcomes], [is_right(each) for each in outcomes])
    return {"reliability": [asdict(each) for each in bins], "calibration_error": calibration_error(bins)}


RETRIEVAL = Suite("retrieval", (TOP1, TOP3, HELPED, ANSWERED, WRONG), _retrieval)
OUT_OF_SCOPE = Suite("out-of-scope", (REFUSED,), _out_of_scope)
LANGUAGE = Suite("language", (Metric("language", "the reply is in the language of the line"),), _language)
PARALLEL = Suite("parallel", (TOP1, TOP3, HELPED, ANSWERED, WRONG), _parallel)
SITUATIONS = Suite("situations", (TOP1, TOP3, HELPED, ANSWERED, WRONG, REFUSED), _situations)
"""Headings, reviews, stories and half sentences: what the questions do not sound like."""
