"""How long an answer takes in process, from the line to the rendered text, on this machine and under its load."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from eval.suite import ALL, Measured, Setting, Suite

STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100)
"""Upper ends of the histogram's columns in milliseconds; what is slower counts to a last one."""


def latency(times: list[float]) -> dict[str, Any]:
    """Percentiles in milliseconds and the histogram of some turns."""
    counts, _ = np.histogram(times, [0.0, *STEPS, np.inf])
    p50, p95, p99 = (round(float(each), 2) for each in np.percentile(times, [50, 95, 99]))
    return {"p50": p50, "p95": p95, "p99": p99, "histogram": counts.tolist()}


def _speed(setting: Setting) -> Measured:
    times: dict[str, list[float]] = {}
    for each in setting.own:
        times.setdefault(each.question.language, []).append(each.milliseconds)
    times[ALL] = [each.milliseconds for each in setting.own]
    rows = {name: latency(found) for name, found in times.items()}
    return Measured((), {"milliseconds": rows, "load": round(os.getloadavg()[0], 1), "cores": os.cpu_count()})


SPEED = Suite("speed", (), _speed, released=False)
