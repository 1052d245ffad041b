"""Each line's marks as a results file keeps them, small enough to be committed, and lines of two runs side by side.

By suite and language: ``lines`` has six hexadecimal digits a line, which change whenever its id or its text does, and
each metric one character a line: 1, 0, or - where it does not apply.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from eval.suite import Line

DIGITS = 6
_MARKS = {True: "1", False: "0", None: "-"}
Packed = Mapping[str, Mapping[str, str]]


def packed(lines: Sequence[Line]) -> dict[str, dict[str, str]]:
    """By language."""
    names = sorted({name for line in lines for name in line.marks})
    found: dict[str, dict[str, str]] = {}
    for language in dict.fromkeys(line.language for line in lines):
        own = [line for line in lines if line.language == language]
        found[language] = {"lines": "".join(map(_digest, own))} | {
            name: "".join(_MARKS[line.marks.get(name)] for line in own) for name in names
        }
    return found


def _digest(line: Line) -> str:
    return hashlib.sha256(f"{line.id}\t{line.text}".encode()).hexdigest()[:DIGITS]


def side_by_side(
    before: Mapping[str, str], after: Mapping[str, str], metric: str
) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """The marks of a metric in the lines that both runs measured; ``before`` and ``after`` are of one language."""
    old, new = _marks(before, metric), _marks(after, metric)
    both = [digest for digest in old if digest in new]
    return tuple(old[digest] for digest in both), tuple(new[digest] for digest in both)


def _marks(kept: Mapping[str, str], metric: str) -> dict[str, bool]:
    """By digest; lines that share theirs cannot be told apart and are left out."""
    digests = [kept["lines"][at : at + DIGITS] for at in range(0, len(kept["lines"]), DIGITS)]
    twice = Counter(digests)
    marks = zip(digests, kept.get(metric, "-" * len(digests)), strict=True)
    return {digest: mark == "1" for digest, mark in marks if mark != "-" and twice[digest] == 1}
