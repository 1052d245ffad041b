"""Writes replies: parts of articles and templates, each with its origin, in the driver's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from babel.dates import format_date

from bot.dialogue.steps import Said, TopicTitle
from bot.replies.catalogues import Templates
from bot.replies.plan import ArticleItem, ButtonItem, CardItem, Line, Plan, StepItem
from bot.replies.sections import applicable, asked_about, shown_sections, steps_of, vendors_to_ask_for
from bot.replies.values import written
from bot.state import ConversationState
from bot.types import (
    ArticleOrigin,
    Choice,
    ConfirmationPart,
    Decision,
    HeadingPart,
    Part,
    PicturePart,
    QuickReply,
    Reply,
    Source,
    StepsPart,
    TemplateOrigin,
    TextPart,
)
from bot.understanding.locale import writing_locale
from indexer.articles import STEPS
from indexer.search import Index
from indexer.types import Article, PictureBlock, Section, StepsBlock

TITLE = "title"
"""Names an article's title where a section is named."""
PERSON_TOPIC = "contact-support"
PEOPLE = ("person/", "choose/help_costs")
PICTURES = "/pictures"


@dataclass(frozen=True)
class Setting:
    """What a reply is written for: the driver's language, what is known of them, the index that serves."""

    language: str
    state: ConversationState
    index: Index
    now: datetime
    passages: tuple[str, ...] = ()
    """Keys of the passages that were nearest to the driver's message."""


class Composer:
    """Writes a plan in a language. Every sentence comes from an article, a template or a tool's result."""

    def __init__(self, templates: Templates, timezone: str) -> None:
        """``timezone``: IANA name; times are told in it where the client does not say its own."""
        self._templates, self._timezone = templates, timezone

    def compose(self, reply_id: str, plan: Plan, decision: Decision, setting: Setting) -> Reply:
        """The reply; ``setting.state`` is the conversation's after everything else of the turn."""
        parts: list[Part] = []
        buttons: list[QuickReply] = []
        sources: list[Source] = []
        for item in plan.items:
            match item:
                case ArticleItem():
                    self._add_article(item, setting, parts, buttons, sources)
                case StepItem():
                    self._add_step(item, setting, parts, sources)
                case Line():
                    parts += self._line(item, setting)
                case CardItem():
                    parts += self._card(item, setting)
                case ButtonItem():
                    buttons.append(self._button(item, setting))
        if not plan.urgent and not _about_people(plan) and decision.kind != "thanks":
            buttons.append(self._button(ButtonItem(Choice(kind="command", value="person"), "person"), setting))
        shown = tuple(dict.fromkeys(buttons))
        return Reply(
            id=reply_id,
            language=setting.language,
            decision=_outside(decision),
            topic=decision.topics[0] if decision.kind == "answer" else None,
            confidence=round(decision.confidence, 4),
            parts=tuple(parts),
            quick_replies=shown,
            sources=tuple(sources),
            text=self._templates.page("plain", setting.language, parts=parts, quick_replies=shown, sources=sources),
            expects=plan.expects,
            urgent=plan.urgent,
        )

    def _add_article(
        self,
        item: ArticleItem,
        setting: Setting,
        parts: list[Part],
        buttons: list[QuickReply],
        sources: list[Source],
    ) -> None:
        state, index = setting.state, setting.index
        article = index.readable_article(item.topic, setting.language, state.article_language)
        vendor, country = state.vendor, state.context.country
        if item.sections is None:
            sections = shown_sections(article, vendor, country, asked_about(article.id, setting.passages))
        else:
            sections = tuple(
                section for section in article.sections
                if section.id in item.sections and applicable(section, vendor, country)
            ) or shown_sections(article, vendor, country, ())  # fmt: skip
        parts += self._notice(article, setting)
        if item.headed:
            origin = ArticleOrigin(article=article.id, language=article.language, section=TITLE)
            parts.append(HeadingPart(text=article.title, origin=origin))
        parts += [part for section in sections for part in parts_of(article, section)]
        asked = vendors_to_ask_for(article, vendor, country) if item.sections is None else ()
        if asked:
            parts += self._line(Line("which_vendor"), setting)
        buttons += [self._button(ButtonItem(Choice(kind="vendor", value=each)), setting) for each in asked]
        buttons += _other_languages(article, setting)
        sources.append(_source(article, sections, setting.language))

    def _add_step(self, item: StepItem, setting: Setting, parts: list[Part], sources: list[Source]) -> None:
        article = setting.index.readable_article(item.topic, setting.language, setting.state.article_language)
        section, steps = steps_of(article, setting.state.vendor, setting.state.context.country)
        if item.number == 1:
            parts += self._notice(article, setting)
            sources.append(_source(article, (section,), setting.language))
        origin = ArticleOrigin(article=article.id, language=article.language, section=section.id)
        parts.append(StepsPart(items=(steps[item.number - 1],), first=item.number, origin=origin))

    def _line(self, line: Line, setting: Setting) -> list[Part]:
        origin = TemplateOrigin(template=line.template, language=setting.language, tools=line.tools)
        return [TextPart(text=text, origin=origin) for text in self._paragraphs(line.template, line.values, setting)]

    def _card(self, card: CardItem, setting: Setting) -> list[Part]:
        template = f"confirm/{card.action}"
        origin = TemplateOrigin(template=template, language=setting.language)
        return [
            ConfirmationPart(
                text="\n".join(self._paragraphs(template, card.values, setting)),
                proposal=card.proposal,
                action=card.action,
                expires_at=card.expires_at,
                origin=origin,
            )
        ]

    def _paragraphs(self, template: str, values: Mapping[str, Said], setting: Setting) -> list[str]:
        timezone = setting.state.context.timezone or self._timezone
        written = {name: self._written(value, setting, timezone) for name, value in values.items()}
        return self._templates.paragraphs(template, setting.language, **written)

    def _written(self, value: Said, setting: Setting, timezone: str) -> object:
        if isinstance(value, TopicTitle):
            article = setting.index.readable_article(value.topic, setting.language, setting.state.article_language)
            return article.title
        return written(value, writing_locale(setting.state.context.locale, setting.language), timezone, setting.now)

    def _button(self, item: ButtonItem, setting: Setting) -> QuickReply:
        choice = item.choice
        if item.label is not None:
            label = self._templates.page(item.label, setting.language)
        elif choice.kind == "vendor":
            label = setting.index.vendors[choice.value].name
        else:
            article = setting.index.readable_article(choice.value, setting.language, setting.state.article_language)
            label = article.title
        return QuickReply(label=label, choice=choice)

    def _notice(self, article: Article, setting: Setting) -> list[Part]:
        """Says openly that the article is in another language than the driver's."""
        if article.language == setting.language:
            return []
        name = setting.index.languages[article.language].name
        return self._line(Line("other_language", {"language_name": name}), setting)


