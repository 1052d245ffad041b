"""In which language a text is, and which blocks of a page are in another one than the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from indexer.importers.blocks import plain
from indexer.importers.rules import LanguageRules
from indexer.importers.types import Block, Heading, words_of
from indexer.knowledge import DRIVER_LANGUAGES

# py3langid knows Bokmål as "no"; Nynorsk is read as Bokmål is.
_CODES = {"no": "nb", "nn": "nb"}
_FAMILY = {"da": "nb", "sv": "nb"}
"""Too alike for one block to tell: such a block is not foreign to the other."""


@dataclass(frozen=True)
class Guess:
    """The most likely language and its probability, 0 to 1."""

    language: str
    confidence: float


@cache
def _identifier() -> LanguageIdentifier:
    """Loads once; knows the languages that drivers write, so that no rare one is guessed."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted({*DRIVER_LANGUAGES} - {"nb"} | {"no", "nn"}))
    return identifier


def guessed(text: str) -> Guess:
    """The language of a text of some length."""
    chances: Counter[str] = Counter()
    for code, chance in _identifier().rank(text.lower()):
        chances[_CODES.get(code, code)] += chance
    language, confidence = max(chances.items(), key=lambda item: (item[1], item[0]))
    return Guess(language, min(1.0, float(confidence)))


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
    if guess.language == main or _FAMILY.get(guess.language, guess.language) == _FAMILY.get(main, main):
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
