"""Example utterances: what drivers write, and which topic it belongs to.

``kb/utterances/<language>/<topic>.txt`` has one message a line. ``kb/utterances/parallel/<topic>.txt`` has the same
message in several languages: blocks of lines ``<language>: <message>``, an empty line between blocks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import Problem

PARALLEL = "parallel"
PARALLEL_LINE = re.compile(r"([a-z]{2}): +(\S.*)")


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
        if path.stem not in labels:
            problems.append(
                Problem(path, 1, f"Topic {path.stem!r} is not in topics.yaml", "Rename the file or add the topic.")
            )
            continue
        for number, language, text in messages(path, languages, problems):
            key = (language, comparable(text) or text)
            if key in seen:
                problems.append(Problem(path, number, f"The same line stands in {seen[key]}", "Keep one of them."))
                continue
            seen[key] = f"{path.relative_to(folder)}:{number}"
            utterances.append(Utterance(language, path.stem, text))
    return utterances


def parallel_blocks(path: Path) -> list[dict[str, str]]:
    """The blocks of a parallel file: each message by language. Lines that are not ``<language>: …`` are left out."""
    blocks: list[dict[str, str]] = [{}]
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            blocks.append({})
        elif found := PARALLEL_LINE.fullmatch(line.strip()):
            blocks[-1][found[1]] = found[2]
    return [block for block in blocks if block]


def messages(path: Path, languages: Collection[str], problems: list[Problem]) -> Iterator[tuple[int, str, str]]:
    """(line number, language, message) of one file; what is wrong with its form goes to ``problems``."""
    parallel = path.parent.name == PARALLEL
    if not parallel and path.parent.name not in languages:
        problems.append(
            Problem(path, 1, f"Language {path.parent.name!r} is unknown", f"Use one of {', '.join(languages)}.")
        )
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        problems.append(Problem(path, 1, f"The file is not UTF-8 ({error.reason})", "Save it as UTF-8."))
        return
    block: set[str] = set()
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not parallel:
            if text:
                yield number, path.parent.name, text
            else:
                problems.append(Problem(path, number, "The line is empty", "Remove it."))
        elif not text:
            block.clear()
        elif not (found := PARALLEL_LINE.fullmatch(text)) or found[1] not in languages:
            problems.append(Problem(path, number, "The line names no known language", "Write it as: en: message"))
        elif found[1] in block:
            problems.append(
                Problem(path, number, f"The block has {found[1]!r} twice", "Put an empty line between two blocks.")
            )
        else:
            block.add(found[1])
            yield number, found[1], found[2]