def _about_people(plan: Plan) -> bool:
    """Whether the reply offers or calls a person already, so that no button for it is needed."""
    return any(
        (isinstance(item, Line) and item.template.startswith(PEOPLE))
        or (isinstance(item, ArticleItem) and item.topic == PERSON_TOPIC)
        or (isinstance(item, ButtonItem) and item.choice.value in ("person", PERSON_TOPIC))
        for item in plan.items
    )


def _outside(decision: Decision) -> Literal["answer", "choices", "none"]:
    """What clients are told: every kind that answers or goes on is an answer."""
    if decision.kind == "choices":
        return "choices"
    return "none" if decision.kind in ("none", "greeting", "thanks", "unreadable") else "answer"


def parts_of(article: Article, section: Section) -> Iterable[Part]:
    """A section as drivers read it, each part with its origin."""
    origin = ArticleOrigin(article=article.id, language=article.language, section=section.id)
    if section.heading and section.id != STEPS:
        yield HeadingPart(text=section.heading, origin=origin)
    for block in section.blocks:
        match block:
            case StepsBlock():
                yield StepsPart(items=block.items, origin=origin)
            case PictureBlock():
                yield PicturePart(src=f"{PICTURES}/{block.name}", alt=block.alt, origin=origin)
            case _:
                yield TextPart(text=block.text, origin=origin)


def _other_languages(article: Article, setting: Setting) -> list[QuickReply]:
    """The other languages that the driver may read the article in."""
    if article.language == setting.language:
        return []
    languages = setting.index.languages
    others = [each for each in languages[setting.language].read if each != article.language]
    return [QuickReply(label=languages[each].name, choice=Choice(kind="language", value=each)) for each in others]


def _source(article: Article, sections: Sequence[Section], language: str) -> Source:
    return Source(
        article=article.id,
        title=article.title,
        language=article.language,
        sections=tuple(section.id for section in sections),
        updated=format_date(article.updated, format="medium", locale=language),
    )
