"""The canned replies and macros of replies/, one file each; the file's name is the reply's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from bot.panel.canned.actions import Action
from bot.panel.values import PANEL_LANGUAGES, PanelLanguage
from bot.types import Value
from indexer.knowledge import DRIVER_LANGUAGES

SHIPPED = Path(__file__).with_name("replies")
BLANKS = frozenset({"station", "account", "ticket", "agent"})
"""What a text may leave to be filled in from the conversation, written ``{station}``."""
Occasion = Literal["greeting", "thanks"]
Line = Annotated[str, Field(min_length=1, max_length=80)]


def blanks_in(text: str) -> frozenset[str]:
    """The names of what is to be filled into a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


class CannedReply(Value):
    """A reply, and perhaps what is done once it is sent."""

    name: str = Field(pattern=r"[a-z][a-z-]*")
    title: dict[PanelLanguage, Line]
    when: dict[PanelLanguage, Line]
    """When to use it."""
    text: dict[str, Annotated[str, Field(min_length=1, max_length=1000)]]
    """By the language of the driver."""
    vendor: str | None = None
    """The only vendor that it is true for; None: for everybody."""
    answers: tuple[Occasion, ...] = ()
    """What of a driver's it answers, so that it is suggested."""
    action: Action | None = None

    @property
    def blanks(self) -> frozenset[str]:
        """What is to be filled in."""
        return blanks_in(next(iter(self.text.values())))

    @model_validator(mode="after")
    def _in_every_language(self) -> CannedReply:
        for field, given, wanted in (
            ("title", self.title, PANEL_LANGUAGES),
            ("when", self.when, PANEL_LANGUAGES),
            ("text", self.text, DRIVER_LANGUAGES),
        ):
            if missing := set(wanted) ^ set(given):
                raise ValueError(f"{field} needs each of {', '.join(wanted)} and no other; look at {sorted(missing)}")
        for language, text in self.text.items():
            if unknown := blanks_in(text) - BLANKS:
                raise ValueError(f"text.{language} has {sorted(unknown)}; use {', '.join(sorted(BLANKS))}")
            if blanks_in(text) != self.blanks:
                raise ValueError(f"text.{language} has other names in braces than the other languages")
        return self


@dataclass(frozen=True)
class CannedReplies:
    """All of them, in the order of their names."""

    all: Sequence[CannedReply] = ()

    @cached_property
    def _named(self) -> Mapping[str, CannedReply]:
        return {each.name: each for each in self.all}

    def of(self, name: str) -> CannedReply | None:
        """The one of that name."""
        return self._named.get(name)

    def answering(self, occasion: str) -> CannedReply | None:
        """The first one that answers it."""
        return next((each for each in self.all if occasion in each.answers), None)

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> CannedReplies:
        """Read the files.

        Raises:
            ValueError: naming the file that is not as it has to be, and what is wrong in it.
        """
        return cls(tuple(_read(path) for path in sorted(folder.glob("*.yaml"))))


def _read(path: Path) -> CannedReply:
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        return CannedReply.model_validate({"name": path.stem, **given})
    except (yaml.YAMLError, TypeError, ValidationError) as error:
        raise ValueError(f"{path}: {error}") from None
