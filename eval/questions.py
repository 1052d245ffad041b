"""Question sets: what was asked, in which language, and which topics answer it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).with_name("datasets") / "questions"
SITUATIONS = Path(__file__).with_name("datasets") / "situations"
"""How people write where nobody asks them: headings, stories, reviews. Held out of the example messages by chance."""
NONE = "none"


@dataclass(frozen=True)
class Question:
    """``topics``: all that are acceptable, best first; ``none`` first where declining is right too."""

    id: str
    language: str
    text: str
    topics: tuple[str, ...]

    @property
    def out_of_scope(self) -> bool:
        """Whether no topic answers it."""
        return self.topics == (NONE,)


def own_questions(folder: Path = OWN) -> list[Question]:
    """A set of the project: ``<language>.tsv`` with the columns topics and text."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        for number, line in enumerate(lines, start=1):
            topics, text = line.split("\t")
            found.append(Question(f"{path.stem}-{number:03d}", path.stem, text, tuple(topics.split(","))))
    return found


def questions_from(files: Sequence[Path]) -> list[Question]:
    """Any set in JSON Lines with id, lang, text and topics."""
    rows = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Question(str(row["id"]), row["lang"], row["text"], tuple(row["topics"])) for row in rows]
