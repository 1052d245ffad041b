"""Reads a whole message as phrases of one language: every word has to belong to one, or the message is no command."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.commands.phrases import Command, Phrases, Rules
from bot.understanding.commands.words import spellings

Words = tuple[str, ...]


class Small(Enum):
    """Phrases that are no command by themselves."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FILLER = "filler"
    THANKS = "thanks"
    ORDINARY = "ordinary"
    HOMOGRAPH = "homograph"


Meaning = Command | Small
_LIGHT = frozenset({Small.FILLER, Small.THANKS, Small.ACKNOWLEDGEMENT})
_NOT_MEANT = frozenset({Command.YES, Command.NO})
"""What a turn of phrase that only sounds like it takes away: "oh no, ..."."""


@dataclass(frozen=True)
class Reading:
    """What all the words of a message mean together. Without commands it is small talk of that language."""

    commands: frozenset[Command]
    said_something: bool
    """There is more in it than fillers and words that are none of this language's, so that it counts beside others."""


class Grammar:
    """The phrases of one language."""

    def __init__(self, phrases: Phrases, rules: Rules) -> None:
        self._meanings = dict(_meanings(phrases, rules))
        self._longest = max(map(len, self._meanings))
        self._run_together = {"".join(words): meaning for words, meaning in self._meanings.items() if len(words) > 1}
        self._words = {word for words in self._meanings for word in words}
        self._guessable = sorted(word for word in self._words if len(word) >= rules.slips.one_from)
        self._slips = rules.slips
        # "charge" is no slip of "change".
        self._matters = tuple(entry[0] for entry in _all(phrases.follow_up.new_matter))
        self._soft = {entry[0] for entry in _all((*phrases.fillers, *phrases.softeners)) if len(entry) == 1}

    def read(self, words: Words) -> Reading | None:
        """The meaning of the words; None where one of them belongs to no phrase."""
        return _together(frozenset(self._cover(words)))

    def knows_any(self, words: Words) -> bool:
        """Whether one of the words stands in a phrase."""
        return not self._words.isdisjoint(words)

    def guess(self, words: Words) -> Reading | None:
        """The same where spaces are missing, the fingers slipped, or softeners stand inside a phrase."""
        if (meaning := self._run_together.get("".join(words))) is not None:
            return _together(frozenset({meaning}))
        mended = tuple(self._mended(word) for word in words)
        # Left out first: in "works sadly not" the words belong together.
        bare = tuple(word for word in mended if word not in self._soft)
        return self.read(bare) or _together(frozenset(self._cover(mended, self._soft)))

    def light(self, words: Sequence[str]) -> int:
        """How many words at the beginning change nothing."""
        position = 0
        while length := self._light_at(words, position):
            position += length
        return position

    def _light_at(self, words: Sequence[str], position: int) -> int:
        lengths = range(min(self._longest, len(words) - position), 0, -1)
        found = (each for each in lengths if self._meanings.get(tuple(words[position : position + each])) in _LIGHT)
        return next(found, 0)

    def _cover(self, words: Words, skipped: Container[str] = ()) -> tuple[Meaning, ...]:
        """The meanings of the fewest phrases that together are all the words; none where some word is left."""
        # Of equally many the one whose first phrases are longest: "no change now" is not "no" and "change now".
        best: list[tuple[Meaning, ...] | None] = [(), *[None] * len(words)]
        for start in range(len(words)):
            before = best[start]
            if before is None:
                continue
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                meaning, known = self._meanings.get(words[start:end]), best[end]
                if meaning is None and end == start + 1 and words[start] in skipped:
                    meaning = Small.FILLER
                if meaning is not None and (known is None or len(known) >= len(before) + 1):
                    best[end] = (*before, meaning)
        return best[-1] or ()

    def _mended(self, word: str) -> str:
        if word in self._words or len(word) < self._slips.one_from or word.startswith(self._matters):
            return word
        slips = 2 if len(word) >= self._slips.two_from else 1
        alike = [each for each in self._guessable if each[0] == word[0]]
        found = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found else word


def _together(meanings: frozenset[Meaning]) -> Reading | None:
    # Beside anything else a homograph is a word like all others that are not known.
    if not meanings or (Small.HOMOGRAPH in meanings and meanings - {Small.HOMOGRAPH, Small.FILLER}):
        return None
    commands = frozenset(meaning for meaning in meanings if isinstance(meaning, Command))
    if Small.ORDINARY in meanings:
        return Reading(commands - _NOT_MEANT, True)
    if not commands and Small.ACKNOWLEDGEMENT in meanings and Small.THANKS not in meanings:
        return Reading(frozenset({Command.YES}), True)
    return Reading(commands, not meanings <= {Small.FILLER, Small.HOMOGRAPH})


def _meanings(phrases: Phrases, rules: Rules) -> Iterable[tuple[Words, Meaning]]:
    everywhere = rules.everywhere
    entries: list[tuple[Meaning, Iterable[str]]] = [
        (Small.FILLER, (*phrases.fillers, *everywhere.fillers)),
        (Small.THANKS, (*phrases.thanks, *everywhere.thanks)),
        (Small.ACKNOWLEDGEMENT, (*phrases.acknowledgements, *everywhere.acknowledgements)),
        (Small.ORDINARY, phrases.ordinary),
        (Small.HOMOGRAPH, phrases.homographs),
        *phrases.phrases.items(),
        *everywhere.commands.items(),
    ]
    return ((words, meaning) for meaning, each in entries for words in _all(each))


def _all(entries: Iterable[str]) -> Iterable[Words]:
    return (words for entry in entries for words in spellings(entry))
