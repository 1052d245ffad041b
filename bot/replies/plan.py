"""What a reply is going to hold, before it is written in a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.steps import Said
from bot.types import Choice


@dataclass(frozen=True)
class Line:
    """A template, filled; ``tools`` are where its values come from."""

    template: str
    values: Mapping[str, Said] = field(default_factory=dict)
    tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArticleItem:
    """An article cut to what applies. ``sections``: only these; ``headed``: with its title, where it is one of two."""

    topic: str
    sections: tuple[str, ...] | None = None
    headed: bool = False


@dataclass(frozen=True)
class StepItem:
    """One step of an article; ``number`` counts from 1."""

    topic: str
    number: int


@dataclass(frozen=True)
class CardItem:
    """The summary of an action that waits for a yes: the template ``confirm/<action>``."""

    proposal: str
    action: str
    values: Mapping[str, Said]
    expires_at: datetime


@dataclass(frozen=True)
class ButtonItem:
    """A button. Its label is the title of a topic, or the template that is named."""

    choice: Choice
    label: str | None = None


PlanItem = Line | ArticleItem | StepItem | CardItem | ButtonItem


@dataclass(frozen=True)
class Plan:
    """The items in order."""

    items: tuple[PlanItem, ...]
    expects: str | None = None
    urgent: bool = False
