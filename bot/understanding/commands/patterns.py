"""What may stand inside a sentence: a wish for a person, and a question that leans on the last answer. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bot.understanding.commands.phrases import Command, Leaning, Rules, Wish
from bot.understanding.commands.words import spellings

Words = tuple[str, ...]


class PersonWish:
    """Hears a wish for a person inside a longer message: "I've had enough, give me a human"."""

    def __init__(self, wish: Wish, rules: Rules) -> None:
        self._wishes, self._people = _all(wish.wishes), _all(wish.people)
        self._anywhere, self._unless = _all(wish.anywhere), _all(wish.unless)
        self._weary = _all(wish.weary)
        self._gap, self._reach = rules.person_gap, rules.taken_back_within

    def holds(self, words: Words) -> bool:
        """Whether somebody wishes for a person in these words, and does not take it back."""
        wished = any(not self._taken_back(words, start, end) for start, end in self._places(words))
        return wished or any(True for _ in _found(self._weary, words))

    def _places(self, words: Words) -> Iterator[tuple[int, int]]:
        """Where a wish stands, and where what is wished for begins."""
        yield from ((start, start) for start, _ in _found(self._anywhere, words))
        people = [start for start, _ in _found(self._people, words)]
        for start, end in _found(self._wishes, words):
            yield from ((start, person) for person in people if end <= person <= end + self._gap)

    def _taken_back(self, words: Words, start: int, end: int) -> bool:
        around = words[max(0, start - self._reach) : end]
        return any(True for _ in _found(self._unless, around))


class Opening:
    """Hears a yes or no at the beginning of a longer message: "no, I'd rather not"."""

    def __init__(self, phrases: Mapping[Command, Iterable[str]]) -> None:
        self._phrases = {word: _all(phrases[word]) for word in (Command.YES, Command.NO)}

    def of(self, words: Words) -> Command | None:
        """The one that the words begin with."""
        longest = {
            command: max((end for start, end in _found(phrases, words) if start == 0), default=0)
            for command, phrases in self._phrases.items()
        }
        best = max(longest, key=longest.__getitem__)
        return best if longest[best] else None


class FollowUp:
    """Hears a question that makes no sense without the last answer: "and what does it cost?"."""

    def __init__(self, leaning: Leaning, fillers: Iterable[str], rules: Rules) -> None:
        self._openers, self._asks, self._leans = _all(leaning.openers), _all(leaning.asks), _all(leaning.leans)
        small = {word for words in _all((*leaning.small, *fillers)) for word in words}
        self._known = small.union(*self._openers, *self._asks, *self._leans)
        self._endings = tuple(word for entry in leaning.new_matter if entry.endswith("*") for (word,) in _forms(entry))
        self._new = {word for entry in leaning.new_matter if not entry.endswith("*") for (word,) in _forms(entry)}
        self._longest, self._new_words = rules.longest_follow_up, rules.new_words

    def holds(self, words: Words) -> bool:
        """Whether the words are such a question, and bring no value and no matter of their own."""
        if len(words) > self._longest or any(self._is_new(word) for word in words):
            return False
        opened = next((end for start, end in _found(self._openers, words) if start == 0), 0)
        rest = words[opened:]
        asked, leaning = list(_found(self._asks, rest)), any(True for _ in _found(self._leans, rest))
        unknown = sum(word not in self._known for word in rest)
        asked_at_once = any(start == 0 for start, _ in asked)
        if opened and asked_at_once:
            return unknown <= self._new_words
        return leaning and not unknown and (bool(opened) or asked_at_once)

    def names_another(self, words: Words) -> bool:
        """Whether the words ask the same again of another thing: "and what about 4512?"."""
        opened = any(start == 0 for start, _ in _found(self._openers, words))
        return opened and len(words) <= self._longest and any(any(map(str.isdigit, word)) for word in words)

    def _is_new(self, word: str) -> bool:
        return word in self._new or word.startswith(self._endings) or any(char.isdigit() for char in word)


def _forms(entry: str) -> Collection[Words]:
    return spellings(entry.rstrip("*"))


def _all(entries: Iterable[str]) -> frozenset[Words]:
    return frozenset(words for entry in entries for words in spellings(entry))


def _found(phrases: Collection[Words], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the phrases stand: first word, and the word after the last; the longer of two first."""
    lengths = sorted({len(phrase) for phrase in phrases}, reverse=True)
    for start in range(len(words)):
        yield from ((start, start + each) for each in lengths if tuple(words[start : start + each]) in phrases)
