"""Finds the entries of all lexicons in the words of a message, in time that grows with the message only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.safety.lexicon import SHORTEST_GUESSED, Atom, Fit, Lexicon, Phrase
from bot.understanding.safety.words import Word

LONG = 9
"""From this many letters on a word may hold two slips."""
SHORTEST_SLIPPED = 4
"""Letters of a word in which a slip is looked for where other signs point to danger already."""
WIDEST_GAP = 3
"""Words that may stand where an entry has ``..``."""
HARMLESS = "harmless"


@dataclass(frozen=True, order=True)
class Span:
    """An entry that was found: its first and last word, and all of its words by number.

    ``unsure``: a homograph of another language, or read out of a slip of the fingers.
    """

    first: int
    last: int
    words: tuple[int, ...]
    unsure: bool = False


Found = Mapping[str, Sequence[Span]]
"""Concept → where its words stand, of one language, in the order of the message."""


@dataclass(frozen=True)
class _Target:
    language: str
    concept: str
    phrase: Phrase
    homograph: bool


class Matcher:
    """All entries of all lexicons, looked up at once."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._numbers: dict[Atom, int] = {}
        self._by_fit: dict[Fit, dict[str, set[int]]] = {fit: defaultdict(set) for fit in Fit}
        self._targets: dict[int, list[tuple[_Target, tuple[int, ...]]]] = defaultdict(list)
        known: set[str] = set()
        for lexicon in lexicons:
            for concept, phrase, homograph in lexicon.phrases:
                self._add(_Target(lexicon.language, concept, phrase, homograph))
            for entry in lexicon.harmless:
                self._add(_Target(lexicon.language, HARMLESS, Phrase.parse(entry), False))
            known.update(form for word in (*lexicon.telling, *lexicon.not_slips) for form in _spellings(word))
        self._known = frozenset(known)
        self._lengths = {fit: sorted({len(part) for part in self._by_fit[fit]}) for fit in Fit}
        self._guessable = _by_outline(self._by_fit[Fit.NEARLY])
        self._beginnings = _by_length(self._by_fit[Fit.BEGINNING])
        self._wholes = _by_length((*self._by_fit[Fit.WHOLE], *self._by_fit[Fit.NEARLY]))
        self._atoms_of = lru_cache(maxsize=20_000)(self._look_up)

    def find(self, words: Sequence[Word], *, generous: bool = False) -> dict[str, Found]:
        """Every entry in the words, by language. ``generous``: slips of the fingers are looked for in all entries."""
        read = [self._atoms_of(word.forms, generous) for word in words]
        atoms = [present for present, _ in read]
        found: dict[str, dict[str, set[Span]]] = defaultdict(lambda: defaultdict(set))
        for first, present in enumerate(atoms):
            for atom in present:
                for target, numbers in self._targets.get(atom, ()):
                    taken = _follow(target.phrase, numbers, atoms, first)
                    if taken:
                        unsure = target.homograph or any(read[place][1] for place in taken)
                        found[target.language][target.concept].add(Span(first, taken[-1], taken, unsure))
        return {
            language: {concept: sorted(spans) for concept, spans in concepts.items()}
            for language, concepts in found.items()
        }

    def _add(self, target: _Target) -> None:
        numbers = tuple(self._number(atom) for atom in target.phrase.atoms)
        self._targets[numbers[0]].append((target, numbers))

    def _number(self, atom: Atom) -> int:
        number = self._numbers.setdefault(atom, len(self._numbers))
        for spelling in atom.spellings:
            self._by_fit[atom.fit][spelling].add(number)
        return number

    def _look_up(self, spellings: tuple[str, ...], generous: bool) -> tuple[frozenset[int], bool]:
        """The atoms that a word is, and whether that is a guess."""
        found: set[int] = set()
        for form in spellings:
            for fit in (Fit.WHOLE, Fit.NEARLY):
                found |= self._by_fit[fit].get(form, set())
            for length in self._lengths[Fit.BEGINNING]:
                found |= self._by_fit[Fit.BEGINNING].get(form[:length], set())
            for length in self._lengths[Fit.ENDING]:
                found |= self._by_fit[Fit.ENDING].get(form[-length:], set())
            for length in self._lengths[Fit.INSIDE]:
                for start in range(len(form) - length + 1):
                    found |= self._by_fit[Fit.INSIDE].get(form[start : start + length], set())
        if found or not self._known.isdisjoint(spellings):
            return frozenset(found), False
        return frozenset(self._slipped(spellings[-1]) if generous else self._guessed(spellings[-1])), True

    def _guessed(self, form: str) -> set[int]:
        """The entries that a word may have been meant to be."""
        if len(form) < SHORTEST_GUESSED or any(char.isdigit() for char in form):
            return set()
        slips = 2 if len(form) >= LONG else 1
        candidates = self._guessable.get((form[0], len(form)), ())
        near = process.extract(form, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None)
        least = min((distance for _, distance, _ in near), default=0)
        meant = [spelling for spelling, distance, _ in near if distance == least]
        return set().union(*(self._by_fit[Fit.NEARLY][spelling] for spelling in meant))

    def _slipped(self, form: str) -> set[int]:
        """All entries that are one slip away from the word, or from its beginning where that is all they are."""
        if len(form) < SHORTEST_SLIPPED or any(char.isdigit() for char in form):
            return set()
        found: set[int] = set()
        for length in range(len(form) - 1, len(form) + 2):
            for meant in _one_slip_away(form, self._wholes.get(length, ())):
                found |= self._by_fit[Fit.WHOLE].get(meant, set()) | self._by_fit[Fit.NEARLY].get(meant, set())
        for length, entries in self._beginnings.items():
            for begun in {form[: length + shift] for shift in (-1, 0, 1)}:
                for meant in _one_slip_away(begun, entries):
                    found |= self._by_fit[Fit.BEGINNING][meant]
        return found


def _spellings(word: str) -> tuple[str, ...]:
    return Atom.parse(word).spellings


def _by_length(entries: Iterable[str]) -> dict[int, tuple[str, ...]]:
    """The entries that are long enough for a slip to be told from another word."""
    lengths: dict[int, list[str]] = defaultdict(list)
    for entry in sorted(set(entries)):
        if len(entry) >= SHORTEST_SLIPPED:
            lengths[len(entry)].append(entry)
    return {length: tuple(words) for length, words in lengths.items()}


def _one_slip_away(form: str, entries: Sequence[str]) -> list[str]:
    return [meant for meant, _, _ in process.extract(form, entries, scorer=OSA.distance, score_cutoff=1, limit=None)]


def _by_outline(entries: Iterable[str]) -> dict[tuple[str, int], tuple[str, ...]]:
    """For first letter and length of a driver's word, the entries that may be meant: few slip at the first letter."""
    near: dict[tuple[str, int], list[str]] = defaultdict(list)
    for entry in sorted(entries):
        for length in range(len(entry) - 2, len(entry) + 3):
            near[entry[0], length].append(entry)
    return {outline: tuple(words) for outline, words in near.items()}


def _follow(
    phrase: Phrase, numbers: Sequence[int], atoms: Sequence[frozenset[int]], first: int
) -> tuple[int, ...] | None:
    """The words that the phrase takes from ``first`` on, or None where it does not go on so."""
    taken = [first]
    for number, gap in zip(numbers[1:], phrase.gaps[1:], strict=True):
        reach = WIDEST_GAP + 1 if gap else 1
        following = range(taken[-1] + 1, min(taken[-1] + 1 + reach, len(atoms)))
        found = next((place for place in following if number in atoms[place]), None)
        if found is None:
            return None
        taken.append(found)
    return tuple(taken)
