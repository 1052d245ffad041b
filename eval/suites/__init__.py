"""The suites of ``python -m eval``, in the order in which they run and are shown.

A new one is a module with a :class:`eval.suite.Suite`, and a line here: its lines, bars and comparison with the
released result then take part in the tables, the gate and the report.
"""

from __future__ import annotations

from eval.suite import Suite
from eval.suites.dialogues import ANSWERS, DIALOGUES, GROUNDEDNESS
from eval.suites.hearing import COMMANDS, SAFETY, SLOTS
from eval.suites.retrieval import LANGUAGE, OUT_OF_SCOPE, PARALLEL, RETRIEVAL, SITUATIONS
from eval.suites.robustness import ROBUSTNESS
from eval.suites.speed import SPEED
from eval.suites.suggestions import SUGGESTIONS

SUITES: tuple[Suite, ...] = (
    RETRIEVAL,
    OUT_OF_SCOPE,
    LANGUAGE,
    PARALLEL,
    SITUATIONS,
    SLOTS,
    SAFETY,
    COMMANDS,
    DIALOGUES,
    ANSWERS,
    GROUNDEDNESS,
    SUGGESTIONS,
    ROBUSTNESS,
    SPEED,
)
