"""Candidates: what agents corrected, and questions of conversations that did not end well. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.care import PersonSaid, SuggestionUse
from bot.events import BotSaid, Decided, DriverSaid, Event, Feedback, HandedOver, Understood
from bot.panel.review import Correction
from bot.types import Understanding
from eval.harvest.names import nameless
from eval.harvest.rules import HarvestRules
from eval.questions import NONE
from indexer.utterances import comparable

Why = Literal["corrected", "suggested", "not_helped", "handed_over"]
"""A person set the topic; a person answered from an article; a thumb said no; a person was called after it."""
RANK: tuple[Why, ...] = ("corrected", "suggested", "not_helped", "handed_over")
"""The first says most about what the line means."""
ASKING = frozenset({"answer", "choices", "none", "flow"})
"""Decisions on messages that ask something."""


@dataclass(frozen=True)
class Candidate:
    """A line of a driver. ``topics`` is empty where nobody said what it is about; ``thought`` is what the bot took it
    for; ``times`` how often it was met."""

    language: str
    text: str
    topics: tuple[str, ...]
    why: Why
    thought: str | None
    times: int = 1

    @property
    def key(self) -> str:
        """Equal for lines that differ in case, punctuation and numbers only."""
        return comparable(self.text)


def from_corrections(corrections: Iterable[Correction]) -> Iterator[Candidate]:
    """One a correction; of a message that was corrected twice the last one."""
    last = {(each.conversation, each.message): each for each in corrections}
    for each in last.values():
        yield Candidate(each.language, each.text, (each.topic or NONE,), "corrected", each.was)


@dataclass
class _Reading:
    """What a conversation has shown so far: its questions by message, and which reply answered which."""

    said: dict[str, str] = field(default_factory=dict)
    heard: dict[str, Understanding] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    helped: dict[str, bool] = field(default_factory=dict)

    def candidate(self, message: str, why: Why, topics: tuple[str, ...] = ()) -> Candidate:
        heard = self.heard[message]
        return Candidate(heard.language, self.said[message], topics, why, heard.topics[0].id if heard.topics else None)


def from_conversation(events: Sequence[Event], most_changed: float) -> Iterator[Candidate]:
    """Questions that a person answered from an article, that got a thumb down, or after which a person was called.

    Facts, commands, yes and no, greetings and taps on buttons are no questions.
    """
    reading = _Reading()
    for event in events:
        match event.happening:
            case DriverSaid(message=message) if message.choice is None and message.text.strip():
                reading.said[message.id] = message.text
            case Understood(message_id=message, understanding=understanding) if message in reading.said:
                reading.heard[message] = understanding
                if understanding.command is None and understanding.consent is None:
                    reading.asked.append(message)
            case Decided(message_id=message, decision=decision) if decision.kind not in ASKING:
                reading.asked = [each for each in reading.asked if each != message]
            case BotSaid(message_id=str(message), reply=reply):
                reading.replies[reply.id] = message
            case Feedback(reply=told, helped=helped):
                reading.helped[told] = helped
            case PersonSaid(suggestion=SuggestionUse() as use) if reading.asked:
                topic = _topic(use, most_changed)
                if topic is not None:
                    yield reading.candidate(reading.asked[-1], "suggested", (topic,))
            case HandedOver() if reading.asked:
                yield reading.candidate(reading.asked[-1], "handed_over")
    for told, helped in reading.helped.items():
        message = reading.replies.get(told, "")
        if not helped and message in reading.asked:
            yield reading.candidate(message, "not_helped")


def _topic(use: SuggestionUse, most_changed: float) -> str | None:
    """The topic of the article that the answer was made from; see bot/panel/suggestions."""
    kind, _, made_of = (use.used or "").partition(":")
    if kind != "article" or use.distance > most_changed:
        return None
    return made_of.split("+")[0].partition("/")[2].partition("#")[0] or None


def gathered(found: Iterable[Candidate], known: frozenset[str], rules: HarvestRules) -> list[Candidate]:
    """Nameless, each line once, without those that ``known`` has; by language, then topic, then text.

    Of a line that was met several times the strongest reason stays, the latest of equals.
    """
    best: dict[tuple[str, str], Candidate] = {}
    for raw in found:
        text = nameless(raw.text, rules.digits)
        letters = sum(letter.isalpha() for letter in text)
        each = Candidate(raw.language, text, raw.topics, raw.why, raw.thought)
        if letters < rules.fewest_letters or len(text) > rules.longest or each.key in known:
            continue
        before = best.get((each.language, each.key))
        times = before.times + 1 if before else 1
        kept = each if before is None or RANK.index(each.why) <= RANK.index(before.why) else before
        best[each.language, each.key] = Candidate(kept.language, kept.text, kept.topics, kept.why, kept.thought, times)
    return sorted(best.values(), key=lambda each: (each.language, each.topics or ("",), each.key))
