"""A toy corpus whose texts no noise can change: words of under four letters, without accents or punctuation."""

from __future__ import annotations

from indexer.train.corpus import Pair, Sources
from indexer.train.sampling import PairSampler

LANGUAGES = ("fr", "de", "nb")
SENTENCES = 6
SOURCES = Sources({"talk": 1.0}, question_weight=2.0)


def text(language: str, number: int) -> str:
    """The sentence of that number in a language: words of its own, then the number."""
    return f"{language} x{language} {number}"


def number_of(sentence: str) -> int:
    """Which sentence it is, in whatever language."""
    return int(sentence.split()[-1])


def language_of(sentence: str) -> str:
    """The language that it is in."""
    return sentence.split()[0]


def toy_pairs() -> list[Pair]:
    """Every sentence in every language."""
    return [
        Pair(language, text("en", number), text(language, number), "talk")
        for language in LANGUAGES
        for number in range(SENTENCES)
    ]


def toy_rows() -> dict[str, int]:
    """The teacher's rows run against the numbers, so that neither is taken for the other."""
    return {text("en", number): SENTENCES - 1 - number for number in range(SENTENCES)}


def toy_sampler(seed: int = 1) -> PairSampler:
    """Draws from the toy pairs."""
    return PairSampler(toy_pairs(), toy_rows(), SOURCES, seed)
