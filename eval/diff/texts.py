"""What changed in the texts that drivers are shown, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.replies.composer import TITLE
from indexer.types import Article, PictureBlock, Section, StepsBlock

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Run:
    """Some words that stay, go or come."""

    kind: Literal["same", "gone", "new"]
    text: str

    def __str__(self) -> str:
        return {"same": self.text, "gone": f"[-{self.text}-]", "new": f"{{+{self.text}+}}"}[self.kind]


@dataclass(frozen=True)
class TextChange:
    """A section that reads otherwise, by its key such as ``de/order-pass#steps``; ``shown``: to so many questions."""

    key: str
    runs: tuple[Run, ...]
    shown: int


def text_changes(before: Iterable[Article], after: Iterable[Article], shown: Mapping[str, int]) -> list[TextChange]:
    """The sections that differ, those that most questions are shown first. ``shown``: by key, in either version."""
    was, now = _texts(before), _texts(after)
    found = [
        TextChange(key, words(was.get(key, ""), now.get(key, "")), shown.get(key, 0))
        for key in {**was, **now}
        if was.get(key, "") != now.get(key, "")
    ]
    return sorted(found, key=lambda change: (-change.shown, change.key))


def words(before: str, after: str) -> tuple[Run, ...]:
    """The words of both texts in one line of runs."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    runs = []
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(Run("same", "".join(old[old_start:old_end])))
            continue
        if old_end > old_start:
            runs.append(Run("gone", "".join(old[old_start:old_end])))
        if new_end > new_start:
            runs.append(Run("new", "".join(new[new_start:new_end])))
    return tuple(runs)


def _texts(articles: Iterable[Article]) -> dict[str, str]:
    found = {}
    for article in articles:
        found[f"{article.language}/{article.id}#{TITLE}"] = article.title
        for section in article.sections:
            found[f"{article.language}/{article.id}#{section.id}"] = _text(section)
    return found


def _text(section: Section) -> str:
    lines = [section.heading] if section.heading else []
    for block in section.blocks:
        match block:
            case StepsBlock():
                lines += [f"{number}. {item}" for number, item in enumerate(block.items, 1)]
            case PictureBlock():
                lines.append(f"{block.name}: {block.alt}")
            case _:
                lines.append(block.text)
    return "\n".join(lines)
