"""How sure a share is, and whether one run is really worse than another. Pure, and the same for the same lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

RESAMPLES = 2_000
CONFIDENCE = 0.95
SEED = 20_261_127
SIGNIFICANT = 0.05
"""One-sided: a drop that chance alone would give less often than this counts as one."""


@dataclass(frozen=True)
class Share:
    """A share of ``lines`` lines, from 0 to 1, and the bounds between which it lies with 95 % confidence; NaN of
    nothing."""

    lines: int
    value: float
    low: float
    high: float


def share(marks: Sequence[bool], resamples: int = RESAMPLES) -> Share:
    """The share of lines that hold, with its percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13).

    Where all or none hold, every resample says the same, so the bound is the exact one for that case (Clopper and
    Pearson 1934): of 40 lines without a miss the true share may well be 0.93.
    """
    count, held = len(marks), sum(marks)
    if not count:
        return Share(0, math.nan, math.nan, math.nan)
    if held in (0, count):
        room = 1 - (1 - CONFIDENCE) ** (1 / count)
        return Share(count, 0.0, 0.0, room) if held == 0 else Share(count, 1.0, 1 - room, 1.0)
    # Lines drawn with replacement from yes and no: how many are yes is a binomial draw.
    drawn = np.random.default_rng(SEED).binomial(count, held / count, resamples) / count
    outside = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(drawn, [outside, 100 - outside])
    return Share(count, held / count, float(low), float(high))


@dataclass(frozen=True)
class Change:
    """Of the lines that both runs measured: how many got worse and how many better, and how likely chance alone would
    give so many more that got worse."""

    lines: int
    worse: int
    better: int
    chance: float

    @property
    def significant(self) -> bool:
        """Whether the later run is worse, and not by chance."""
        return self.worse > self.better and self.chance < SIGNIFICANT


def change(before: Sequence[bool], after: Sequence[bool]) -> Change:
    """Compare two runs over the same lines, one-sided exact test on the lines that differ (McNemar 1947).

    Args:
        before, after: whether each line is good, in the same order.
    """
    worse = sum(old and not new for old, new in zip(before, after, strict=True))
    better = sum(new and not old for old, new in zip(before, after, strict=True))
    chance = 1.0
    if worse + better:
        chance = float(binomtest(worse, worse + better, 0.5, alternative="greater").pvalue)
    return Change(len(before), worse, better, chance)


@dataclass(frozen=True)
class Bin:
    """Lines whose confidence lies in one tenth: how many, their mean confidence, and the share that is right."""

    lines: int
    confidence: float
    right: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """The reliability diagram; tenths without lines are left out."""
    at = np.minimum((np.asarray(confidences) * bins).astype(int), bins - 1)
    sure, held = np.asarray(confidences), np.asarray(right, float)
    return [
        Bin(int((at == number).sum()), float(sure[at == number].mean()), float(held[at == number].mean()))
        for number in range(bins)
        if (at == number).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al. 2015): mean distance of confidence and share, weighted by lines."""
    total = sum(each.lines for each in bins)
    return sum(each.lines * abs(each.confidence - each.right) for each in bins) / total if total else math.nan
