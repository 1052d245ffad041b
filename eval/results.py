"""Results files, named by commit: what was measured, and what of it is kept as the released result."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.kept import packed
from eval.metrics import Figures, as_row
from eval.statistics import Share
from eval.suite import Measured, Suite, misses, shares, topic_shares

FOLDER = Path(__file__).with_name("results")
RELEASED = FOLDER / "released.json"
MOST_MISSES = 30
"""Of one suite; with more of them something is wrong at large."""


def commit() -> str:
    """The short name of the commit that is measured, with + where files differ from it."""
    root = Path(__file__).parents[1]
    try:
        name = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=root, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unversioned"
    return name


def as_json(
    name: str,
    product: Mapping[str, Figures],
    systems: Mapping[str, Mapping[str, Figures]],
    measured: Sequence[tuple[Suite, Measured]] = (),
    fast: bool = False,
) -> dict[str, Any]:
    """A run as plain values. Milliseconds belong to one machine: they stand in the figures of a suite only.

    A share is a list: lines, value, and the bounds of its interval.
    """

    def table(rows: Mapping[str, Figures]) -> dict[str, Any]:
        return {
            language: {key: value for key, value in as_row(row).items() if key != "milliseconds"}
            for language, row in rows.items()
        }

    return {
        "commit": name,
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "fast": fast,
        "product": table(product),
        "systems": {key: table(rows) for key, rows in systems.items()},
        "suites": {
            suite.name: {
                "shares": plain(shares(found.lines, suite.metrics)),
                "topics": plain(topic_shares(found.lines, suite.metrics)),
                "figures": dict(found.figures),
                "misses": [
                    {"metric": metric.name, "id": line.id, "text": line.text, "note": line.note}
                    for metric, line in misses(found.lines, suite.metrics)[:MOST_MISSES]
                ],
            }
            for suite, found in measured
        },
        "lines": {suite.name: packed(found.lines) for suite, found in measured if suite.released},
    }


def plain(rows: Mapping[str, Mapping[str, Share]]) -> dict[str, dict[str, list[float]]]:
    """Shares as they are written: lines, value, and the bounds of the interval."""
    return {
        name: {metric: [each.lines, *(round(value, 4) for value in (each.value, each.low, each.high))]
               for metric, each in row.items()}
        for name, row in rows.items()
    }  # fmt: skip


def write(run: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Keep a run; one that was fast stands beside a whole one of the same commit."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{run['commit']}{'-fast' if run['fast'] else ''}.json"
    path.write_text(_text(run), encoding="utf-8")
    return path


def release(run: Mapping[str, Any], path: Path = RELEASED) -> None:
    """Make a run the one that later ones are compared with. Only what comparing needs is kept: examples hold texts,
    and what was measured by topic fills most of the file."""
    suites = {name: {"shares": found["shares"]} for name, found in run["suites"].items()}
    path.write_text(_text({**run, "suites": suites}), encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """What was written; parts that older runs did not have are empty."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {"measured": "", "fast": False, "systems": {}, "suites": {}, "lines": {}} | found


def kept(folder: Path = FOLDER) -> Iterable[dict[str, Any]]:
    """The whole runs of a folder, the oldest first; the released one too, unless its own file is still there."""
    runs = [read(path) for path in sorted(folder.glob("*.json"))]
    whole = {run["commit"]: run for run in runs if not run["fast"]}
    return sorted(whole.values(), key=lambda run: str(run["measured"]))


def _text(run: Mapping[str, Any]) -> str:
    return json.dumps(run, indent=1, ensure_ascii=False) + "\n"
