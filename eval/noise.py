"""The noise ladder: the same line as it comes from thumbs, other keyboards, dictation, hurry and copied logs.

Pure: the same text, language and seed give the same noise. The typing errors are made here and not by
:mod:`indexer.noise`, since the classifiers learnt from that one's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from indexer.noise import transliterated, without_accents, without_punctuation

NOISE_FILE = Path(__file__).with_name("noise.yaml")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[^\W\d_]{4,}")
_MARKS = ".,;:!?…"


class Additions(BaseModel):
    """The texts of noise.yaml. ``other`` stands for every language that is not named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    greetings: dict[str, tuple[str, ...]]
    tails: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    logs: tuple[str, ...]


@cache
def additions() -> Additions:
    """What the file holds."""
    return Additions.model_validate(yaml.safe_load(NOISE_FILE.read_text(encoding="utf-8")))


def mistyped(text: str, chance: random.Random) -> str:
    """One slip inside a word of at least four letters: a neighbouring key, two letters swapped, one lost or doubled."""
    places = list(_WORD.finditer(text))
    if not places:
        return text
    word = chance.choice(places)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    left, letter, right = text[:at], text[at], text[at + 1 :]
    slips = (_beside(letter, chance) + right, right[0] + letter + right[1:], right, letter + letter + right)
    return left + chance.choice(slips)


def _beside(letter: str, chance: random.Random) -> str:
    """A key beside that of the letter, on a keyboard of the Latin script; letters that it lacks stay."""
    for row in _ROWS:
        if (at := row.find(letter.lower())) >= 0:
            return chance.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
    return letter


def dictated(text: str) -> str:
    """As dictation writes it: no punctuation, no capitals; numbers and ids stay."""
    words = (part.strip(_MARKS) if any(map(str.isdigit, part)) else without_punctuation(part) for part in text.split())
    return " ".join(word.lower() for word in words if word)


def with_tail(text: str, language: str, chance: random.Random) -> str:
    """Some words of another language after it."""
    tails = additions().tails
    return text.rstrip(" .!?") + chance.choice(tails.get(language, tails["other"]))


def with_word(text: str, language: str, chance: random.Random) -> str:
    """A word of another language in its middle."""
    words, parts = additions().words, text.split()
    parts.insert(len(parts) // 2, chance.choice(words.get(language, words["other"])))
    return " ".join(parts)


def greeted(text: str, language: str, chance: random.Random) -> str:
    """A greeting of its language before it."""
    return chance.choice(additions().greetings[language]) + text


def with_log(text: str, chance: random.Random) -> str:
    """A log or an error in JSON pasted below it."""
    return f"{text}\n{chance.choice(additions().logs)}"


@dataclass(frozen=True)
class Step:
    """One rung: how a line in a language becomes a noisy one."""

    name: str
    noise: Callable[[str, str, random.Random], str]

    def __call__(self, identity: str, text: str, language: str) -> str:
        """The noisy line; ``identity`` names the line, so that each gets noise of its own, always the same."""
        return self.noise(text, language, random.Random(f"{self.name} {identity}"))


LADDER: tuple[Step, ...] = (
    Step("one typo", lambda text, _, chance: mistyped(text, chance)),
    Step("two typos", lambda text, _, chance: mistyped(mistyped(text, chance), chance)),
    Step("no accents", lambda text, *_: without_accents(text)),
    Step("transliterated", lambda text, *_: transliterated(text)),
    Step("capitals", lambda text, *_: text.upper()),
    Step("dictated", lambda text, *_: dictated(text)),
    Step("foreign word", with_word),
    Step("foreign tail", with_tail),
    Step("greeting", greeted),
    Step("pasted log", lambda text, _, chance: with_log(text, chance)),
)
