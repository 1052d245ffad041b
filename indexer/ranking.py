"""Joins the signals into probabilities. Pure: arrays in, arrays out; every weight has a name in ranking.yaml."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from indexer.classifier import log_softmax

CALIBRATION_FILE = Path(__file__).with_name("calibration.yaml")
RANKING_FILE = Path(__file__).with_name("ranking.yaml")
FEW_NEIGHBOURS = 0.02
"""Added to the share of a label among the neighbours: that there is none is no proof."""
Scores = NDArray[np.float32]


class Weights(BaseModel):
    """The weights of ranking.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    meaning: float
    spelling: float
    neighbours: float
    passage_dense: float
    passage_lexical: float
    other_language: float
    temperature: float

    @classmethod
    def load(cls, path: Path = RANKING_FILE) -> Weights:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


class Calibration(BaseModel):
    """The coefficients of calibration.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intercept: float
    log_best: float
    log_out_of_scope: float
    neighbours_best: float
    neighbours_out_of_scope: float

    @classmethod
    def load(cls, path: Path = CALIBRATION_FILE) -> Calibration:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Grounds:
    """What the confidence in the best topic rests on.

    ``log_best``, ``log_out_of_scope``: logarithms of the probabilities of the best topic and of being out of scope;
    the others: the share of each among the nearest utterances, from 0 to 1.
    """

    log_best: float
    log_out_of_scope: float
    neighbours_best: float
    neighbours_out_of_scope: float


def confidence(grounds: Grounds, calibration: Calibration) -> float:
    """The probability that the best topic answers the line: logistic regression over the grounds (Platt 1999)."""
    score = (
        calibration.intercept
        + calibration.log_best * grounds.log_best
        + calibration.log_out_of_scope * grounds.log_out_of_scope
        + calibration.neighbours_best * grounds.neighbours_best
        + calibration.neighbours_out_of_scope * grounds.neighbours_out_of_scope
    )
    return 1 / (1 + math.exp(-score))


@dataclass(frozen=True)
class Signals:
    """What each ranker says of one line. All of shape (labels,); the passage signals mean nothing for classes.

    ``meaning`` and ``spelling`` are log-probabilities; ``neighbours`` the share of each label among the nearest
    utterances; ``dense`` is the cosine to the best passage of each topic; ``lexical`` its BM25 score.
    """

    meaning: Scores
    spelling: Scores
    neighbours: Scores
    dense: Scores
    lexical: Scores


def best_by_topic(
    rows: Sequence[int] | NDArray[np.int64], scores: Scores, topic_of: NDArray[np.int64], count: int
) -> Scores:
    """The best score of each topic's passages; the lowest score seen for topics without any."""
    best = np.full(count, scores.min() if len(scores) else 0.0, np.float32)
    np.maximum.at(best, topic_of[rows], scores)
    return best


def probabilities(signals: Signals, weights: Weights, topics: int) -> Scores:
    """Calibrated probabilities of all labels; the first ``topics`` of them have articles."""
    near = np.log(signals.neighbours + FEW_NEIGHBOURS)
    score = weights.meaning * signals.meaning + weights.spelling * signals.spelling + weights.neighbours * near
    dense, lexical = signals.dense[:topics], signals.lexical[:topics]
    score[:topics] += weights.passage_dense * (dense - dense.mean())
    if lexical.max(initial=0.0) > 0:
        share = lexical / lexical.max()
        score[:topics] += weights.passage_lexical * (share - share.mean())
    return np.exp(log_softmax(score / weights.temperature))


def fused(dense: Scores, lexical: Scores) -> Scores:
    """One score a passage for plain search: the cosine plus a tenth of the share of the best BM25 score.

    A cosine of a good match lies about a tenth above that of a fair one, so neither ranker drowns the other.
    """
    top = lexical.max(initial=0.0)
    return dense + 0.1 * (lexical / top if top > 0 else lexical)
