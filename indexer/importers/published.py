"""The articles that are published, as far as importing compares with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from indexer.origin import Origin

_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True)
class Published:
    """An article as it lies in the knowledge base. ``name`` is its path there."""

    name: str
    topic: str
    language: str
    title: str
    body: str
    origin: Origin | None

    @property
    def markdown(self) -> str:
        """Title and body, to be compared with a draft's."""
        return f"# {self.title}\n\n{self.body.lstrip()}"


def read_published(kb: Path) -> Iterator[Published]:
    """Every article that can be read at all; what is wrong with the others says ``plugdesk index --check``."""
    for path in sorted((kb / "articles").glob("*/*.md")):
        source = path.read_text(encoding="utf-8", errors="replace")
        match = _FRONT.match(source)
        try:
            values = yaml.safe_load(match[1]) if match else None
            origin = Origin.model_validate(values["origin"]) if values and values.get("origin") else None
            title = str(values["title"]) if values else path.stem
        except (yaml.YAMLError, ValidationError, AttributeError, KeyError, TypeError):
            continue
        body = source[match.end() :] if match else source
        name = path.relative_to(kb.parent).as_posix()
        yield Published(name, path.stem, path.parent.name, title, body, origin)
