"""What some models want before a query or a passage, as their makers say."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Prefixes:
    """Text put before each query and each passage."""

    query: str = ""
    passage: str = ""


def known_prefixes(model: str) -> Prefixes:
    """The prefixes that prefixes.yaml lists for a model's name; none for models it does not list."""
    table = yaml.safe_load(Path(__file__).with_name("prefixes.yaml").read_text(encoding="utf-8"))
    name = model.rstrip("/").rsplit("/", 1)[-1].lower()
    for pattern, entry in table.items():
        if fnmatch(name, pattern):
            return Prefixes(entry.get("query", ""), entry.get("passage", ""))
    return Prefixes()
