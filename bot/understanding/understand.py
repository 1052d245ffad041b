"""Understands one message: its language, its topics, the values in it, danger, what it says of the conversation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.events import Waiting
from bot.policy import Policy
from bot.state import ConversationState
from bot.types import Choice, LanguageSource, SlotValue, Topic, Understanding
from bot.understanding.commands import Command, Commands
from bot.understanding.language import LanguageGuess, LanguageGuesser
from bot.understanding.locale import FALLBACK, language_of
from bot.understanding.pasted import own_words, without_pasted
from bot.understanding.problems import ProblemSplitter
from bot.understanding.safety import SafetyLane
from bot.understanding.slots import NUMBERS, Slot, SlotFinder
from indexer.search import Index
from indexer.types import Ranking

SHOWN_TOPICS = 5
"""What the events view shows; the rest is noise."""
BURST = timedelta(seconds=20)
"""Short messages that come so soon after one another are parts of one."""
_CLAUSES = re.compile(r"[,.;:!]+\s+")
_WHOLE_CLAUSE = re.compile(r".+?(?:[,.;:!]+\s+|$)", re.DOTALL)
ACTION_OF = {"report_it": "report"}
"""Questions that offer an action of another name."""
SHORT_ANSWER = 5
SHORT = 3
"""So few words look like several languages: "oi nei, mente 4521"."""
LONGEST_COMMAND = 14
"""Words; a longer message tells of something."""
FEW_WORDS = 4
"""Beside a number so few words say what the number is, and no more."""
WHERE_IT_STANDS = {Slot.ACCOUNT: "find-account-number"}
"""The topics that tell where a number stands: whoever tells the number does not ask."""
SECTIONS_SEARCHED = 200
"""Passages among which the last answer's article must have one, for a question that leans on it."""


@dataclass(frozen=True)
class Understander:
    """Everything that reads a message; each part knows nothing of the others."""

    guesser: LanguageGuesser
    policy: Policy
    slots: SlotFinder
    commands: Commands
    safety: SafetyLane
    problems: ProblemSplitter

    def understand(
        self, said: str, choice: Choice | None, state: ConversationState, index: Index, now: datetime
    ) -> Understanding:
        """What the message means in this conversation. ``said`` is cleaned already; ``choice``: what was tapped."""
        if choice is not None or not any(char.isalnum() for char in said):
            return self._wordless(said, choice, state, index)
        whole = _joined(said, state, now)
        text = without_pasted(whole)
        guess = self.guesser.guess(text, index.language_chances(text))
        language, source = spoken_language(guess, state, index, self.policy, len(text.split()) <= SHORT)
        if self._stays(said, state):
            language, source = state.language or language, "conversation"
        found = self._slots(said, state)
        ranking = index.rank(_without_numbers(text, found), language)
        topics = _asked(ranking, found)
        waiting = state.position.waiting
        command = self._command(said, language, found, state)
        # A log may hold words that take the danger away, and words that tell of one.
        chance = next((each.score for each in ranking.topics if each.id == self.safety.rules.topic), 0.0)
        danger = self.safety.assess(own_words(whole), language, chance) or self.safety.assess(whole, language, chance)
        leaning = command is Command.FOLLOW_UP
        return Understanding(
            language=language,
            language_source=source,
            language_confidence=round(guess.confidence, 4) if guess else 0.0,
            topics=topics[:SHOWN_TOPICS],
            confidence=_confidence(ranking, topics),
            classes={name: round(chance, 4) for name, chance in ranking.classes.items()},
            vendor=named_vendor(whole, index),
            passages=tuple(hit.passage.key for hit in ranking.passages),
            problems=self._problems(without_pasted(said), language, index, found),
            slots=found,
            command=command,
            opening=self.commands.opening(said, language),
            chosen=self._chosen(said, language, waiting) if waiting else None,
            consent=self.commands.yes_or_no(said, language, _action(state)),
            sections=_nearest_section(said, language, state, index) if leaning else (),
            hazards=tuple(danger.hazards) if danger else (),
        )

    def language_of(self, state: ConversationState, index: Index) -> str:
        """The language to speak in where the driver has just said nothing."""
        return state.replied_in or spoken_language(None, state, index, self.policy)[0]

    def is_danger(self, said: str) -> bool:
        """Whether a message alone, in whatever language, tells of danger."""
        return self.safety.assess(said) is not None

    def _stays(self, said: str, state: ConversationState) -> bool:
        """Whether a short message begins with a yes or no of the conversation's language: "oi nei, mente 4521"."""
        short = state.language is not None and len(said.split()) <= SHORT_ANSWER
        return short and self.commands.opening(said, state.language or FALLBACK) is not None

    def _chosen(self, said: str, language: str, waiting: Waiting) -> str | None:
        """The option that is named; to "shall I have it blocked?" it is a yes to say "block it"."""
        named = (ACTION_OF.get(waiting.name, waiting.name),) if waiting.kind == "option" else ()
        option = self.commands.chosen(said, language, (*waiting.options, *named))
        return "yes" if option is not None and option not in waiting.options else option

    def _command(
        self, said: str, language: str, found: tuple[SlotValue, ...], state: ConversationState
    ) -> Command | None:
        """What the message says of the conversation; "no idea, it stands nowhere" and "I paid it, look again" too."""
        if any(each.slot in NUMBERS for each in found) and self.commands.names_another(said, language):
            return Command.FOLLOW_UP
        if whole := self._first(said, language):
            return whole
        parts, position = _CLAUSES.split(said), state.position
        if len(parts) < 2 or len(said.split()) > LONGEST_COMMAND:
            return None
        waits = position.waiting is not None and position.waiting.kind == "slot"
        if waits and self._first(parts[0], language) is Command.MISSING:
            return Command.MISSING
        talked = position.stack or position.ended
        return Command.AGAIN if talked and self._first(parts[-1], language) is Command.AGAIN else None

    def _first(self, said: str, language: str) -> Command | None:
        found = next(iter(self.commands.find(said, language)), None)
        return found.command if found else None

    def _wordless(self, said: str, choice: Choice | None, state: ConversationState, index: Index) -> Understanding:
        # The label of a button says nothing of the driver's language.
        language, source = spoken_language(None, state, index, self.policy)
        if choice is not None and state.replied_in:
            language, source = state.replied_in, "conversation"
        return Understanding(
            language=language, language_source=source, language_confidence=0.0, topics=(), confidence=0.0, classes={},
            vendor=None, passages=(), consent=None if choice else self.commands.yes_or_no(said, language),
        )  # fmt: skip

    def _slots(self, said: str, state: ConversationState) -> tuple[SlotValue, ...]:
        waiting = state.position.waiting
        asked = tuple(map(Slot, waiting.slots)) if waiting and waiting.kind == "slot" else ()
        found = self.slots.find(said, asked[0] if asked else None)
        return tuple(
            SlotValue(slot=each.slot, value=each.value, raw=each.raw, rejected=each.rejected, valid=each.valid)
            for each in found
        )

    def _problems(self, said: str, language: str, index: Index, found: tuple[SlotValue, ...]) -> tuple[str, ...]:
        """The topics of the message's parts, where at least two are clear and differ."""
        sure = []
        for part in self.problems.parts(said):
            bare = _without_numbers(part, found)
            if bare != part and len(bare.split()) <= FEW_WORDS:
                # "…, my account is 40711" tells a value, not a problem.
                continue
            ranking = index.rank(bare, language)
            if ranking.confidence >= self.policy.second_problem_at and not _told(ranking.topics[0].id, found):
                sure.append(ranking.topics[0].id)
        topics = tuple(dict.fromkeys(sure))
        return topics if len(topics) > 1 else ()


