"""The noise ladder: how much is still found when the same lines come misspelt, shouted, dictated or with a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.metrics import Outcome, by_language
from eval.noise import LADDER
from eval.questions import Question, own_questions
from eval.safety import EMERGENCY, safety_lines
from eval.suite import Line, Measured, Metric, Setting, Suite
from eval.suites.retrieval import HELPED, TOP1, WRONG, marks
from eval.systems import run_product

CLEAN = "clean"


def noisy(questions: Sequence[Question]) -> dict[str, list[Question]]:
    """The questions as they are, and on each rung."""
    rungs = {
        step.name: [
            replace(each, id=f"{each.id} {step.name}", text=step(each.id, each.text, each.language))
            for each in questions
        ]
        for step in LADDER
    }
    return {CLEAN: list(questions)} | rungs


def _row(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    return {
        language: {name: round(getattr(found, name), 4) for name in ("top1", "helped", "wrong", "language")}
        for language, found in by_language(outcomes).items()
    }


def _robustness(setting: Setting) -> Measured:
    inside = [each for each in own_questions() if not each.out_of_scope]
    rungs = noisy(setting.some(inside, lambda each: each.language, 5, 40))
    talks, ladder, lines = setting.services.conversations, {}, []
    for name, questions in rungs.items():
        outcomes = run_product(talks, setting.track(questions, name))
        ladder[name] = _row(outcomes)
        for each in outcomes if name != CLEAN else ():
            heard = {"language": each.language == each.question.language}
            marked = {key: held for key, held in marks(each).items() if key in ROBUST} | heard
            question = each.question
            lines.append(Line(question.id, question.language, name, question.text, marked))
    lines += _danger(setting)
    return Measured(tuple(lines), {"ladder": ladder})


def _danger(setting: Setting) -> list[Line]:
    """Whether danger is still heard; what the lane does not hear, the topic of emergencies may still catch."""
    answer = setting.services.conversations.answer
    dangers = setting.some([each for each in safety_lines() if each.hazards], lambda each: each.language, 5, 40)
    lines = []
    for step in LADDER:
        for each in setting.track(dangers, step.name):
            identity = f"danger {each.language}-{each.number:03d}"
            text = step(identity, each.text, each.language)
            understood, reply = answer(text)
            heard = bool(understood.hazards)
            shown = reply.decision == "answer" and understood.topics[0].id == EMERGENCY
            marked = {"heard": heard, "caught": heard or shown}
            lines.append(Line(f"{identity} {step.name}", each.language, step.name, text, marked))
    return lines


ROBUST = (TOP1.name, HELPED.name, WRONG.name)
ROBUSTNESS = Suite(
    "robustness",
    (
        TOP1,
        HELPED,
        WRONG,
        Metric("language", "the reply is in the language of the line"),
        Metric("heard", "danger is heard"),
        Metric("caught", "danger is heard, or the topic of emergencies is shown first"),
    ),
    _robustness,
    released=False,
)
