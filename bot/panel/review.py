"""What agents corrected, for the support lead: candidates for utterances and for evaluation, never used unread."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.types import Value


class Correction(Value):
    """One line of the review file."""

    at: datetime
    by: str
    conversation: str
    message: str
    language: str
    text: str
    """The driver's words, secrets masked."""
    was: str | None
    """The topic that was thought of."""
    topic: str | None
    """The topic that it is; None: nothing that the knowledge base has."""


@dataclass(frozen=True)
class ReviewFile:
    """JSON Lines; several processes may append at once."""

    path: Path

    def add(self, correction: Correction) -> None:
        """Append a line; short writes to a file opened for appending are not torn apart (POSIX, O_APPEND)."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{correction.model_dump_json()}\n".encode())
        finally:
            os.close(file)

    def read(self) -> list[Correction]:
        """All lines, oldest first; none where nothing was corrected yet."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [Correction.model_validate_json(line) for line in lines if line]
