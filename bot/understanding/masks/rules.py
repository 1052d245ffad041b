"""masking.yaml: which cards there are, which look-alikes stay, and the words that stand before a secret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from indexer.knowledge import DRIVER_LANGUAGES

MASKING_FILE = Path(__file__).parents[1] / "masking.yaml"

Words = tuple[Annotated[str, Field(min_length=1, pattern=r"^\S(?:.*\S)?$")], ...]
"""Words or phrases as people write them; upper and lower case, with and without accents are the same."""
SomeWords = Annotated[Words, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Issuer(_Strict):
    """A card scheme's numbers: the first digits, from one to another of the same length, and how long it is."""

    name: str
    first: str = Field(pattern=r"^\d{1,6}$")
    last: str = Field(pattern=r"^\d{1,6}$")
    lengths: tuple[Annotated[int, Field(ge=13, le=19)], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(self.first) != len(self.last) or self.first > self.last:
            raise ValueError(f"{self.name}: first and last need as many digits, and first is not above last.")
        return self


class Cards(_Strict):
    """``likely_first``: first digits of a card of a length that no listed issuer has; ``layout``: see masking.yaml."""

    issuers: tuple[Issuer, ...] = Field(min_length=1)
    likely_first: str = Field(pattern=r"^\d+$")
    layout: tuple[Annotated[int, Field(ge=1, le=19)], ...] = Field(min_length=2)


class Language(_Strict):
    """The words of one language. ``security_code``, ``password``, ``pin``: cues; ``links``: what binds a value to
    its cue; ``fillers``: what may stand beside a link and binds nothing; ``expiry``: before a card's date;
    ``no_secret``: a word in the value's place that shows that no secret follows, with a trailing ``*`` its beginning.
    """

    security_code: Words
    password: SomeWords
    pin: Words
    links: SomeWords
    fillers: Words
    expiry: Words
    no_secret: SomeWords


class MaskingRules(_Strict):
    """The file. ``identifiers``: patterns of ids that are no secrets, whatever digits they hold."""

    cards: Cards
    identifiers: dict[str, str]
    iban_cues: SomeWords
    languages: dict[str, Language]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.languages) != set(DRIVER_LANGUAGES):
            raise ValueError(f"languages: list exactly {', '.join(DRIVER_LANGUAGES)}.")
        for name, pattern in self.identifiers.items():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"identifiers.{name}: {error}.") from None
        return self

    def every(self, kind: str) -> tuple[str, ...]:
        """The words of one kind in all languages, such as ``pin``."""
        return tuple(sorted({word for language in self.languages.values() for word in getattr(language, kind)}))

    @classmethod
    def load(cls, path: Path = MASKING_FILE) -> MaskingRules:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it is not as it must be.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def shipped() -> MaskingRules:
    """The rules that ship."""
    return MaskingRules.load()


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first: composed, decomposed or without accents, any space between."""
    forms = {form for word in words for form in _spellings(word)}
    return "|".join(
        re.escape(form).replace(r"\ ", r"[ \n]{1,2}") for form in sorted(forms, key=lambda form: (-len(form), form))
    )


def any_beginning(words: Iterable[str]) -> str:
    """Like :func:`any_of`; a word with a trailing ``*`` stands for all that begin so, the others for themselves."""
    listed = tuple(words)
    whole = any_of(word for word in listed if not word.endswith("*"))
    begun = any_of(word[:-1] for word in listed if word.endswith("*"))
    return "|".join(part for part in (rf"(?:{whole})(?!\w)" if whole else "", begun) if part)


def _spellings(word: str) -> set[str]:
    decomposed = unicodedata.normalize("NFD", word)
    return {unicodedata.normalize("NFC", word), decomposed, re.sub(r"[\u0300-\u036f]", "", decomposed)}
