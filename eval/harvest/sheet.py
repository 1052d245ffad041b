"""The review file: one case an entry, for a person to say yes or no to, in YAML."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.harvest.candidates import Candidate, Why
from indexer.errors import KnowledgeError, PlugdeskError, Problem
from indexer.utterances import comparable

HEADER = """\
# Lines of drivers that may become cases. Read each one, then set:
#   keep:   yes or no; what stays empty is left for later
#   topics: what answers it, best first; [none] where no topic does
#   text:   change it where it could still name somebody; accounts and phones were made zeros
# Then: python -m eval.harvest accept THIS-FILE
# Lines that you said no to stay here, so that they are not proposed again.
"""


class SheetUnusable(PlugdeskError):
    """The review file cannot be read or written."""


class Case(BaseModel):
    """One candidate and what was decided of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    topics: tuple[str, ...]
    keep: bool | None = None
    text: str = Field(min_length=1)
    why: Why
    thought: str | None = None
    """What the bot took it for."""
    times: int = 1
    accepted: date | None = None
    """When it was taken over."""
    taken_as: Literal["question", "utterance"] | None = None
    line: int = Field(0, exclude=True)
    """Where it begins in the file, from 1."""


class _Sheet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cases: tuple[Case, ...]


def read_sheet(path: Path) -> list[Case]:
    """All cases, in order.

    Raises:
        SheetUnusable: when there is no such file, or it is not UTF-8.
        KnowledgeError: naming each entry that is not right.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data, tree = yaml.safe_load(text), yaml.compose(text, yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise SheetUnusable(f"{path} cannot be read ({error}). Make one with: python -m eval.harvest") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = Problem(path, mark.line + 1 if mark else 1, "This is not valid YAML", "Correct this line.")
        raise KnowledgeError([problem]) from None
    lines = _lines(tree)
    try:
        cases = _Sheet.model_validate(data).cases
    except ValidationError as error:
        raise KnowledgeError([_problem(path, each["loc"], each["msg"], lines) for each in error.errors()]) from None
    return [case.model_copy(update={"line": line}) for case, line in zip(cases, lines, strict=True)]


def write_sheet(path: Path, cases: Iterable[Case]) -> None:
    """Write all cases; others on this machine may not read what drivers wrote.

    Raises:
        SheetUnusable: when it cannot be written.
    """
    data = {"cases": [{"keep": None} | each.model_dump(mode="json", exclude_none=True) for each in cases]}
    text = HEADER + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        raise SheetUnusable(f"{path} cannot be written ({error}). Give another file with --out.") from None


def grown(cases: Sequence[Case], candidates: Iterable[Candidate]) -> list[Case]:
    """The cases with those candidates that are not among them yet; what was decided stays."""
    seen = {(each.language, comparable(each.text)) for each in cases}
    new = [
        Case(
            language=each.language, topics=each.topics, text=each.text, why=each.why, thought=each.thought,
            times=each.times,
        )
        for each in candidates
        if (each.language, each.key) not in seen
    ]  # fmt: skip
    return sorted([*cases, *new], key=lambda each: (each.language, each.topics, comparable(each.text)))


def _lines(tree: yaml.Node | None) -> list[int]:
    if not isinstance(tree, yaml.MappingNode):
        return []
    found = (value for key, value in tree.value if key.value == "cases" and isinstance(value, yaml.SequenceNode))
    return [item.start_mark.line + 1 for sequence in found for item in sequence.value]


def _problem(path: Path, where: tuple[str | int, ...], what: str, lines: Sequence[int]) -> Problem:
    number = next((each for each in where if isinstance(each, int)), None)
    line = lines[number] if number is not None and number < len(lines) else 1
    field = where[-1] if where and isinstance(where[-1], str) else "cases"
    return Problem(path, line, f"{field}: {what}", "See the comment at the top of the file.")
