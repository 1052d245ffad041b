"""What the lead is shown of the knowledge base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.types import Value
from indexer.lint.types import Severity
from indexer.standing import Translation


class Defect(Value):
    """What a check found in a file; see :class:`indexer.lint.types.Finding`."""

    check: str
    severity: Severity
    path: str
    """Relative to the knowledge base."""
    line: int
    what: str
    remedy: str


class Checked(Value):
    """What ``plugdesk kb check`` found when it ran last."""

    at: datetime
    whole: bool
    """Whether findability and confusion were looked at too."""
    sources: str
    """A digest of all files of the knowledge base as they were then."""
    defects: tuple[Defect, ...]

    @property
    def errors(self) -> int:
        """How many may tell a driver something wrong, or nothing."""
        return sum(each.severity is Severity.ERROR for each in self.defects)


class Measured(Value):
    """How good the answers to one language's questions were; shares from 0 to 1, None where nothing was counted."""

    lines: int | None = None
    top1: float | None = None
    top3: float | None = None
    answered: float | None = None
    wrong: float | None = None
    helped: float | None = None
    refused: float | None = None


class Evaluation(Value):
    """The newest results of the evaluation."""

    version: str
    """The commit that was measured."""
    at: datetime | None
    """When it was; None where nobody wrote it down."""
    languages: dict[str, Measured]
    """By language; ``all`` is the last."""


@dataclass(frozen=True)
class ArticleState:
    """One topic's article in all languages."""

    topic: str
    translations: tuple[Translation, ...]
    review_by: date | None
    """The earliest of its languages; None where none can be read."""
    overdue: bool
    defects: int
    """That the last check found in its files."""


@dataclass(frozen=True)
class Library:
    """All of it at one moment. ``behind``: files that differ from those that the serving index was built from."""

    version: str
    built_at: datetime
    articles: tuple[ArticleState, ...]
    behind: tuple[str, ...]
    checked: Checked | None
    outdated: bool
    """Whether the knowledge base has changed since the last check."""
    evaluation: Evaluation | None
