"""What drivers of one language call things: lexicons/<language>.yaml, and the notation of its entries.

An entry is one word or several in a row: ``rauch``, ``*stecker`` (ends so), ``smok*`` (begins so), ``*brand*``
(holds it), ``smoke~`` (a slip of the fingers away), ``=stød`` (accents count: "stod" is another word), ``caught ..
fire`` (up to three words between).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from bot.understanding.safety.words import plain, spelt_out

LEXICONS = Path(__file__).with_name("lexicons")
SHORTEST_GUESSED = 5
"""Letters that a word needs before slips of the fingers are looked for: shorter ones are all alike."""
_GAP = ".."


class Fit(Enum):
    """Which part of a driver's word an atom must be."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    ENDING = "ending"
    INSIDE = "inside"
    NEARLY = "nearly"


@dataclass(frozen=True)
class Atom:
    """One word of an entry; ``spellings`` are compared with the forms of a driver's word."""

    spellings: tuple[str, ...]
    fit: Fit

    @classmethod
    def parse(cls, written: str) -> Atom:
        """Read the notation.

        Raises:
            ValueError: when nothing is left of the entry, a slip is to be guessed in too short a word, or accents are
                to count where there are none.
        """
        bare = _bare(written)
        if not bare:
            raise ValueError(f"The entry {written!r} has no letters. Write a word, with * at its open ends.")
        if written.endswith("~") and len(bare) < SHORTEST_GUESSED:
            raise ValueError(f"The entry {written!r} is too short for ~. Use {SHORTEST_GUESSED} letters or more.")
        if written.startswith("=") and plain(bare) == bare.lower():
            raise ValueError(f"The entry {written!r} has no accent that could count. Leave out the =.")
        spellings = dict.fromkeys((bare.lower(), plain(bare), spelt_out(bare)))
        if written.startswith("="):
            del spellings[plain(bare)]
        return cls(tuple(spellings), _fit(written))


def _bare(written: str) -> str:
    return written.strip("*~=")


def _fit(written: str) -> Fit:
    if written.endswith("~"):
        return Fit.NEARLY
    before, after = written.lstrip("=").startswith("*"), written.endswith("*")
    if before and after:
        return Fit.INSIDE
    if after:
        return Fit.BEGINNING
    return Fit.ENDING if before else Fit.WHOLE


@dataclass(frozen=True)
class Phrase:
    """Atoms in a row; ``gaps[i]`` says whether other words may stand before atom ``i``."""

    atoms: tuple[Atom, ...]
    gaps: tuple[bool, ...]
    written: str

    @classmethod
    def parse(cls, written: str) -> Phrase:
        """Read an entry of a lexicon.

        Raises:
            ValueError: see :meth:`Atom.parse`.
        """
        atoms: list[Atom] = []
        gaps: list[bool] = []
        gap = False
        for part in written.split():
            if part == _GAP:
                gap = True
                continue
            atoms.append(Atom.parse(part))
            gaps.append(gap and len(atoms) > 1)
            gap = False
        if not atoms:
            raise ValueError(f"The entry {written!r} has no words.")
        return cls(tuple(atoms), tuple(gaps), written)


def _entries(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Entries = Annotated[tuple[str, ...], BeforeValidator(_entries)]
"""Entries with commas between them."""


class Lexicon(BaseModel):
    """One file: ``concepts`` are the names that rules.yaml joins; see the comments there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    kin: Entries = ()
    """Languages that share most words with it, and most meanings of them."""
    telling: Entries
    """Small words that show that a message is in this language; they decide about ``homographs``."""
    homographs: Entries = ()
    """Entries that are harmless words of another language: they count only where no other language is likelier."""
    not_slips: Entries = ()
    """Words that look like a slip of the fingers and are not."""
    harmless: Entries = ()
    """Turns of phrase whose words tell of no danger, whatever the language of the rest."""
    concepts: dict[str, Entries]

    @cached_property
    def phrases(self) -> tuple[tuple[str, Phrase, bool], ...]:
        """Concept, entry, and whether it is a homograph."""
        unsure = {_bare(entry) for entry in self.homographs}
        return tuple(
            (concept, Phrase.parse(entry), _bare(entry) in unsure)
            for concept, entries in self.concepts.items()
            for entry in entries
        )


def load_lexicons(folder: Path = LEXICONS) -> tuple[Lexicon, ...]:
    """Read all languages.

    Raises:
        pydantic.ValidationError: when a file is not as it must be.
    """
    # The parser in C: eleven files would delay the start noticeably.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = (yaml.load(path.read_text(encoding="utf-8"), loader) for path in sorted(folder.glob("*.yaml")))  # noqa: S506
    return tuple(Lexicon.model_validate(each) for each in read)
