"""Joins the parts: from a message to the danger that it tells of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.understanding.safety.hazards import Danger, Hazard
from bot.understanding.safety.languages import Languages, Margins, Standing
from bot.understanding.safety.lexicon import Lexicon, load_lexicons
from bot.understanding.safety.matcher import HARMLESS, Found, Matcher, Span
from bot.understanding.safety.rules import Match, Rules, matches, near
from bot.understanding.safety.words import Word, composed, words_of

NEGATION, NEGATION_AFTER, PAST = "negation", "negation_after", "past"


@dataclass(frozen=True)
class SafetyLane:
    """Reads one message for danger. Pure; time grows with the message only; needs no language; raises nothing."""

    rules: Rules
    lexicons: tuple[Lexicon, ...]
    matcher: Matcher
    languages: Languages

    @classmethod
    def load(cls) -> SafetyLane:
        """Read rules and lexicons.

        Raises:
            pydantic.ValidationError: when a data file is not as it must be.
        """
        return cls.of(Rules.load(), load_lexicons())

    @classmethod
    def of(cls, rules: Rules, lexicons: tuple[Lexicon, ...]) -> SafetyLane:
        """From rules and lexicons that were read."""
        return cls(rules, lexicons, Matcher(lexicons), Languages(lexicons))

    def assess(self, text: str, language: str | None = None, chance: float = 0.0) -> Danger | None:
        """The danger that the text tells of. ``language``: a hint for words that two languages share.

        ``chance``: how likely the message is about an emergency by what else is known of it, 0 to 1. Where that is high
        enough, words are taken for danger that are a slip of the fingers away from it.
        """
        text = composed(text)
        words = words_of(text)
        danger = self._told(text, words, language, generous=False)
        if danger is None and chance >= self.rules.suspected_from:
            danger = self._told(text, words, language, generous=True)
        return danger

    def _told(self, text: str, words: Sequence[Word], language: str | None, *, generous: bool) -> Danger | None:
        found = self.matcher.find(words, generous=generous)
        standing = self.languages.standing(words, language, self.rules.margins.hint)
        masked = {word for own in found.values() for span in own.get(HARMLESS, ()) for word in span.words}
        shared = {
            concept: sorted(span for own in found.values() for span in own.get(concept, ()))
            for concept in self.rules.everywhere
        }
        fired: list[tuple[Match, bool]] = []
        for spoken, entries in found.items():
            readable = _readable(spoken, standing, words, self.rules.margins)
            own = {**self._counted(entries, masked, readable), **shared}
            fired += [(match, self._is_past(match, own, words)) for match in matches(self.rules, own, words)]
        return _danger(fired, text, words)

    def _counted(self, found: Found, masked: set[int], readable: Callable[[Span], bool]) -> dict[str, list[Span]]:
        """What one lexicon found, without turns of phrase, homographs of other languages, and what is negated."""
        own = {
            concept: [span for span in spans if readable(span) and masked.isdisjoint(span.words)]
            for concept, spans in found.items()
        }
        before = {span.last + 1 for span in own.get(NEGATION, ())}
        after = {span.first - 1 for span in own.get(NEGATION_AFTER, ())}
        for concept in own.keys() & set(self.rules.negatable):
            own[concept] = [span for span in own[concept] if span.first not in before]
        for concept in own.keys() & set(self.rules.negated_after):
            own[concept] = [span for span in own[concept] if span.last not in after]
        return own

    def _is_past(self, match: Match, found: Found, words: Sequence[Word]) -> bool:
        whole = Span(match.first, match.last, (match.first, match.last))
        return near(whole, found.get(PAST, ()), words, self.rules.past_within) is not None


def _readable(language: str, standing: Standing, words: Sequence[Word], margins: Margins) -> Callable[[Span], bool]:
    """Whether what a lexicon found may be read in its language."""
    alone, akin = standing.alone[language], standing.akin[language]

    def readable(span: Span) -> bool:
        if span.unsure:
            return alone <= margins.unsure_within
        return min(akin, standing.sentences[words[span.first].sentence][language]) <= margins.sure_within

    return readable


def _danger(fired: Sequence[tuple[Match, bool]], text: str, words: Sequence[Word]) -> Danger | None:
    if not fired:
        return None
    hazards = {match.hazard for match, _ in fired}
    order = list(Hazard)
    telling = min((match for match, _ in fired), key=lambda match: (order.index(match.hazard), match.first))
    return Danger(
        hazards=tuple(hazard for hazard in order if hazard in hazards),
        because=text[words[telling.first].start : words[telling.last].end],
        past=all(past for _, past in fired),
    )
