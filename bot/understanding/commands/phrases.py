"""What can be said of a conversation, and how people say it: the schema of rules.yaml and <language>.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.understanding.commands.words import spellings
from bot.understanding.safety.lexicon import Entries
from indexer.knowledge import DRIVER_LANGUAGES

FOLDER = Path(__file__).parent
RULES = "rules"


class Command(StrEnum):
    """What is said of the conversation."""

    YES = "yes"
    NO = "no"
    CANCEL = "cancel"
    """Leave what we are at."""
    REPEAT = "repeat"
    """Say the last reply again."""
    EXPLAIN = "explain"
    """Say what the question means."""
    BACK = "back"
    """Take the last answer back and ask again."""
    NOT_THAT = "not_that"
    """The value, the station or the option meant is another one."""
    MISSING = "missing"
    """What was asked for is not there, not known or not found."""
    DONE = "done"
    """The step was taken; what comes next?"""
    STILL = "still"
    """It did not help."""
    WORKS = "works"
    """The problem is solved."""
    AGAIN = "again"
    """Read the live state again."""
    STEP_BY_STEP = "step_by_step"
    PERSON = "person"
    """Let me talk to a person."""
    RESTART_TALK = "restart_talk"
    """Begin the conversation anew; nothing about a charger."""
    FOLLOW_UP = "follow_up"
    """A question that leans on the last answer."""


@dataclass(frozen=True)
class Said:
    """A command and how surely it was meant: 1.0 where the message is exactly that, less where it is nearly so."""

    command: Command
    certainty: float


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Slips(_Data):
    """How many slips of the fingers are forgiven in a word, by its letters."""

    one_from: int
    two_from: int
    certainty: float = Field(gt=0, lt=1)


class Everywhere(_Data):
    """Emoji and words that are read in every language as that language's own."""

    acknowledgements: Entries
    fillers: Entries
    thanks: Entries
    commands: dict[Command, Entries]


class Rules(_Data):
    """rules.yaml; its comments say what each is."""

    longest: int
    slips: Slips
    inside_certainty: float = Field(gt=0, lt=1)
    longest_follow_up: int
    new_words: int
    person_gap: int
    taken_back_within: int
    priority: tuple[Command, ...]
    clashes: tuple[frozenset[Command], ...]
    joins: tuple[frozenset[Command], ...]
    never_asked: frozenset[Command]
    asked: dict[Command, Command]
    doubts: tuple[str, ...]
    everywhere: Everywhere

    @model_validator(mode="after")
    def _all_commands_have_a_place(self) -> Self:
        if sorted(self.priority) != sorted(Command):
            raise ValueError("priority names every command once; add or remove what differs.")
        return self


class Leaning(_Data):
    """The words of questions that lean on the last answer, such as "and how long does that take?"."""

    openers: Entries
    asks: Entries
    leans: Entries
    """What points back: that, it, there."""
    small: Entries
    """Words that may stand around them."""
    new_matter: Entries
    """Words of a new problem: with one of them it is no follow-up. ``*`` leaves the ending open."""


class Wish(_Data):
    """How people ask for a person inside a longer message."""

    wishes: Entries
    people: Entries
    anywhere: Entries
    """Enough by themselves."""
    weary: Entries
    """Words about talking to a machine, which nobody wishes for."""
    unless: Entries
    """Right before it, these make it something else: "I need no human", "are you a real person"."""


class Phrases(_Data):
    """The file of one language. A phrase stands in one place only."""

    phrases: dict[Command, Entries]
    acknowledgements: Entries
    """A yes where they stand alone ("ok"), nothing before something else ("ok, next") or beside thanks."""
    fillers: Entries
    """Words that change nothing, not even a yes."""
    softeners: Entries
    """Words that change a yes ("yes, soon") and no other command."""
    thanks: Entries
    """Thanks and praise: nothing by themselves."""
    ordinary: Entries
    """Turns of phrase that mean nothing here, though their words would make them a command."""
    homographs: Entries
    """Words that another language makes a command; in this one they are none."""
    person: Wish
    follow_up: Leaning
    answers: dict[str, Entries] = Field(default_factory=dict)
    """By an action or an option: what says yes to just that, or chooses it ("send it", "a copy")."""

    @model_validator(mode="after")
    def _each_phrase_has_one_meaning(self) -> Self:
        places = {str(command): entries for command, entries in self.phrases.items()}
        names = ("acknowledgements", "fillers", "thanks", "ordinary", "homographs")
        seen: dict[tuple[str, ...], str] = {}
        for place, entries in {**places, **{name: getattr(self, name) for name in names}}.items():
            for entry in entries:
                for words in spellings(entry):
                    if seen.setdefault(words, place) != place:
                        raise ValueError(f"{entry!r} stands under {seen[words]} and under {place}. Remove one of them.")
        return self


def read_rules(folder: Path = FOLDER) -> Rules:
    """Read rules.yaml.

    Raises:
        pydantic.ValidationError: when it is not as it must be.
    """
    return Rules.model_validate(_read(folder / f"{RULES}.yaml"))


def read_phrases(folder: Path = FOLDER) -> dict[str, Phrases]:
    """Read the files of all languages that drivers write.

    Raises:
        pydantic.ValidationError: when a file is not as it must be, or a phrase has two meanings.
    """
    return {name: Phrases.model_validate(_read(folder / f"{name}.yaml")) for name in DRIVER_LANGUAGES}


def _read(path: Path) -> Any:
    # The parser in C: eleven files would delay the start noticeably.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506
