"""Results files, named by commit, and the gate that compares a run with the last released one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.metrics import Figures, as_row

FOLDER = Path(__file__).with_name("results")
RELEASED = FOLDER / "released.json"
# A set of some 260 questions a language moves by one question when a tie falls the other way on another machine.
TOLERANCE = 0.012
"""A share may be this much worse than the released one before the gate fails."""
HIGHER_IS_BETTER = ("top1", "top3", "mrr", "answered", "helped", "refused", "language")
LOWER_IS_BETTER = ("wrong",)


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


def write(name: str, product: Mapping[str, Figures], systems: Mapping[str, Mapping[str, Figures]]) -> Path:
    """Keep a run."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(as_json(name, product, systems), indent=1) + "\n", encoding="utf-8")
    return path


def as_json(name: str, product: Mapping[str, Figures], systems: Mapping[str, Mapping[str, Figures]]) -> dict[str, Any]:
    """A run as plain values; milliseconds belong to one machine and are left out."""

    def table(rows: Mapping[str, Figures]) -> dict[str, Any]:
        return {
            language: {key: value for key, value in as_row(row).items() if key != "milliseconds"}
            for language, row in rows.items()
        }

    return {"commit": name, "product": table(product), "systems": {key: table(rows) for key, rows in systems.items()}}


def drops(now: Mapping[str, Any], released: Mapping[str, Any], tolerance: float = TOLERANCE) -> list[str]:
    """Where the product is worse than the released result by more than the tolerance, in words."""
    found = []
    for language, before in released["product"].items():
        row = now["product"].get(language)
        if row is None:
            found.append(f"{language}: not measured any more")
            continue
        for key in (*HIGHER_IS_BETTER, *LOWER_IS_BETTER):
            old, new = before[key], row[key]
            if old is None or new is None:
                continue
            worse = new - old if key in LOWER_IS_BETTER else old - new
            # One question weighs more in the small sets than the tolerance.
            if worse > max(tolerance, 1.5 / before["lines"]):
                found.append(f"{language}: {key} was {old:.3f}, is {new:.3f}")
    return found
