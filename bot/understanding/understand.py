"""Understands one message: its language, its topics, the values in it, danger, what it says of the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy import Policy
from bot.state import ConversationState
from bot.types import Choice, LanguageSource, SlotValue, Topic, Understanding
from bot.understanding.commands import Command, Commands
from bot.understanding.language import LanguageGuess, LanguageGuesser
from bot.understanding.locale import FALLBACK, language_of
from bot.understanding.problems import ProblemSplitter
from bot.understanding.safety import SafetyLane
from bot.understanding.slots import Slot, SlotFinder
from indexer.search import Index
from indexer.types import Ranking

SHOWN_TOPICS = 5
"""What the events view shows; the rest is noise."""
BURST = timedelta(seconds=20)
"""Short messages that come so soon after one another are parts of one."""
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
        text = _joined(said, state, now)
        guess = self.guesser.guess(text, index.language_chances(text))
        language, source = spoken_language(guess, state, index, self.policy)
        ranking = index.rank(text, language)
        command = next(iter(self.commands.find(said, language)), None)
        danger = self.safety.assess(text, language)
        leaning = command is not None and command.command is Command.FOLLOW_UP
        return Understanding(
            language=language,
            language_source=source,
            language_confidence=round(guess.confidence, 4) if guess else 0.0,
            topics=tuple(Topic(id=topic.id, score=round(topic.score, 4)) for topic in ranking.topics[:SHOWN_TOPICS]),
            confidence=round(ranking.confidence, 4),
            classes={name: round(chance, 4) for name, chance in ranking.classes.items()},
            vendor=named_vendor(text, index),
            passages=tuple(hit.passage.key for hit in ranking.passages),
            also=self._second(said, language, ranking, index),
            slots=self._slots(said, state),
            command=command.command if command else None,
            consent=self.commands.yes_or_no(said, language),
            sections=_nearest_section(said, language, state, index) if leaning else (),
            hazards=tuple(danger.hazards) if danger else (),
        )

    def language_of(self, state: ConversationState, index: Index) -> str:
        """The language to speak in where the driver has just said nothing."""
        return state.replied_in or spoken_language(None, state, index, self.policy)[0]

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

    def _second(self, said: str, language: str, whole: Ranking, index: Index) -> str | None:
        """The topic of the message's other half, where both halves are clear and differ."""
        first = whole.topics[0].id
        sure = []
        for part in self.problems.parts(said):
            ranking = index.rank(part, language)
            if ranking.confidence >= self.policy.second_problem_at:
                sure.append(ranking.topics[0].id)
        others = [topic for topic in dict.fromkeys(sure) if topic != first]
        return others[0] if first in sure and others else None


def _joined(said: str, state: ConversationState, now: datetime) -> str:
    """The message together with the fragments right before it, of which nothing could be made."""
    soon = state.heard_at is not None and now - state.heard_at <= BURST
    return " ".join((*state.fragments, said)) if soon and state.fragments else said


def _nearest_section(said: str, language: str, state: ConversationState, index: Index) -> tuple[str, ...]:
    hits = index.search(said, language, SECTIONS_SEARCHED) if state.topic else []
    keys = (hit.passage.key for hit in hits if f"/{state.topic}#" in hit.passage.key)
    return tuple(key.split("#")[1] for key in keys)[:1]


def spoken_language(
    guess: LanguageGuess | None, state: ConversationState, index: Index, policy: Policy
) -> tuple[str, LanguageSource]:
    """The language to reply in: the message's where it is clear, else the conversation's, the client's, a guess."""
    if guess and guess.confidence >= policy.language_sure_at:
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
