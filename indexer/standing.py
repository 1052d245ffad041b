"""Where each article stands: there or missing, as new as its source or older, live or only written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import ValidationError

from indexer.articles import FRONT, FrontMatter
from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.manifest import digest

SOURCE = "en"
"""The language that all others are translated from."""


class Standing(StrEnum):
    """``OLDER``: last changed before its source was; ``UNREADABLE``: its front matter is not as it must be."""

    CURRENT = "current"
    OLDER = "older"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Translation:
    """An article's file in one language; ``updated`` and ``review_by`` where it could be read.

    ``live``: the index that serves was built from this very file.
    """

    topic: str
    language: str
    standing: Standing
    updated: date | None = None
    review_by: date | None = None
    live: bool = False


def translations(kb: Path, topics: Iterable[str], served: Mapping[str, str]) -> Iterator[Translation]:
    """Every topic in every language of the articles. ``served``: digests of what the serving index was built from."""
    for topic in topics:
        paths = {language: kb / "articles" / language / f"{topic}.md" for language in ARTICLE_LANGUAGES}
        fronts = {language: _front(path) for language, path in paths.items() if path.is_file()}
        source = fronts.get(SOURCE)
        for language, path in paths.items():
            if language not in fronts:
                yield Translation(topic, language, Standing.MISSING)
                continue
            front = fronts[language]
            live = served.get(path.relative_to(kb).as_posix()) == digest(path)
            if front is None:
                yield Translation(topic, language, Standing.UNREADABLE, live=live)
                continue
            older = source is not None and front.updated < source.updated
            standing = Standing.OLDER if older else Standing.CURRENT
            yield Translation(topic, language, standing, front.updated, front.review_by, live)


def _front(path: Path) -> FrontMatter | None:
    match = FRONT.match(path.read_text(encoding="utf-8", errors="replace"))
    try:
        return FrontMatter.model_validate(yaml.load(match[1], Loader=yaml.BaseLoader)) if match else None  # noqa: S506
    except (yaml.YAMLError, ValidationError):
        return None
