"""Renders pages and their fragments, and answers forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from babel.numbers import format_percent
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.channels.problems import problem
from bot.panel.values import PANEL_LANGUAGES, PanelLanguage
from bot.panel.web import cookies, words
from bot.panel.web.access import FRAGMENT, is_fetched, panel_of, visit_of
from bot.panel.web.codes import code_name
from bot.panel.web.navigation import ENTRIES
from bot.panel.web.static import address
from bot.panel.web.texts import Say, say_in, translations
from bot.replies.catalogues import CompiledOnce
from bot.understanding.locale import negotiated

NoticeKind = Literal["done", "failed"]
THEMES = ("auto", "light", "dark")
HEADERS = {"Cache-Control": "no-store"}
"""Pages hold what drivers wrote; what is kept nowhere cannot be found on a shared machine."""
NAMES = {language: Locale(language).get_display_name(language) or language for language in PANEL_LANGUAGES}


class Pages:
    """The templates in every language of the panel.

    A fragment is a block of its template that holds one element, ``{% block cases %}<section data-fragment="cases">``:
    it can be rendered alone, so a block imports the macros that it uses itself.
    """

    def __init__(self, timezone: str) -> None:
        """``timezone``: IANA name of the zone in which times are told."""
        self._zone = ZoneInfo(timezone)
        self._compiled = CompiledOnce()
        self._environments: dict[str, Environment] = {
            language: self._environment(language) for language in PANEL_LANGUAGES
        }

    def render(self, template: str, language: str, fragment: str | None, values: Mapping[str, object]) -> str:
        """A page, or the fragment of that name where the template has it."""
        found = self._environments[language].get_template(f"{template}.html.j2")
        if fragment in found.blocks:
            return "".join(found.blocks[fragment](found.new_context(dict(values)))).strip()
        return found.render(values)

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=PackageLoader("bot.panel.web"),
            extensions=["jinja2.ext.i18n"],
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=self._compiled,
        )
        environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
        say = say_in(language)
        environment.globals |= {
            "slot_name": lambda slot: words.slot_name(slot, say),
            "code_name": lambda code: code_name(code, say),
            "dangers": lambda hazards: words.dangers(hazards, say),
            "channel_name": lambda channel: words.channel_name(channel, say),
            "language_name": lambda code: Locale.parse(language).languages.get(code, code),
        }
        environment.globals |= {"stages": words.STAGE_NAMES, "decisions": words.DECISIONS}
        environment.globals |= {"static": address, "languages": NAMES, "themes": THEMES}
        environment.filters |= {
            "moment": lambda at: self._moment(at, language, "short"),
            "exact": lambda at: self._moment(at, language, "medium"),
            "day": lambda day: _day(day, language),
            "span": lambda time: _span(time, language),
            "share": lambda value: format_percent(value, locale=language),
            "clock": lambda at: format_time(at.astimezone(self._zone), "short", locale=language),
        }
        return environment

    def _moment(self, at: datetime, language: str, time: Literal["short", "medium"]) -> str:
        """Date and time of day; only logs tell seconds."""
        local = at.astimezone(self._zone)
        both = str(get_datetime_format("medium", locale=Locale.parse(language)))
        return both.format(format_time(local, time, locale=language), format_date(local, "medium", locale=language))


def _day(written: str, language: str) -> str:
    """An ISO date as people write it; what a help desk wrote in another way as it is."""
    try:
        return format_date(date.fromisoformat(written), "medium", locale=language)
    except ValueError:
        return written


def _span(time: timedelta, language: str) -> str:
    """A duration to the minute, such as ``12 min``."""
    return format_timedelta(time, granularity="minute", threshold=1.5, format="short", locale=language)


def language_for(request: Request) -> PanelLanguage:
    """The agent's language, or where nobody is signed in the one that the browser asks for."""
    agent = visit_of(request).agent
    if agent is not None:
        return agent.language
    return cast(PanelLanguage, negotiated(request.headers.get("accept-language", ""), PANEL_LANGUAGES))


def say_to(request: Request) -> Say:
    """What says texts in the language of whoever asks."""
    return say_in(language_for(request))


def vendor_names(request: Request) -> dict[str, str]:
    """The names of the providers, by their ids."""
    return {id: vendor.name for id, vendor in panel_of(request).conversations.knowledge.current().vendors.items()}


def show(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page, or the fragment of it that the script asks for.

    Besides ``values``, templates know ``agent`` (None on pages for anybody), ``csrf`` for forms, ``path``,
    ``tongue``, ``theme``, ``vendors`` by name, ``entries`` of the menu, and ``notice``.
    """
    visit, language, fragment = visit_of(request), language_for(request), request.headers.get(FRAGMENT)
    secret = visit.secret or cookies.form_secret()
    say, vendors = say_in(language), vendor_names(request)
    notice = {} if fragment else cookies.unpacked(cookies.read("notice", request))
    around = {
        "agent": visit.agent,
        "csrf": cookies.csrf_of(secret),
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "tongue": language,
        "vendors": vendors,
        "slot_value": lambda slot, value: words.slot_value(slot, value, say, vendors),
        "looked_up": lambda tool, arguments: words.looked_up(tool, arguments, say, vendors),
        "theme": theme if (theme := cookies.read("theme", request)) in THEMES else "auto",
        "waiting": panel_of(request).cases.waiting() if visit.agent else None,
        "since": visit.since,
        "beat_s": panel_of(request).presence_rules.beat_s,
        "entries": [entry for entry in ENTRIES if visit.agent and visit.agent.may(entry.role)],
        "notice": str(notice.get("text", "")),
        "notice_kind": "failed" if notice.get("kind") == "failed" else "done",
    }
    html = panel_of(request).pages.render(template, language, fragment, around | values)
    response = HTMLResponse(html, status, HEADERS | {"Vary": f"{FRAGMENT}, Accept-Language"})
    if visit.secret is None:
        cookies.write("form", secret, request, response)
    if notice:
        cookies.drop("notice", request, response)
    return response


def done(request: Request, to: str, notice: str = "", kind: NoticeKind = "done") -> Response:
    """What a form that worked is answered with: the page to go on at, and what is said there.

    A browser is sent to it (303, so that a reload posts nothing again); the script is told, and stays where it is if
    ``to`` is the page that it shows.
    """
    if is_fetched(request):
        return JSONResponse({"to": to, "notice": notice, "kind": kind}, headers=HEADERS)
    response = RedirectResponse(to, 303, HEADERS)
    if notice:
        told = cookies.packed({"text": notice[: cookies.LONGEST_NOTICE], "kind": kind})
        cookies.write("notice", told, request, response, cookies.NOTICE_S)
    return response


def refusal(request: Request, status: int, text: str, typed: Sequence[str] = ()) -> Response:
    """What was wrong, as a page for people and as a problem document for the script.

    ``text`` is translated where a catalogue has it; ``typed`` is shown on the page, to be taken along. The script
    leaves it where it was typed.
    """
    said = say_to(request)(text)
    if is_fetched(request):
        return problem(status, said, {**HEADERS, "Content-Language": language_for(request)})
    return show(request, "refused", status, said=said, typed=typed)
