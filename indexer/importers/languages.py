"""In which language a text is, and which blocks of a page are in another one than the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.guessing import akin, guessed
from indexer.importers.blocks import plain
from indexer.importers.rules import LanguageRules
from indexer.importers.types import Block, Heading, words_of


@dataclass(frozen=True)
class Part:
    """Neighbouring blocks of one language."""

    language: str
    blocks: tuple[Block, ...]

    @property
    def letters(self) -> int:
        """How long it is."""
        return sum(len(words_of(block)) for block in self.blocks)


def parts_by_language(blocks: Sequence[Block], rules: LanguageRules) -> list[Part]:
    """The blocks of each language together, the language with the most text first.

    A block too short to tell is in the language of the block that it introduces, if it is a heading, and otherwise of
    the block before it.
    """
    main = guessed(" ".join(plain(words_of(block)) for block in blocks)).language
    languages = _settled(blocks, [_language(block, main, rules) for block in blocks], main)
    found = [
        Part(name, tuple(block for block, language in zip(blocks, languages, strict=True) if language == name))
        for name in dict.fromkeys(languages)
    ]
    return sorted(found, key=lambda part: -part.letters)


def _language(block: Block, main: str, rules: LanguageRules) -> str | None:
    text = plain(words_of(block))
    if sum(map(str.isalpha, text)) < rules.fewest_letters:
        return None
    guess = guessed(text)
    if akin(guess.language, main):
        return main
    return guess.language if guess.confidence >= rules.foreign else None


def _settled(blocks: Sequence[Block], languages: list[str | None], main: str) -> list[str]:
    settled: list[str] = []
    for place, (block, language) in enumerate(zip(blocks, languages, strict=True)):
        if language is None and isinstance(block, Heading):
            language = next((each for each in languages[place + 1 :] if each is not None), None)
        settled.append(language or (settled[-1] if settled else _first(languages, main)))
    return settled


def _first(languages: list[str | None], main: str) -> str:
    return next((each for each in languages if each is not None), main)
