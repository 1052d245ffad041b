"""The figures for the lead: how conversations ended, how people answered, what went unanswered; as a table to take."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from bot.panel.figures.figures import KINDS, Figures, Kind, Period
from bot.panel.figures.outcomes import OUTCOMES, Outcome
from bot.panel.figures.sums import Sums
from bot.panel.values import Agent
from bot.panel.web import charts
from bot.panel.web.access import needs, panel_of
from bot.panel.web.pages import HEADERS, language_for, say_to, show
from bot.panel.web.texts import N_
from bot.panel.web.words import channel_name

FIGURES = "/agent/figures"
NONE = "-"
"""In the address: no messenger."""
LONGEST_VALUE = 64
FIRST_YEAR, LAST_YEAR = 2000, 2200
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets take for the beginning of a formula (OWASP, CSV injection)."""
OUTCOME_NAMES: dict[Outcome, str] = {
    "confirmed": N_("Confirmed"), "assumed": N_("Assumed"), "abandoned": N_("Abandoned"),
    "handed_over": N_("Handed over"), "running": N_("Still going on"), "nothing_asked": N_("Nothing asked"),
    "merged": N_("Merged"),
}  # fmt: skip
KIND_NAMES: dict[Kind, str] = {
    "language": N_("By language"), "vendor": N_("By provider"), "topic": N_("By topic"), "channel": N_("By channel"),
}  # fmt: skip
COLUMNS = (
    "day", "group", "value", "conversations", *OUTCOMES, "came_back", "reopened",
    "first_response_median_s", "first_response_p90_s", "waiting_median_s", "waiting_p90_s",
    "handling_median_s", "handling_p90_s", "target_met", "target_missed", "target_undecided",
    "ratings", "mean_stars", "suggestions_as_is", "suggestions_edited", "mean_distance", "suggestions_ignored",
    "suggestions_none",
)  # fmt: skip
Lead = Annotated[Agent, Depends(needs("lead"))]


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get(FIGURES)
    def page(request: Request, agent: Lead) -> Response:
        figures, tongue = panel_of(request).figures, language_for(request)
        period = period_in(request, figures)
        summary = figures.summary(period)
        return show(
            request,
            "figures",
            period=period,
            total=summary.total,
            rules=figures.rules,
            targets=figures.targets,
            timezone=figures.timezone,
            outcomes=OUTCOME_NAMES,
            kinds=KIND_NAMES,
            days=summary.days,
            groups=summary.groups,
            plot=charts.columns([(_day(day, tongue), _stack(sums)) for day, sums in summary.days.items()]),
            bar=lambda sums: charts.row(_stack(sums)),
            unanswered=summary.unanswered,
            filters=_options(request, period),
            chosen=_chosen(period),
            csv=f"{FIGURES}.csv?{urlencode(_address(period))}",
            name_of=lambda kind, value: _name(request, kind, value),
            link=lambda conversation: f"/agent/c/{quote(conversation, safe='')}",
            day=lambda at: _day(at, tongue),
            number=lambda value: "–" if value is None else format_decimal(round(value, 2), locale=tongue),
            percent=lambda value: "–" if value is None else format_percent(value, locale=tongue),
            lasting=_lasting,
        )

    @routes.get(f"{FIGURES}.csv")
    def table(request: Request, agent: Lead) -> Response:
        figures = panel_of(request).figures
        period = period_in(request, figures)
        name = f"figures-{period.first}-{period.last}.csv"
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(_lines(figures, period), media_type="text/csv; charset=utf-8", headers=HEADERS | told)

    return routes


def period_in(request: Request, figures: Figures) -> Period:
    """What the address asks for; a day that there is not is as if it were not there."""
    given = {name: _clean(request.query_params.get(name, "")) or None for name in KINDS}
    first, last = figures.period(_date(request, "from"), _date(request, "to"))
    channel = "" if given["channel"] == NONE else given["channel"]
    return Period(first, last, given["language"], given["vendor"], channel, given["topic"])


def safe(cell: str) -> str:
    """The text as a spreadsheet shows it and never runs it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _lines(figures: Figures, period: Period) -> Iterator[bytes]:
    # The mark tells spreadsheets that it is UTF-8.
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    for day, kind, value, sums in figures.by_day(period):
        yield _line((str(day), kind, safe(value), *_cells(sums)))


def _cells(sums: Sums) -> Iterator[str]:
    numbers: list[float | None] = [sums.conversations, *(sums.outcome(each) for each in OUTCOMES)]
    numbers += [sums.came_back, sums.reopened]
    for times in (sums.responses, sums.waits, sums.handled):
        numbers += [times.median_s, times.p90_s]
    numbers += [sums.targets["met"], sums.targets["missed"], sums.targets["undecided"], sums.rated, sums.mean_stars]
    numbers += [sums.as_is, sums.edited, sums.mean_distance, sums.ignored, sums.none_offered]
    return ("" if number is None else f"{number:g}" if number < 1e6 else f"{number:.0f}" for number in numbers)


def _line(cells: tuple[str, ...]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()


def _date(request: Request, name: str) -> date | None:
    try:
        found = date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _clean(value: str) -> str:
    return "".join(char for char in value if char.isprintable())[:LONGEST_VALUE].strip()


def _chosen(period: Period) -> dict[str, str]:
    given = {kind: getattr(period, kind) for kind in KINDS}
    return {kind: value or NONE for kind, value in given.items() if value is not None}


def _address(period: Period) -> dict[str, str]:
    return {"from": str(period.first), "to": str(period.last), **_chosen(period)}


def _options(request: Request, period: Period) -> dict[Kind, dict[str, str]]:
    offered = panel_of(request).figures.offered()
    values: Mapping[Kind, tuple[str, ...]] = {
        "language": offered.languages, "vendor": offered.vendors, "topic": offered.topics, "channel": offered.channels,
    }  # fmt: skip
    found: dict[Kind, dict[str, str]] = {
        kind: {value or NONE: _name(request, kind, value) for value in several} for kind, several in values.items()
    }
    # What the address asks for is shown even where there is nothing of it any more.
    for kind in KINDS:
        chosen = getattr(period, kind)
        if chosen is not None:
            found[kind].setdefault(chosen or NONE, _name(request, kind, chosen))
    return found


def _name(request: Request, kind: Kind, value: str) -> str:
    """What people call it; empty where it is not known."""
    index, tongue = panel_of(request).conversations.knowledge.current(), language_for(request)
    if kind == "language":
        return Locale(tongue).languages.get(value) or value
    if kind == "vendor":
        return index.vendors[value].name if value in index.vendors else value
    if kind == "topic" and value in index.contents.topics:
        return index.readable_article(value, tongue).title
    if kind == "channel":
        return channel_name(value, say_to(request))
    return value


def _stack(sums: Sums) -> dict[str, int]:
    known: dict[str, int] = {name: sums.outcome(name) for name in OUTCOMES[:4]}
    return {**known, "rest": sums.conversations - sum(known.values())}


def _day(day: date, tongue: str) -> str:
    return format_date(day, "short", locale=tongue)


def _lasting(seconds: float | None) -> str:
    """Hours, minutes and seconds."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
