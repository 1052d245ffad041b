"""Composes replies: parts of articles and templates, each with its origin, in the driver's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from babel.dates import format_date

from bot.replies.catalogues import Templates
from bot.replies.sections import asked_about, shown_sections, vendors_to_ask_for
from bot.state import ConversationState
from bot.types import (
    ArticleOrigin,
    Choice,
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
    Understanding,
)
from indexer.articles import STEPS
from indexer.search import Index
from indexer.types import Article, PictureBlock, Section, StepsBlock

PERSON_TOPIC = "contact-support"
PICTURES = "/pictures"


class Composer:
    """Turns a decision into a reply. Every sentence comes from an article or a template."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def compose(
        self, reply_id: str, decision: Decision, heard: Understanding, state: ConversationState, index: Index
    ) -> Reply:
        """The reply to a message; ``state`` is the conversation's after the message was understood."""
        language = heard.language
        parts: list[Part] = []
        buttons: list[QuickReply] = []
        sources: list[Source] = []
        if decision.kind == "answer":
            article = index.readable_article(decision.topics[0], language, state.article_language)
            vendor, country = state.vendor, state.context.country
            found = asked_about(article.id, heard.passages)
            sections = shown_sections(article, vendor, country, found)
            parts += self._notice(article, language, index)
            parts += [part for section in sections for part in _parts(article, section)]
            asked = vendors_to_ask_for(article, vendor, country)
            if asked:
                parts += self._template("which_vendor", language)
            buttons += [_button(index.vendors[each].name, "vendor", each) for each in asked]
            buttons += _other_languages(article, language, index)
            sources.append(_source(article, sections, language))
        else:
            parts += self._template(decision.kind, language)
            for topic in decision.topics:
                title = index.readable_article(topic, language, state.article_language).title
                buttons.append(_button(title, "topic", topic))
        if PERSON_TOPIC not in decision.topics and decision.kind != "thanks":
            buttons.append(_button(self._person(language), "topic", PERSON_TOPIC))
        return Reply(
            id=reply_id,
            language=language,
            decision=decision.kind if decision.kind in ("answer", "choices") else "none",
            topic=decision.topics[0] if decision.kind == "answer" else None,
            confidence=round(decision.confidence, 4),
            parts=tuple(parts),
            quick_replies=tuple(buttons),
            sources=tuple(sources),
            text=self._templates.page("plain", language, parts=parts, quick_replies=buttons, sources=sources),
        )

    def _person(self, language: str) -> str:
        return self._templates.page("person", language)

    def _template(self, name: str, language: str, **values: object) -> list[Part]:
        origin = TemplateOrigin(template=name, language=language)
        return [TextPart(text=text, origin=origin) for text in self._templates.paragraphs(name, language, **values)]

    def _notice(self, article: Article, language: str, index: Index) -> list[Part]:
        """Says openly that the article is in another language than the driver's."""
        if article.language == language:
            return []
        return self._template("other_language", language, language_name=index.languages[article.language].name)


def _parts(article: Article, section: Section) -> Iterable[Part]:
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


def _button(label: str, kind: str, value: str) -> QuickReply:
    return QuickReply(label=label, choice=Choice.model_validate({"kind": kind, "value": value}))


def _other_languages(article: Article, language: str, index: Index) -> list[QuickReply]:
    """The other languages that the speaker of ``language`` may read the article in."""
    if article.language == language:
        return []
    others = [each for each in index.languages[language].read if each != article.language]
    return [_button(index.languages[each].name, "language", each) for each in others]


def _source(article: Article, sections: Sequence[Section], language: str) -> Source:
    return Source(
        article=article.id,
        title=article.title,
        language=article.language,
        sections=tuple(section.id for section in sections),
        updated=format_date(article.updated, format="medium", locale=language),
    )
