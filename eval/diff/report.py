"""A comparison of two versions, as lines for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.diff.compare import SIGNIFICANT, VERDICTS, Change, Row
from eval.diff.texts import TextChange
from eval.diff.versions import Version

LONGEST_UNCHANGED = 60
"""Of words that stay, so many characters are shown on each side of what changed."""


@dataclass(frozen=True)
class Comparison:
    """Two versions and all that differs between them."""

    base: Version
    edit: Version
    files: tuple[str, ...]
    """Files of the knowledge base that differ."""
    changes: tuple[Change, ...]
    rows: Mapping[str, Row]
    texts: tuple[TextChange, ...]

    @property
    def significantly_worse(self) -> list[str]:
        """The languages in which it is, and ``all``."""
        return [language for language, row in self.rows.items() if row.significantly_worse]

    def lines(self, most: int) -> Iterator[str]:
        """For a terminal, with at most so many questions and sections."""
        yield f"{self.base.manifest.build} → {self.edit.manifest.build}: {len(self.files)} files differ"
        yield from (f"  {name}" for name in self.files[:most])
        yield from _rest(len(self.files), most, "files")
        if not self.files:
            return
        yield ""
        yield f"{'':>6}{'lines':>8}{'changed':>9}{'better':>8}{'worse':>7}{'neutral':>9}{'p':>7}"
        for language, row in self.rows.items():
            yield (
                f"{language:>6}{row.lines:>8}{row.changed:>9}{row.better:>8}{row.worse:>7}{row.neutral:>9}{row.p:>7.2f}"
            )
        if self.changes:
            yield ""
        for change in self.changes[:most]:
            question = change.question
            yield f"{change.verdict:>8}  {question.language}  {question.text}  [{', '.join(question.topics)}]"
            yield f"{'':>14}{change.before}  →  {change.after}"
        yield from _rest(len(self.changes), most, "questions")
        for text in self.texts[:most]:
            yield f"\n{text.key}, shown to {text.shown} questions:"
            yield "".join(_shortened(text))
        yield from _rest(len(self.texts), most, "sections")
        yield ""
        if worse := self.significantly_worse:
            yield f"Significantly worse (p < {SIGNIFICANT}): {', '.join(worse)}."
        else:
            yield "Nothing is significantly worse."

    def data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "base": self.base.manifest.build,
            "edit": self.edit.manifest.build,
            "files": self.files,
            "significantly_worse": self.significantly_worse,
            "languages": {
                language: asdict(row) | {"changed": row.changed, "p": round(row.p, 4)}
                for language, row in self.rows.items()
            },
            "changes": [
                {
                    "id": change.question.id,
                    "language": change.question.language,
                    "text": change.question.text,
                    "wanted": change.question.topics,
                    "verdict": change.verdict,
                    "before": asdict(change.before),
                    "after": asdict(change.after),
                }
                for verdict in VERDICTS
                for change in self.changes
                if change.verdict == verdict
            ],
            "texts": [asdict(text) for text in self.texts],
        }


def _rest(count: int, most: int, what: str) -> Iterator[str]:
    if count > most:
        yield f"  and {count - most} {what} more; --format json has them all"


def _shortened(change: TextChange) -> Iterator[str]:
    last = len(change.runs) - 1
    for place, run in enumerate(change.runs):
        if run.kind != "same" or len(run.text) <= 2 * LONGEST_UNCHANGED:
            yield str(run)
            continue
        head = run.text[:LONGEST_UNCHANGED] if place else ""
        tail = run.text[-LONGEST_UNCHANGED:] if place < last else ""
        yield f"{head} … {tail}"