def _asked(ranking: Ranking, found: tuple[SlotValue, ...]) -> tuple[Topic, ...]:
    """The topics, best first, without those that ask for a number which the message tells."""
    return tuple(
        Topic(id=topic.id, score=round(topic.score, 4)) for topic in ranking.topics if not _told(topic.id, found)
    )


def _confidence(ranking: Ranking, topics: tuple[Topic, ...]) -> float:
    """Of the ranking; where its first topic was left out, no more than the next one's score."""
    same = topics[0].id == ranking.topics[0].id
    return round(ranking.confidence if same else min(ranking.confidence, topics[0].score), 4)


def _told(topic: str, found: tuple[SlotValue, ...]) -> bool:
    return any(WHERE_IT_STANDS.get(Slot(each.slot)) == topic for each in found if each.valid)


def _action(state: ConversationState) -> str | None:
    """The action of the card that is open."""
    waiting = state.position.waiting
    if waiting is None or waiting.kind != "confirmation":
        return None
    return state.proposals[waiting.name].proposal.action


def _without_numbers(text: str, found: tuple[SlotValue, ...]) -> str:
    """The text without ids and numbers: they say nothing of its topic, and drown short messages. Never empty."""
    numbers = [each.raw for each in found if each.slot in NUMBERS]
    accounts = [each.raw for each in found if each.slot == Slot.ACCOUNT]
    clauses = _WHOLE_CLAUSE.findall(text) if accounts else [text]
    # "…, my account is 40711": such a clause says whose the number is, and nothing else.
    telling = [each for each in clauses if not (any(map(each.__contains__, accounts)) and _short(each, accounts))]
    left = "".join(telling) if any(map(str.isalpha, "".join(telling))) else text
    for number in numbers:
        left = left.replace(number, " ")
    left = " ".join(left.split()) if numbers else left
    return left if any(char.isalpha() for char in left) else text


def _short(clause: str, numbers: Iterable[str]) -> bool:
    for number in numbers:
        clause = clause.replace(number, " ")
    return len(clause.split()) <= FEW_WORDS


def _joined(said: str, state: ConversationState, now: datetime) -> str:
    """The message together with the fragments right before it, of which nothing could be made."""
    soon = state.heard_at is not None and now - state.heard_at <= BURST
    return " ".join((*state.fragments, said)) if soon and state.fragments else said


def _nearest_section(said: str, language: str, state: ConversationState, index: Index) -> tuple[str, ...]:
    hits = index.search(said, language, SECTIONS_SEARCHED) if state.topic else []
    keys = (hit.passage.key for hit in hits if f"/{state.topic}#" in hit.passage.key)
    return tuple(key.split("#")[1] for key in keys)[:1]


def spoken_language(
    guess: LanguageGuess | None, state: ConversationState, index: Index, policy: Policy, short: bool = False
) -> tuple[str, LanguageSource]:
    """The language to reply in: the message's where it is clear, else the conversation's, the client's, a guess."""
    sure_at = policy.language_flip_at if short and state.language else policy.language_sure_at
    if guess and guess.confidence >= sure_at:
        return guess.language, "message"
    if state.language:
        return state.language, "conversation"
    identity = state.context.identity
    locale = language_of(state.context.locale or (identity.locale if identity else None), index.languages)
    if locale:
        return locale, "locale"
    if guess and guess.confidence >= policy.language_guess_at:
        return guess.language, "guess"
    return FALLBACK, "guess"


def named_vendor(text: str, index: Index) -> str | None:
    """The vendor that the text names, if it names exactly one."""
    named = {vendor.id for vendor in index.vendors.values() if vendor.pattern.search(text)}
    return named.pop() if len(named) == 1 else None
