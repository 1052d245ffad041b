"""What the last check found, in a file beside the index; and the newest results of the evaluation, in its folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.panel.knowledge.values import Checked, Evaluation, Measured

LAST_CHECK = "last-check.json"
ALL = "all"


@dataclass(frozen=True)
class CheckFile:
    """See :class:`bot.panel.knowledge.ports.LastCheck`."""

    path: Path

    def keep(self, checked: Checked) -> None:
        """Whoever reads meanwhile sees the old one or the new one, nothing between."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        written = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        written.write_text(checked.model_dump_json(indent=1), encoding="utf-8")
        written.replace(self.path)

    def read(self) -> Checked | None:
        """See :class:`bot.panel.knowledge.ports.LastCheck`."""
        try:
            return Checked.model_validate_json(self.path.read_bytes())
        except (OSError, ValidationError):
            return None


@dataclass(frozen=True)
class EvaluationFolder:
    """Reads what it knows of results files and passes over all else: they gain parts more often than this changes."""

    folder: Path

    def read(self) -> Evaluation | None:
        """See :class:`bot.panel.knowledge.ports.LastEvaluation`; results of a fast run are passed over."""
        paths = sorted(self.folder.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
        return next((found for found in map(_read, paths) if found is not None), None)


def _read(path: Path) -> Evaluation | None:
    try:
        data = json.loads(path.read_bytes())
        table = next(_tables(data), None)
        if table is None or data.get("fast"):
            return None  # of a part of the questions: its shares say too little
        rows = {language: _row(row) for language, row in table.items() if isinstance(row, dict)}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    rows = {language: row for language, row in rows.items() if row.top1 is not None or row.lines}
    last = {ALL: rows.pop(ALL)} if ALL in rows else {}
    version = str(data.get("commit", path.stem))
    return Evaluation(version=version, at=_moment(data.get("measured")), languages=rows | last) if rows else None


def _tables(data: Any) -> Iterator[Mapping[str, Any]]:
    """The product's figures by language: at the top of the file, or of one of its suites."""
    if not isinstance(data, dict):
        return
    if isinstance(found := data.get("product"), dict):
        yield found
    for each in data.values():
        yield from _tables(each)


def _moment(written: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _row(row: Mapping[str, Any]) -> Measured:
    known = {name: row[name] for name in Measured.model_fields if isinstance(row.get(name), int | float)}
    try:
        return Measured.model_validate(known)
    except ValidationError:
        return Measured()
