"""The folder of drafts: one Markdown file an article, with what is known of it above.

A draft is a proposal. Nothing here is read by the index, and nothing here writes to the knowledge base.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.errors import ImportRefused, KnowledgeError, Problem
from indexer.importers.rendering import slug
from indexer.origin import Origin

_FRONT = re.compile(r"\A---\n(.*?\n)---\n\n?", re.DOTALL)


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(_Data):
    """A topic that the draft may belong to."""

    id: str
    probability: float = Field(ge=0, le=1)


class AlikeDraft(_Data):
    """Another draft or article that says nearly the same."""

    name: str
    similarity: float = Field(ge=0, le=1)


class DraftFront(_Data):
    """What stands above a draft.

    ``status``: open until a person accepts or dismisses it. ``alternative_titles``, ``related`` and ``owner`` are for
    the person who reviews: an article needs them. ``topic`` is what it was accepted as.
    """

    draft: Literal[1] = 1
    status: Literal["open", "accepted", "dismissed"] = "open"
    title: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    alternative_titles: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    owner: str | None = None
    topic: str | None = None
    suggested: tuple[Topic, ...] = ()
    replaces: str | None = None
    alike: tuple[AlikeDraft, ...] = ()
    notes: tuple[str, ...] = ()
    origin: Origin


@dataclass(frozen=True)
class Draft:
    """A draft in its folder. ``path`` is absolute or as the folder was given; ``body_line`` counts from 1."""

    path: Path
    front: DraftFront
    body: str
    body_line: int = 1

    @property
    def reasons(self) -> list[str]:
        """Why a person should look at it, one sentence each."""
        front = self.front
        found = [f"A newer version of {front.replaces}." if front.replaces else "New."]
        found += [f"Like {each.name} ({each.similarity:.0%} in common)." for each in front.alike]
        return [*found, *front.notes]


class DraftFolder:
    """``<root>/<language>/<slug>.md``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read_all(self, problems: list[Problem]) -> list[Draft]:
        """All drafts by path; a file that a person left unreadable goes to ``problems``."""
        drafts = []
        for path in sorted(self.root.glob("*/*.md")):
            try:
                drafts.append(read_draft(path))
            except KnowledgeError as error:
                problems.extend(error.problems)
        return drafts

    def add(self, front: DraftFront, body: str) -> Draft:
        """Write a new draft beside what is there."""
        folder = self.root / front.language
        folder.mkdir(parents=True, exist_ok=True)
        path = next(path for path in _names(folder, slug(front.title)) if not path.exists())
        draft = Draft(path, front, body)
        write_draft(draft)
        return draft

    def find(self, name: str) -> Draft:
        """The draft at a path, or at a path below the folder, with or without its ending.

        Raises:
            ImportRefused: where there is none.
            KnowledgeError: where it cannot be read.
        """
        for path in (Path(name), self.root / name, self.root / f"{name}.md"):
            if path.is_file():
                return read_draft(path)
        raise ImportRefused(f"There is no draft {name!r} in {self.root}. List them with: plugdesk import --review")


def _names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / f"{name}.md"
    number = 2
    while True:
        yield folder / f"{name}-{number}.md"
        number += 1


def read_draft(path: Path) -> Draft:
    """Read one draft.

    Raises:
        KnowledgeError: with line and remedy, where it is no draft.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise KnowledgeError([Problem(path, 1, "The file is not UTF-8", "Save it as UTF-8.")]) from None
    match = _FRONT.match(source)
    if not match:
        what = "The file does not begin with front matter"
        raise KnowledgeError([Problem(path, 1, what, "Restore the block between two lines of ---.")])
    try:
        front = DraftFront.model_validate(yaml.safe_load(match[1]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = Problem(path, mark.line + 2 if mark else 2, "The front matter is not valid YAML", "Quote the value.")
        raise KnowledgeError([problem]) from None
    except ValidationError as error:
        raise KnowledgeError([_problem(path, match[1], each["loc"], each["msg"]) for each in error.errors()]) from None
    return Draft(path, front, source[match.end() :], source[: match.end()].count("\n") + 1)


def _problem(path: Path, front: str, location: tuple[str | int, ...], message: str) -> Problem:
    name = str(location[0]) if location else "front matter"
    found = re.search(rf"^{re.escape(name)}:", front, re.MULTILINE)
    line = front[: found.start()].count("\n") + 2 if found else 2
    return Problem(path, line, f"{name}: {message}", "See docs/importing.md, The form of a draft.")


def write_draft(draft: Draft) -> None:
    """Write a draft over what is at its path, whole or not at all."""
    values = draft.front.model_dump(mode="json", exclude_defaults=True) | {"draft": 1, "status": draft.front.status}
    order = [name for name in DraftFront.model_fields if name in values]
    front = yaml.safe_dump({name: values[name] for name in order}, allow_unicode=True, sort_keys=False, width=120)
    write_atomically(draft.path, f"---\n{front}---\n\n{draft.body}")


def marked(draft: Draft, status: Literal["accepted", "dismissed"], topic: str | None = None) -> Draft:
    """The draft with what a person decided."""
    return replace(draft, front=draft.front.model_copy(update={"status": status, "topic": topic}))


def write_atomically(path: Path, text: str) -> None:
    """Readers see the old file or the new one, even if the machine stops in between."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
