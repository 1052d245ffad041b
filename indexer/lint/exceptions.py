"""What is right although a check says otherwise: ``checked.yaml`` of the knowledge base, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from indexer.errors import KnowledgeError, Problem
from indexer.lint.types import Finding

FILE = "checked.yaml"


class Excepted(BaseModel):
    """Findings of a check in a file, or below a folder, that are right as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str
    path: str = Field(min_length=1)
    """Of the file, relative to the knowledge base; ``*`` stands for any one folder or file."""
    says: str = ""
    """What the finding says, or a part of it; empty: whatever it says."""
    reason: str = Field(min_length=10)

    def covers(self, finding: Finding) -> bool:
        """Whether this finding is meant."""
        return finding.check == self.check and Path(finding.path).match(self.path) and self.says in finding.what


_FILE: TypeAdapter[tuple[Excepted, ...]] = TypeAdapter(tuple[Excepted, ...])


def read_exceptions(kb: Path, checks: Sequence[str]) -> tuple[Excepted, ...]:
    """The exceptions of a knowledge base; none where it has no such file.

    Raises:
        KnowledgeError: where the file cannot be used.
    """
    path = kb / FILE
    if not path.exists():
        return ()
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = _FILE.validate_python(data or [])
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        what = f"The exceptions cannot be read ({str(error).splitlines()[0]})"
        raise KnowledgeError([Problem(path, 1, what, "Each needs check, path and reason.")]) from None
    unknown = sorted({each.check for each in found} - {*checks})
    if unknown:
        what = f"There is no check {', '.join(unknown)}"
        raise KnowledgeError([Problem(path, 1, what, f"Use one of {', '.join(sorted(checks))}.")])
    return found
