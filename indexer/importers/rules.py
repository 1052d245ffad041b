"""The rules of importing, read from rules.yaml and checked."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Rules):
    """How much is read at most; units stand in rules.yaml."""

    page_bytes: int = Field(gt=0)
    file_bytes: int = Field(gt=0)
    unpacked_bytes: int = Field(gt=0)
    unpacked_files: int = Field(gt=0)
    ratio: int = Field(gt=1)
    redirects: int = Field(ge=0)
    seconds: float = Field(gt=0)
    pause_s: float = Field(ge=0)
    longest_pause_s: float = Field(gt=0)
    pages: int = Field(gt=0)
    sitemaps: int = Field(gt=0)
    elements: int = Field(gt=0)
    letters: int = Field(gt=0)
    depth: int = Field(gt=0)
    fewest_letters: int = Field(gt=0)
    fewest_letters_titled: int = Field(gt=0)
    links: float = Field(gt=0, le=1)
    main_share: float = Field(gt=0, le=1)
    article_share: float = Field(gt=0, le=1)
    beside_share: float = Field(gt=0, lt=1)


class LanguageRules(_Rules):
    """When a block, or a part of a page, is in another language."""

    fewest_letters: int = Field(gt=0)
    foreign: float = Field(gt=0, lt=1)
    split_share: float = Field(gt=0, lt=1)
    sure: float = Field(gt=0, lt=1)


class DuplicateRules(_Rules):
    """When two articles say the same."""

    words: int = Field(gt=0)
    alike: float = Field(gt=0, le=1)


class PhoneRules(_Rules):
    """When a list is one of phones by country."""

    fewest: int = Field(gt=0)
    share: float = Field(gt=0, le=1)


class LineRules(_Rules):
    """Patterns of lines that are no text of an article."""

    dates: tuple[str, ...]
    opinions: tuple[str, ...]
    furniture: tuple[str, ...]


class DraftHeadings(_Rules):
    """Headings that a draft gets where the page has none."""

    steps: str
    next: str


class Rules(_Rules):
    """All of rules.yaml; its comments say what each entry means."""

    never: frozenset[str]
    roles: frozenset[str]
    words: frozenset[str]
    phrases: tuple[str, ...]
    unless: frozenset[str]
    mains: tuple[str, ...]
    question_words: frozenset[str]
    panel_words: frozenset[str]
    lines: LineRules
    endings: tuple[str, ...]
    login: tuple[str, ...]
    shortcodes: tuple[str, ...]
    headings: dict[str, DraftHeadings]
    next: tuple[str, ...]
    phones: PhoneRules
    limits: Limits
    languages: LanguageRules
    duplicates: DuplicateRules

    @cached_property
    def no_article_line(self) -> re.Pattern[str]:
        """Matches a whole line that is no text of an article."""
        return _any((*self.lines.dates, *self.lines.opinions, *self.lines.furniture), whole=True)

    @cached_property
    def ending(self) -> re.Pattern[str]:
        """Matches the whole heading of a part that is no part of the article."""
        return _any(self.endings, whole=True)

    @cached_property
    def next_heading(self) -> re.Pattern[str]:
        """Found in headings of the section that says what then."""
        return _any(self.next, whole=False)


def _any(patterns: tuple[str, ...], whole: bool) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"\s*(?:{joined})\s*\Z" if whole else joined, re.IGNORECASE)


@cache
def shipped_rules() -> Rules:
    """The rules that ship with Plugdesk."""
    text = Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    return Rules.model_validate(yaml.safe_load(text))
