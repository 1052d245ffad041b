"""Whether every language is served alike: each metric from the worst to the best language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.suite import ALL, Metric

FEWEST_LINES = 20
"""A language with fewer lines says little; it is shown and does not count to the gap."""

Row = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Parity:
    """A metric by language, and the languages in which it is worst and best; ``gap`` lies between them, from 0 to 1."""

    suite: str
    metric: Metric
    values: Mapping[str, float]
    worst: str
    best: str

    @property
    def gap(self) -> float:
        """How much the worst language lies behind the best."""
        return abs(self.values[self.best] - self.values[self.worst])


def parity(suite: str, metric: Metric, rows: Mapping[str, Row]) -> Parity | None:
    """From the shares of a results file; None where fewer than two languages have lines enough."""
    own = {name: row[metric.name] for name, row in rows.items() if name != ALL and metric.name in row}
    values = {name: found[1] for name, found in own.items()}
    counted = sorted((name for name, found in own.items() if found[0] >= FEWEST_LINES), key=lambda name: values[name])
    if len(counted) < 2:
        return None
    worst, best = counted[0], counted[-1]
    return Parity(suite, metric, values, *((best, worst) if metric.lower_is_better else (worst, best)))
