"""Suggests replies: what the bot would say, cut to what a person would, and the articles that come next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import Conversations
from bot.panel.canned import CannedReplies, blanks_of, filled
from bot.panel.suggestions.values import Likelihood, Looked, Suggestion
from bot.panel.values import PanelLanguage
from bot.rehearsal import Rehearsal, rehearse
from bot.replies.catalogues import Templates
from bot.replies.plan import ArticleItem, Line, Plan, PlanItem, StepItem
from bot.spoken import spoken
from bot.types import Decision, Reply

RULES_FILE = Path(__file__).with_name("suggestions.yaml")
PLAIN = "plain"


class SuggestionRules(BaseModel):
    """The rules of suggestions.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: int = Field(ge=1)
    article_at: float = Field(ge=0, le=1)
    beside_at: float = Field(ge=0, le=1)
    high_at: float = Field(ge=0, le=1)
    fair_at: float = Field(ge=0, le=1)
    not_for_people: tuple[str, ...]

    def likelihood(self, confidence: float) -> Likelihood:
        """A probability in a word."""
        return "high" if confidence >= self.high_at else "fair" if confidence >= self.fair_at else "low"

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> SuggestionRules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Suggested:
    """What is suggested for the driver's message of that number; empty rather than wrong."""

    number: int | None = None
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class Suggester:
    """Safe to use from several threads."""

    talks: Conversations
    templates: Templates
    rules: SuggestionRules
    canned: CannedReplies = field(default_factory=CannedReplies)

    def suggest(self, conversation: str, language: PanelLanguage, name: str = "") -> Suggested:
        """At most ``rules.most`` replies to what the driver wrote last, best first.

        ``language`` and ``name`` are the agent's.

        Raises:
            UnknownConversation: when there is no such conversation.
        """
        rehearsal = rehearse(self.talks, conversation)
        if rehearsal is None:
            return Suggested()
        told = [reply for event in self.talks.events(conversation) if (reply := spoken(event))]
        texts = {self._plain(reply) for reply in told}
        articles = {source.article for reply in told for source in reply.sources}
        found = [
            each for items, confidence in self._candidates(rehearsal)
            if (each := self._written(items, confidence, rehearsal, language)).text not in texts
            and not (each.kind == "article" and articles.issuperset(source.article for source in each.sources))
        ]  # fmt: skip
        if not found:
            found = [each for each in self._canned(rehearsal, language, name) if each.text not in texts]
        return Suggested(rehearsal.number, tuple(found[: self.rules.most]))

    def _canned(self, rehearsal: Rehearsal, language: PanelLanguage, name: str) -> Iterable[Suggestion]:
        """What is usually said to a greeting, or to thanks."""
        setting, decision = rehearsal.setting, rehearsal.decision
        reply = self.canned.answering(decision.kind)
        if reply and (ready := filled(reply, blanks_of(setting.state, name), setting.language, language)):
            yield Suggestion(
                id=f"canned:{ready.name}",
                kind="canned",
                text=ready.text,
                language=ready.language,
                readable=ready.readable,
                readable_language=language,
                topic=None,
                confidence=round(decision.confidence, 4),
                likelihood=self.rules.likelihood(decision.confidence),
            )

    def _candidates(self, rehearsal: Rehearsal) -> Iterable[tuple[tuple[PlanItem, ...], float]]:
        """What may be said, best first, with how likely it is what the driver asks for."""
        kept = tuple(item for item in rehearsal.plan.items if self._for_people(item))
        sure = rehearsal.decision.kind not in ("choices", "none", "greeting", "thanks", "unreadable")
        if sure and any(isinstance(item, Line | StepItem) for item in kept):
            yield kept, rehearsal.decision.confidence
        if rehearsal.plan.urgent:
            return
        shown = [item.topic for item in kept if isinstance(item, ArticleItem)]
        if sure and shown and len(shown) == len(kept):
            yield kept, rehearsal.decision.confidence
        likely = [topic for topic in rehearsal.heard.topics if topic.id not in shown]
        for place, topic in enumerate(likely):
            if topic.score >= (self.rules.beside_at if shown or place else self.rules.article_at):
                shown.append(topic.id)
                yield (ArticleItem(topic.id),), topic.score

    def _for_people(self, item: PlanItem) -> bool:
        match item:
            case Line(template=template):
                return not template.startswith(self.rules.not_for_people)
            case ArticleItem() | StepItem():
                return True
            case _:
                return False

    def _written(
        self, items: tuple[PlanItem, ...], confidence: float, rehearsal: Rehearsal, language: str
    ) -> Suggestion:
        drivers, tools = self._composed(items, rehearsal, rehearsal.setting.language), _tools(items)
        readable = self._composed(items, rehearsal, language)
        articles = [f"{source.language}/{source.article}" for source in drivers.sources]
        lines = [item.template for item in items if isinstance(item, Line)]
        kind, made_of = ("live", tools or tuple(lines)) if lines else ("article", tuple(articles))
        return Suggestion(
            id=f"{kind}:{'+'.join(made_of or tuple(articles))}",
            kind="live" if lines else "article",
            text=self._plain(drivers),
            language=drivers.language,
            readable=self._plain(readable),
            readable_language=language,
            topic=_topic(items, rehearsal.decision),
            confidence=round(confidence, 4),
            likelihood=self.rules.likelihood(confidence),
            sources=drivers.sources,
            readable_sources=readable.sources,
            tools=tools,
            looked=tuple(_looked(tools, rehearsal)),
            urgent=rehearsal.plan.urgent,
        )

    def _composed(self, items: tuple[PlanItem, ...], rehearsal: Rehearsal, language: str) -> Reply:
        setting = replace(rehearsal.setting, language=language)
        decision = Decision(kind="answer", topics=("suggestion",), confidence=1.0, reason="suggested to an agent")
        return self.talks.composer.compose("suggestion", Plan(items), decision, setting)

    def _plain(self, reply: Reply) -> str:
        return self.templates.page(PLAIN, reply.language, parts=reply.parts, quick_replies=(), sources=())


def _tools(items: Iterable[PlanItem]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tool for item in items if isinstance(item, Line) for tool in item.tools))


def _looked(tools: Iterable[str], rehearsal: Rehearsal) -> Iterable[Looked]:
    readings = rehearsal.setting.state.readings
    for tool in tools:
        if (read := readings.get(tool)) is not None:
            arguments = tuple(read.arguments.values())
            yield Looked(tool=read.tool, arguments=arguments, outcome=read.outcome, value=read.value)


def _topic(items: Iterable[PlanItem], decision: Decision) -> str | None:
    """The topic of the first article, or else what was decided to answer."""
    articles = (item.topic for item in items if isinstance(item, ArticleItem | StepItem))
    return next(articles, decision.topics[0] if decision.topics else None)
