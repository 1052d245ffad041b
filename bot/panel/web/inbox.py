"""The inbox: who waits, who is with whom, and everything else; and the search over all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from babel import Locale
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from bot.panel.cases.case import Case
from bot.panel.cases.ports import STAGES, VIEWS, Filter, Hit, Place, View
from bot.panel.cases.projector import COUNTS, name_of
from bot.panel.cases.targets import Wait
from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.pages import HEADERS, language_for, say_to, show, vendor_names
from bot.panel.web.texts import N_
from bot.panel.web.words import STAGE_NAMES, channel_name

ON_A_PAGE = 50
MOST_HITS = 30
LONGEST_VALUE = 64
LONGEST_SEARCH = 400
NONE = "-"
"""In the address: no messenger, or nobody."""
PLACE = re.compile(r"([01])_(-?[0-9]{1,12}(?:\.[0-9]{1,9})?)_([0-9]{1,15})")
VIEW_NAMES: dict[View, str] = {
    "waiting": N_("Waiting"), "mine": N_("Mine"), "snoozed": N_("Snoozed"), "closed": N_("Closed"), "all": N_("All"),
}  # fmt: skip
FILTERS = ("language", "vendor", "channel", "stage", "tag", "assigned")
Someone = Annotated[Agent, Depends(needs("agent"))]


@dataclass(frozen=True)
class Row:
    """A case as it is listed."""

    case: Case
    link: str
    wait: Wait | None
    language: str
    """Its name in the agent's language."""
    vendor: str
    topic: str
    """The title of its article in the agent's language."""


@dataclass(frozen=True)
class Option:
    """Something to filter by."""

    value: str
    name: str


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/agent")
    def inbox(request: Request, agent: Someone) -> Response:
        panel, wanted = panel_of(request), wanted_by(request, agent)
        chosen = chosen_in(request)
        page = panel.cases.page(wanted, _place(request.query_params.get("after", "")), ON_A_PAGE)
        return show(
            request,
            "inbox",
            view=wanted.view,
            views=VIEW_NAMES,
            counts=asdict(panel.cases.counts(wanted)),
            rows=[row_of(request, case) for case in page.cases],
            filters=_options(request, agent, chosen),
            chosen=chosen,
            link=lambda **changes: _address({**chosen, "view": wanted.view} | changes),
            further=_address({**chosen, "view": wanted.view, "after": _written(page.next)}) if page.next else "",
            later=bool(request.query_params.get("after")),
            told={"cases": name_of(wanted.view, agent.id), "counts": COUNTS},
        )

    @routes.get("/agent/search")
    def search(request: Request, agent: Someone) -> Response:
        panel, text = panel_of(request), request.query_params.get("q", "")[:LONGEST_SEARCH]
        hits: Sequence[Hit] = panel.cases.search(text, MOST_HITS) if text.strip() else ()
        found = [(hit, row_of(request, hit.case)) for hit in hits]
        return show(request, "search", text=text, found=found, most=MOST_HITS)

    @routes.get("/agent/waiting")
    def waiting(request: Request, agent: Someone) -> Response:
        """How many wait, for the badge."""
        return JSONResponse(asdict(panel_of(request).cases.waiting()), headers=HEADERS)

    return routes


def wanted_by(request: Request, agent: Agent) -> Filter:
    """The filter that the address holds; a view or stage that there is not is as if it were not there."""
    chosen = chosen_in(request)
    view: View = next((each for each in VIEWS if each == request.query_params.get("view")), "waiting")
    stage = next((each for each in STAGES if each == chosen.get("stage")), None)
    channel, keeper = chosen.get("channel"), chosen.get("assigned")
    return Filter(
        view=view,
        me=agent.id,
        language=chosen.get("language"),
        vendor=chosen.get("vendor"),
        channel="" if channel == NONE else channel,
        stage=stage,
        tag=chosen.get("tag"),
        keeper="" if keeper == NONE else keeper,
    )


def chosen_in(request: Request) -> dict[str, str]:
    """What the address filters by."""
    given = {name: _clean(request.query_params.get(name, "")) for name in FILTERS}
    return {name: value for name, value in given.items() if value and (name != "stage" or value in STAGES)}


def row_of(request: Request, case: Case) -> Row:
    """A case as it is listed."""
    panel, tongue = panel_of(request), language_for(request)
    index = panel.conversations.knowledge.current()
    topic = ""
    if case.topic:
        known = case.topic in index.contents.topics
        topic = index.readable_article(case.topic, tongue).title if known else case.topic
    vendor = vendor_names(request).get(case.vendor or "", case.vendor or "")
    link = f"/agent/c/{quote(case.conversation, safe='')}"
    wait = panel.targets.wait(case, panel.clock.now())
    return Row(case, link, wait, _language(case.language, tongue), vendor, topic)


def _options(request: Request, agent: Agent, chosen: Mapping[str, str]) -> dict[str, list[Option]]:
    panel, tongue = panel_of(request), language_for(request)
    choices, vendors, say = panel.cases.choices(), vendor_names(request), say_to(request)
    offered = {
        "language": [Option(each, _language(each, tongue)) for each in choices.languages],
        "vendor": [Option(each, vendors.get(each, each)) for each in choices.vendors],
        "channel": [Option(each or NONE, channel_name(each, say)) for each in choices.channels],
        "stage": [Option(each, say(name)) for each, name in STAGE_NAMES.items()],
        "tag": [Option(each, each) for each in choices.tags],
        "assigned": [Option(NONE, say(N_("Nobody"))), *(Option(each.id, each.name) for each in panel.agents.all())],
    }
    # What the address asks for is shown even where there is nothing of it any more.
    for name, value in chosen.items():
        if value not in {option.value for option in offered[name]}:
            offered[name].append(Option(value, value))
    return offered


def _language(language: str | None, tongue: str) -> str:
    return (Locale(tongue).languages.get(language) or language) if language else ""


def _clean(value: str) -> str:
    return "".join(char for char in value if char.isprintable())[:LONGEST_VALUE].strip()


def _address(parameters: Mapping[str, str | None]) -> str:
    return "/agent?" + urlencode({name: value for name, value in parameters.items() if value})


def _written(place: Place) -> str:
    return f"{place.calm}_{place.rank:.6f}_{place.id}"


def _place(text: str) -> Place | None:
    found = PLACE.fullmatch(text)
    return Place(int(found[1]), float(found[2]), int(found[3])) if found else None
