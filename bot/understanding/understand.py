"""Understands one message: its language, its topics, the vendor that it names."""

from __future__ import annotations

from bot.policy import Policy
from bot.state import ConversationState
from bot.types import LanguageSource, Topic, Understanding
from bot.understanding.language import LanguageGuess, LanguageGuesser
from bot.understanding.locale import FALLBACK, language_of
from indexer.search import Index

# What the events view shows; the rest is noise.
SHOWN_TOPICS = 5


def understand(
    text: str, state: ConversationState, index: Index, guesser: LanguageGuesser, policy: Policy
) -> Understanding:
    """What ``text`` means in this conversation. ``text`` is cleaned already and not empty."""
    guess = guesser.guess(text, index.language_chances(text))
    language, source = spoken_language(guess, state, index, policy)
    ranking = index.rank(text, language)
    return Understanding(
        language=language,
        language_source=source,
        language_confidence=round(guess.confidence, 4) if guess else 0.0,
        topics=tuple(Topic(id=topic.id, score=round(topic.score, 4)) for topic in ranking.topics[:SHOWN_TOPICS]),
        confidence=round(ranking.confidence, 4),
        classes={name: round(chance, 4) for name, chance in ranking.classes.items()},
        vendor=named_vendor(text, index),
        passages=tuple(hit.passage.key for hit in ranking.passages),
    )


def spoken_language(
    guess: LanguageGuess | None, state: ConversationState, index: Index, policy: Policy
) -> tuple[str, LanguageSource]:
    """The language to reply in: the message's where it is clear, else the conversation's, the client's, a guess."""
    if guess and guess.confidence >= policy.language_sure_at:
        return guess.language, "message"
    if state.language:
        return state.language, "conversation"
    locale = language_of(state.context.locale, index.languages)
    if locale:
        return locale, "locale"
    if guess and guess.confidence >= policy.language_guess_at:
        return guess.language, "guess"
    return FALLBACK, "guess"


def named_vendor(text: str, index: Index) -> str | None:
    """The vendor that the text names, if it names exactly one."""
    named = {vendor.id for vendor in index.vendors.values() if vendor.pattern.search(text)}
    return named.pop() if len(named) == 1 else None
