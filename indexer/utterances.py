"""Example utterances: one driver's message a line in ``kb/utterances/<language>/<topic>.txt``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import Problem


@dataclass(frozen=True)
class Utterance:
    """A message and the topic or class that it belongs to."""

    language: str
    label: str
    text: str


def comparable(text: str) -> str:
    """The text without case, punctuation, digits' values and spacing: equal for near-identical lines."""
    folded = re.sub(r"\d", "0", text.casefold())
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


def read_utterances(
    folder: Path, labels: Collection[str], languages: Collection[str], problems: list[Problem]
) -> list[Utterance]:
    """Read all lines; files of unknown topics or languages and repeated lines go to ``problems``."""
    utterances: list[Utterance] = []
    seen: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*/*.txt")):
        language, label = path.parent.name, path.stem
        if language not in languages:
            problems.append(
                Problem(path, 1, f"Language {language!r} is unknown", f"Use one of {', '.join(languages)}.")
            )
            continue
        if label not in labels:
            problems.append(
                Problem(path, 1, f"Topic {label!r} is not in topics.yaml", "Rename the file or add the topic.")
            )
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            problems.append(Problem(path, 1, f"The file is not UTF-8 ({error.reason})", "Save it as UTF-8."))
            continue
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text:
                problems.append(Problem(path, number, "The line is empty", "Remove it."))
                continue
            key = (language, comparable(text) or text)
            if key in seen:
                problems.append(Problem(path, number, f"The same line stands in {seen[key]}", "Keep one of them."))
                continue
            seen[key] = f"{label}.txt:{number}"
            utterances.append(Utterance(language, label, text))
    return utterances
