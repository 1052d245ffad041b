"""Which threshold answers how much, and how often wrongly; and the one that a wanted share of wrong answers needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy import POLICY_FILE, Policy
from eval.metrics import Outcome, is_right

HUNDREDTHS = range(1, 100)
_ANSWER_AT = re.compile(r"^answer_at: *[0-9.]+", re.MULTILINE)


@dataclass(frozen=True)
class Point:
    """What would come of answering everything at or above the threshold.

    ``answered``: of the questions that a topic answers; ``wrong``: of all lines; ``risk``: of those answered. Shares.
    """

    threshold: float
    answered: float
    wrong: float
    risk: float


class NoThreshold(ValueError):
    """No threshold keeps the share of wrong answers that low."""


def point(outcomes: Sequence[Outcome], threshold: float) -> Point:
    """At one threshold."""
    inside = sum(not each.question.out_of_scope for each in outcomes)
    answered = [each for each in outcomes if each.confidence >= threshold]
    wrong = sum(not is_right(each) for each in answered)
    covered = sum(not each.question.out_of_scope for each in answered)
    return Point(
        threshold, covered / max(1, inside), wrong / max(1, len(outcomes)), wrong / len(answered) if answered else 0.0
    )


def curve(outcomes: Sequence[Outcome]) -> list[Point]:
    """The risk-coverage curve (El-Yaniv & Wiener 2010), by rising threshold."""
    return [point(outcomes, hundredth / 100) for hundredth in HUNDREDTHS]


def chosen(outcomes: Sequence[Outcome], most_wrong: float) -> Point:
    """The lowest threshold at and above which no more than that share of all lines is answered wrongly.

    Raises:
        NoThreshold: when even the highest is not enough.
    """
    points = curve(outcomes)
    fitting = next((each for each in points if each.wrong <= most_wrong), None)
    if fitting is None:
        raise NoThreshold(
            f"Even at {points[-1].threshold} a share of {points[-1].wrong:.3f} is answered wrongly, more than "
            f"{most_wrong}. Ask for more, or better the topics first: python -m eval --confusions shows where."
        )
    return fitting


def write(threshold: float, path: Path = POLICY_FILE) -> None:
    """Put the threshold into policy.yaml; everything else, the comments too, stays as it is."""
    text, count = _ANSWER_AT.subn(f"answer_at: {threshold:.2f}", path.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{path} has no line that begins with answer_at. Restore it from version control.")
    path.write_text(text, encoding="utf-8")
    Policy.load(path)
