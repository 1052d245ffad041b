"""What can go wrong with the knowledge base, the model and the index.

    PlugdeskError
    ├── KnowledgeError          a file under kb/ is wrong: file, line, remedy
    ├── ModelError              the embedding model cannot be loaded
    ├── ImportRefused           a source of articles, or a draft, cannot be used at all
    └── IndexUnusable           there is no index that may serve
        ├── IndexMissing
        ├── IndexDamaged
        └── IndexMismatch       made by another model, settings or version

Each message says what was wrong, where, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class PlugdeskError(Exception):
    """The root of all errors that Plugdesk raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One defect in one file of the knowledge base. ``line`` counts from 1."""

    path: Path
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}. {self.remedy}"


class KnowledgeError(PlugdeskError):
    """One or more files of the knowledge base cannot be used."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class ModelError(PlugdeskError):
    """The embedding model is missing, damaged or of a kind that cannot be used."""


class ImportRefused(PlugdeskError):
    """A source cannot be read at all, or a draft cannot become an article; single documents are skipped instead."""


class IndexUnusable(PlugdeskError):
    """No index may serve."""


class IndexMissing(IndexUnusable):
    """No index has been built yet."""


class IndexDamaged(IndexUnusable):
    """A file of the index is missing or differs from what the manifest says."""


class IndexMismatch(IndexUnusable):
    """The index was made by another model, other settings or another version of Plugdesk."""
