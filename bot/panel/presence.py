"""Which agents are there, what they look at, and what becomes of their drivers when they go away."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.care import Person
from bot.errors import ConversationError, SettingsError
from bot.panel.cases.ports import Cases, Filter, Place
from bot.ports import Clock
from bot.staff import Staff

log = logging.getLogger(__name__)
RULES_FILE = Path(__file__).with_name("presence.yaml")
PAGE = 200


class PresenceRules(BaseModel):
    """The rules of presence.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beat_s: int = Field(gt=0)
    here_s: int = Field(gt=0)
    typing_s: int = Field(gt=0)
    away_s: int = Field(gt=0)
    look_every_s: float = Field(gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        # Else an agent whose page is open would come and go between two beats.
        if not self.beat_s < self.here_s <= self.away_s:
            raise ValueError("beat_s must be less than here_s, and here_s not more than away_s")
        return self

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> PresenceRules:
        """Read the file.

        Raises:
            SettingsError: naming the file, the field and what is wrong.
        """
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SettingsError(f"PLUGDESK_PRESENCE is {path}, which cannot be read as YAML: {error}") from None
        except ValidationError as error:
            wrong = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
            found = "; ".join(f"{field}: {said}" if field else said for field, said in wrong)
            raise SettingsError(f"{path}: {found}. Write seconds, as bot/panel/presence.yaml does.") from None


@dataclass(frozen=True)
class Present:
    """An agent on a conversation's page."""

    agent: Person
    at: datetime
    typing_at: datetime | None


class Presence(Protocol):
    """Keeps when agents were seen. Safe to use from several threads and processes."""

    def beat(self, agent: Person, conversation: str | None, typing: bool, at: datetime) -> None:
        """An agent's page is open, that of a conversation or another one."""

    def at(self, conversation: str, since: datetime) -> Sequence[Present]:
        """Who was seen on a conversation's page since then, the first to come first."""

    def last(self, agent: str) -> datetime | None:
        """When an agent was last seen anywhere."""


@dataclass(frozen=True)
class Away:
    """Gives back what agents had taken over who are not there any more."""

    presence: Presence
    cases: Cases
    staff: Staff
    clock: Clock
    rules: PresenceRules
    started_at: datetime = field(init=False)
    """Nobody could be seen before: whoever was there gets the time to come back."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", self.clock.now())

    def tick(self) -> None:
        """Look once; whoever serves calls it every few seconds."""
        gone = self.clock.now() - timedelta(seconds=self.rules.away_s)
        place: Place | None = None
        while True:
            page = self.cases.page(Filter(stage="person"), place, PAGE)
            for case in page.cases:
                person = case.care.person
                if person and max(self.presence.last(person.id) or self.started_at, self.started_at) < gone:
                    self._give_back(case.conversation, person)
            place = page.next
            if place is None:
                return

    def _give_back(self, conversation: str, person: Person) -> None:
        try:
            self.staff.leave(conversation, person, "went_away")
        except ConversationError as error:
            log.warning("conversation %s could not be given back: %s", conversation, error)
