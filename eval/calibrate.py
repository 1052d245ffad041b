"""Fits the calibration of confidence to the project's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression

from eval.questions import NONE, Question
from indexer.ranking import CALIBRATION_FILE, Grounds, Weights, probabilities
from indexer.search import Index

# Weak: there are two thousand questions for five coefficients.
REGULARISATION = 1.0


def fitted(index: Index, questions: Sequence[Question], weights: Weights) -> dict[str, float]:
    """The coefficients that make the confidence most likely, given which best topics were acceptable."""
    grounds, right = [], []
    topics = len(index.contents.topics)
    for question in questions:
        vector = index.embedder.queries([question.text])[0]
        chances = probabilities(index.signals(question.text, question.language, vector), weights, topics)
        best = index.labels[int(np.argmax(chances[:topics]))]
        grounds.append(list(asdict(index.grounds(chances, question.language, vector)).values()))
        right.append(best in question.topics or (NONE in question.topics and not question.out_of_scope))
    model = LogisticRegression(C=REGULARISATION).fit(np.array(grounds), np.array(right))
    names = list(Grounds.__dataclass_fields__)
    found = dict(zip(names, model.coef_[0], strict=True))
    return {"intercept": round(float(model.intercept_[0]), 3)} | {
        name: round(float(value), 3) for name, value in found.items()
    }


def write(coefficients: dict[str, float], path: Path = CALIBRATION_FILE) -> None:
    """Replace the coefficients, keep the comment above them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = [line for line in lines if line.startswith("#")]
    path.write_text("\n".join(comment) + "\n" + yaml.safe_dump(coefficients, sort_keys=False), encoding="utf-8")
