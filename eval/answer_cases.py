"""Answer cases: what a driver writes, and what the reply must say and must not say.

``eval/datasets/answers/<language>/<vendor>.yaml`` holds the cases of drivers of that vendor. What was written is a
statement such as ``fact eponet.minimum_balance`` or ``section top-up-account#eponet``; facts of vendors are named, not
repeated, so that a number that changes there needs no edit here.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, model_validator

from eval.dialogues import Deed, Given, Written

OWN = Path(__file__).with_name("datasets") / "answers"


class Kind(StrEnum):
    """What a statement is about."""

    FACT = "fact"
    """A fact of kb/vendors by its path, as it is written in the reply's language: ``eponet.card_fee_percent``."""
    MONEY = "money"
    """An amount, such as ``112.40 CHF``."""
    TEXT = "text"
    """These words: a name, a number with its unit."""
    ARTICLE = "article"
    """Something of that article is shown."""
    SECTION = "section"
    """A section is shown: ``top-up-account#eponet``."""
    STEP = "step"
    """A step of a section is shown: ``remote-restart#wallbox/4``."""
    SAYS = "says"
    """A template, which states one thing in every language: ``account/low``."""
    DOES = "does"
    """An action runs, with that outcome: ``restart done``."""
    ASKS = "asks"
    """What the bot waits for: a slot, the name of a question, the action of a card, or ``nothing``."""
    OFFERS = "offers"
    """A button, by what it stands for."""
    URGENT = "urgent"
    """``urgent now``: the reply is about danger."""


class Statement(Written):
    """Something that holds for a reply or does not."""

    kind: Kind
    what: str
    """Where the same fact stands in several places, any will do: ``slow-charging#enelx | server-outage#enelx``."""

    def alternatives(self) -> list[Statement]:
        """One statement for each of the places."""
        return [Statement(kind=self.kind, what=each) for each in self.what.split(" | ")]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


def _read(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    kind, _, what = written.partition(" ")
    return {"kind": kind, "what": what.strip()}


Stated = Annotated[Statement, BeforeValidator(_read)]


class Turn(Deed):
    """A deed and what must come of it."""

    required: tuple[Stated, ...] = ()
    forbidden: tuple[Stated, ...] = ()


class Case(Written):
    """One dialogue. ``vendor`` is the driver's; ``told``: the app says so, else the bot has to find out."""

    id: str
    language: str
    vendor: str
    topic: str
    """What the driver wants, of kb/topics.yaml."""
    country: str | None
    told: bool = True
    user: str | None = None
    accounts: tuple[str, ...] = ()
    turns: tuple[Turn, ...]

    @model_validator(mode="after")
    def _requires_something(self) -> Case:
        if not any(turn.required for turn in self.turns):
            raise ValueError(f"The case {self.id} requires nothing. Name what the reply must say.")
        return self

    def given(self) -> Given:
        """What the app says when the conversation begins."""
        vendor = self.vendor if self.told else None
        return Given(
            language=self.language, vendor=vendor, country=self.country, user=self.user, accounts=self.accounts
        )


def answer_cases(folder: Path = OWN) -> list[Case]:
    """The project's own set; ids are made of language, vendor and number."""
    return [case for path in sorted(folder.glob("*/*.yaml")) for case in _cases_of(path)]


def _cases_of(path: Path) -> Sequence[Case]:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    language, vendor, country = path.parent.name, path.stem, written["country"]
    return [
        Case.model_validate(
            {"country": country, **each, "id": f"{language}-{vendor}-{number:02}", "language": language,
             "vendor": vendor}
        )
        for number, each in enumerate(written["cases"], start=1)
    ]  # fmt: skip
