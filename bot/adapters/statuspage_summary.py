"""The summary of a status page in the Statuspage v2 form, and what it comes to. Pure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.errors import Unavailable
from bot.tools.values import Component, Incident, PlatformStatus

RULES_FILE = Path(__file__).with_name("statuspage.yaml")


class PageRules(BaseModel):
    """statuspage.yaml: how a page's words become ours, and how much of it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicators: tuple[str, ...]
    indicator_of: dict[str, str]
    over: frozenset[str]
    maintenance: dict[str, str | None]
    largest_bytes: int
    most_redirects: int

    @classmethod
    def load(cls) -> PageRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))


class _Named(BaseModel):
    name: str


class _Part(_Named):
    status: str
    group: bool = False
    """A heading over other components; its status only repeats theirs."""


class _Event(_Named):
    """An incident or a scheduled maintenance."""

    status: str
    impact: str = "none"
    updated_at: AwareDatetime | None = None
    components: tuple[_Named, ...] = ()
    """Those that it touches, where the page says so."""


class _Indicator(BaseModel):
    indicator: str


class _Page(BaseModel):
    url: str | None = None


class Summary(BaseModel):
    """/api/v2/summary.json. Fields that nobody needs here are passed over, as the form may grow."""

    page: _Page = _Page()
    status: _Indicator
    components: tuple[_Part, ...]
    incidents: tuple[_Event, ...]
    scheduled_maintenances: tuple[_Event, ...] = ()


def platform_status(
    body: bytes, vendor: str, wanted: tuple[str, ...], address: str, read_at: datetime, rules: PageRules
) -> PlatformStatus:
    """What the summary says of the ``wanted`` components; of all where none is named.

    Those who look at some components only are not told of the others' outages: the indicator is then the worst of
    what is left, for the page's own is about everything. ``address`` stands in where the page gives no usable one.

    Raises:
        Unavailable: when it is no such summary, or lacks a wanted component; nobody knows then how that one is.
    """
    try:
        summary = Summary.model_validate_json(body)
        parts = _parts(summary, wanted)
        happening = [each for each in _events(summary, rules) if _touches(each, wanted)]
        incidents = tuple(Incident.model_validate(each.model_dump(exclude={"components"})) for each in happening)
        components = tuple(Component.model_validate(part.model_dump(exclude={"group"})) for part in parts)
        signs = [rules.indicator_of[each.status] for each in components] + [each.impact for each in incidents]
        worst = max(signs, key=rules.indicators.index, default="none")
        return PlatformStatus.model_validate(
            {
                "vendor": vendor, "indicator": worst if wanted else summary.status.indicator,
                "components": components, "incidents": incidents,
                "page": summary.page.url if is_web_address(summary.page.url) else address, "read_at": read_at,
            }
        )  # fmt: skip
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Unavailable(f"answered no summary of the v2 form ({where}: {first['msg']})") from None


def _parts(summary: Summary, wanted: tuple[str, ...]) -> list[_Part]:
    if not wanted:
        return [part for part in summary.components if not part.group]
    if missing := set(wanted) - {part.name for part in summary.components}:
        named = ", ".join(part.name for part in summary.components)
        raise Unavailable(f"has no component {', '.join(sorted(missing))}, but {named}")
    return [part for part in summary.components if part.name in wanted]


def _events(summary: Summary, rules: PageRules) -> list[_Event]:
    """Everything that is not over."""
    events = [each for each in summary.incidents if each.status not in rules.over]
    for each in summary.scheduled_maintenances:
        if each.status not in rules.maintenance:
            raise Unavailable(f"has a maintenance in an unknown state, {each.status!r}")
        if status := rules.maintenance[each.status]:
            events.append(each.model_copy(update={"status": status, "impact": "maintenance"}))
    return events


def _touches(event: _Event, wanted: tuple[str, ...]) -> bool:
    """Whether it concerns the wanted components; one that names none may concern any."""
    return not wanted or not event.components or any(each.name in wanted for each in event.components)


def is_web_address(url: str | None) -> bool:
    """Whether drivers may be sent there."""
    try:
        parts = urlsplit(url or "")
        port_fits = parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and port_fits
