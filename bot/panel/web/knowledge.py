"""The knowledge base for its lead: articles and translations, what is missing, the last check and evaluation."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import quote

from babel.dates import format_date
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.pages import language_for, refusal, show
from bot.panel.web.texts import N_
from bot.replies.composer import parts_of
from bot.replies.sections import applicable, shown_sections
from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.standing import Standing

PAGE = "/agent/knowledge"
NO_ARTICLE = N_("There is no such article in the version that serves.")
STANDINGS = {
    Standing.CURRENT: N_("Current"),
    Standing.OLDER: N_("Older than the English one"),
    Standing.MISSING: N_("Missing"),
    Standing.UNREADABLE: N_("Cannot be read"),
}
Lead = Annotated[Agent, Depends(needs("lead"))]
Name = Annotated[str, Path(max_length=64)]
Given = Annotated[str, Query(max_length=32)]


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix=PAGE)

    @routes.get("")
    def page(request: Request, agent: Lead) -> Response:
        panel, tongue = panel_of(request), language_for(request)
        index, library = panel.conversations.knowledge.current(), panel.librarian.look()

        def title(topic: str, language: str) -> str:
            return index.readable_article(topic, language).title if topic in index.contents.topics else topic

        return show(
            request,
            "knowledge",
            library=library,
            report=panel.gaps.find(),
            most=panel.gaps.rules.most_on_page,
            title_of=title,
            languages_of_articles=ARTICLE_LANGUAGES,
            standings=STANDINGS,
            link=lambda conversation: f"/agent/c/{quote(conversation, safe='')}",
            there=lambda topic, language: index.article(topic, language) is not None,
            day=lambda at: _day(at, tongue),
        )

    @routes.get("/{topic}/{language}")
    def article(
        request: Request, agent: Lead, topic: Name, language: Name, vendor: Given = "", country: Given = ""
    ) -> Response:
        index, tongue = panel_of(request).conversations.knowledge.current(), language_for(request)
        found = index.article(topic, language)
        if found is None:
            return refusal(request, 404, NO_ARTICLE)
        offered = {
            "vendor": sorted({each.vendor for each in found.sections if each.vendor}),
            "country": sorted({each.country for each in found.sections if each.country}),
        }
        chosen = {
            name: value if value in offered[name] else None
            for name, value in (("vendor", vendor), ("country", country))
        }
        always = shown_sections(found, chosen["vendor"], chosen["country"], ())
        asked = [
            each
            for each in found.sections
            if each not in always and applicable(each, chosen["vendor"], chosen["country"])
        ]
        return show(
            request,
            "article",
            article=found,
            always=[list(parts_of(found, each)) for each in always],
            asked=[list(parts_of(found, each)) for each in asked],
            others=[each for each in ARTICLE_LANGUAGES if index.article(topic, each) is not None],
            offered=offered,
            chosen=chosen,
            vendors={id: each.name for id, each in index.vendors.items()},
            day=lambda at: _day(at, tongue),
        )

    return routes


def _day(day: date | None, tongue: str) -> str:
    return format_date(day, "short", locale=tongue) if day else "–"
