"""Joins the languages: which commands does a message give, and is it an explicit yes?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.commands.grammar import Grammar, Reading, Words
from bot.understanding.commands.patterns import FollowUp, Opening, PersonWish
from bot.understanding.commands.phrases import FOLDER, Command, Phrases, Rules, Said, read_phrases, read_rules
from bot.understanding.commands.words import words_of

_REFUSALS = frozenset({Command.NO, Command.CANCEL})
_CONSENT = frozenset({Command.YES})
_PREFACES = frozenset({Command.YES, Command.NO})


@dataclass(frozen=True)
class _Language:
    grammar: Grammar
    person: PersonWish
    follow_up: FollowUp
    opening: Opening


class Commands:
    """The phrases of all languages. Pure once loaded; safe to use from several threads; raises nothing."""

    def __init__(self, phrases: Mapping[str, Phrases], rules: Rules) -> None:
        self._rules, self._phrases = rules, phrases
        self._named: dict[tuple[str, str], Grammar] = {}
        self._order = {command: place for place, command in enumerate(rules.priority)}
        self._built: dict[str, _Language] = {}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Commands:
        """Read the data files.

        Raises:
            pydantic.ValidationError: when one is not as it must be.
        """
        return cls(read_phrases(folder), read_rules(folder))

    def _language(self, name: str) -> _Language | None:
        """The language, built when it is first needed: eleven at once would delay every start."""
        if name not in self._phrases:
            return None
        if name not in self._built:
            each, rules = self._phrases[name], self._rules
            self._built[name] = _Language(
                Grammar(each, rules),
                PersonWish(each.person, rules),
                FollowUp(each.follow_up, each.fillers, rules),
                Opening(each.phrases),
            )
        return self._built[name]

    def _all(self) -> list[_Language]:
        return [language for name in self._phrases if (language := self._language(name))]

    def _known(self, name: str) -> _Language:
        language = self._language(name)
        if language is None:
            raise KeyError(name)
        return language

    def find(self, text: str, language: str | None = None) -> tuple[Said, ...]:
        """The commands of a message, what matters most first; mostly none.

        Without a language, or where that language does not know the words, what all that know them agree on.
        """
        words, asked = words_of(text), "?" in _composed(text)
        if not words:
            return ()
        if len(words) <= self._rules.longest:
            own = self._language(language or "")
            if (reading := self._read(words, own)) is not None:
                return self._said(reading.commands, 1.0, asked)
            if own is not None and (guessed := own.grammar.guess(words)) is not None:
                return self._said(guessed.commands, self._rules.slips.certainty, asked)
        return self._inside(words, language)

    def yes_or_no(self, text: str, language: str | None = None, action: str | None = None) -> bool | None:
        """An explicit yes (True) or no (False) and nothing else; None for everything that leaves a doubt.

        With an action, naming just that is a yes too: "yes, send it", "unlock it". Actions hang on this
        (product.md 3.3): no slips are forgiven, and no word may stay unexplained.
        """
        words = words_of(text)
        if not words or len(words) > self._rules.longest or self._doubtful(_composed(text)):
            return None
        reading = self._read(words, self._language(language or ""))
        if action and language and (reading is None or reading.commands != _CONSENT):
            reading = self._naming(language, action).read(words) or reading
        if reading is None or not reading.commands:
            return None
        if reading.commands == _CONSENT:
            return True
        return False if reading.commands <= _REFUSALS else None

    def chosen(self, text: str, language: str, options: Iterable[str]) -> str | None:
        """The option that the words name, if they name one and nothing else."""
        words = words_of(text)
        plain = self._known(language).grammar.read(words)
        if not words or (plain is not None and plain.commands == _CONSENT):
            return None
        readings = {option: self._naming(language, option).read(words) for option in options}
        named = [option for option, reading in readings.items() if reading is not None and reading.commands == _CONSENT]
        return named[0] if len(named) == 1 else None

    def _naming(self, language: str, name: str) -> Grammar:
        """The language's phrases, with those that name an action or option as a yes."""
        if (language, name) not in self._named:
            phrases = self._phrases[language]
            answers = phrases.answers.get(name, ())
            others = {
                command: tuple(entry for entry in entries if entry not in answers)
                for command, entries in phrases.phrases.items()
            }
            named = {**others, Command.YES: (*others[Command.YES], *answers)}
            everywhere = self._rules.everywhere
            left = {
                command: tuple(entry for entry in entries if entry not in answers)
                for command, entries in everywhere.commands.items()
            }
            rules = self._rules.model_copy(update={"everywhere": everywhere.model_copy(update={"commands": left})})
            self._named[language, name] = Grammar(phrases.model_copy(update={"phrases": named}), rules)
        return self._named[language, name]

    def names_another(self, text: str, language: str) -> bool:
        """Whether the message asks the same again of another thing: "and what about 4512?"."""
        return self._known(language).follow_up.names_another(words_of(text))

    def opening(self, text: str, language: str) -> Command | None:
        """The yes or no that a message begins with, whatever follows. Good enough for a question, never for consent."""
        spoken, words = self._known(language), words_of(text)
        return spoken.opening.of(words) or spoken.opening.of(words[spoken.grammar.light(words) :])

    def _doubtful(self, text: str) -> bool:
        # An apostrophe that no letter precedes begins a quotation.
        quoted = any(word[0] in "'‘’`" for word in text.split())
        return quoted or any(doubt in text for doubt in self._rules.doubts)

    def _read(self, words: Words, own: _Language | None) -> Reading | None:
        """What the words are in the language, else what they are in all others that know them; None if unknown."""
        if own is not None and ((reading := own.grammar.read(words)) is not None or own.grammar.knows_any(words)):
            # Words of two languages make no phrase: "ja den" is a yes in Norwegian and nothing in German.
            return reading
        readings = [each.grammar.read(words) for each in self._all()]
        telling = [reading for reading in readings if reading is not None and reading.said_something]
        agreed = len({reading.commands for reading in telling}) == 1
        return telling[0] if agreed and telling[0].commands else None

    def _inside(self, words: Words, language: str | None) -> tuple[Said, ...]:
        known = self._language(language or "")
        spoken = [known] if known else list(self._all())
        certainty = self._rules.inside_certainty
        if any(each.person.holds(words) for each in spoken):
            return (Said(Command.PERSON, certainty),)
        if any(each.follow_up.holds(words[each.grammar.light(words) :]) for each in spoken):
            return (Said(Command.FOLLOW_UP, certainty),)
        return ()

    def _join(self, commands: frozenset[Command]) -> bool:
        return len(commands) < 2 or commands in self._rules.joins

    def _said(self, commands: frozenset[Command], certainty: float, asked: bool) -> tuple[Said, ...]:
        if any(clash <= commands for clash in self._rules.clashes) or not self._join(commands - _PREFACES):
            return ()
        if asked:
            commands = frozenset(self._rules.asked.get(command, command) for command in commands)
        given = commands - self._rules.never_asked if asked else commands
        return tuple(Said(command, certainty) for command in sorted(given, key=self._order.__getitem__))


def _composed(text: str) -> str:
    """With the question marks and quotation marks of all scripts in one form."""
    return unicodedata.normalize("NFKC", text).strip()
