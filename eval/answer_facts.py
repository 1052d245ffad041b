"""Whether a statement holds for a reply, and which facts of other vendors a reply gives away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.events import Acted, Event
from bot.replies.values import written
from bot.state import ConversationState
from bot.tools.values import Money, Refused
from bot.types import ArticleOrigin, PicturePart, Reply, StepsPart, TemplateOrigin
from eval.answer_cases import Kind, Statement
from eval.dialogues import WORKING_DAY
from indexer.facts import filters_for
from indexer.search import Index

CLOCK = re.compile(r"\d\d:\d\d")
NUMBERED = re.compile(r"_\d+$")


@dataclass(frozen=True)
class Given:
    """What a turn gave: everything that was said, what ran, and how things stand afterwards."""

    replies: tuple[Reply, ...]
    events: tuple[Event, ...]
    state: ConversationState

    @property
    def text(self) -> str:
        """All words of the replies."""
        return " ".join(line for reply in self.replies for part in reply.parts for line in _lines(part))


def _lines(part: Any) -> tuple[str, ...]:
    if isinstance(part, StepsPart):
        return part.items
    return (part.alt if isinstance(part, PicturePart) else part.text,)


def plain(text: str) -> str:
    """The text on one line, with ordinary spaces and without marks of emphasis."""
    return " ".join(text.replace("**", "").split())


def stands(value: str, text: str) -> bool:
    """Whether the value stands in the text, not as a part of a longer word or number."""
    return re.search(rf"(?<![\w.,]){re.escape(plain(value))}(?!\w|[.,]\d)", plain(text)) is not None


def holds(statement: Statement, given: Given, index: Index, language: str) -> bool:
    """Whether the statement, or one of its alternatives, is true of what the turn gave."""
    return any(_holds(each, given, index, language) for each in statement.alternatives())


def _holds(statement: Statement, given: Given, index: Index, language: str) -> bool:
    origins = [part.origin for reply in given.replies for part in reply.parts]
    sections = {f"{each.article}#{each.section}" for each in origins if isinstance(each, ArticleOrigin)}
    match statement.kind:
        case Kind.FACT:
            return stands(vendor_fact(statement.what, index.vendors, language), given.text)
        case Kind.MONEY:
            amount, currency = statement.what.split()
            return stands(_money(amount, currency, language), given.text)
        case Kind.TEXT:
            return stands(statement.what, given.text)
        case Kind.ARTICLE:
            return any(source.article == statement.what for reply in given.replies for source in reply.sources)
        case Kind.SECTION:
            return statement.what in sections
        case Kind.STEP:
            return statement.what in set(_steps(given.replies))
        case Kind.SAYS:
            return any(each.template == statement.what for each in origins if isinstance(each, TemplateOrigin))
        case Kind.DOES:
            return statement.what in {_outcome(each) for each in given.events}
        case Kind.ASKS:
            return statement.what == _waits(given.state)
        case Kind.OFFERS:
            offered = [button.choice.value for reply in given.replies for button in reply.quick_replies]
            return any(statement.what in (value, value.partition(":")[0]) for value in offered)
        case Kind.URGENT:
            return any(reply.urgent for reply in given.replies)


def _steps(replies: Iterable[Reply]) -> Iterator[str]:
    for reply in replies:
        for part in reply.parts:
            if isinstance(part, StepsPart) and isinstance(part.origin, ArticleOrigin):
                name = f"{part.origin.article}#{part.origin.section}"
                yield from (f"{name}/{number}" for number in range(part.first, part.first + len(part.items)))


def _outcome(event: Event) -> str:
    acted = event.happening
    if not isinstance(acted, Acted):
        return ""
    outcome = acted.outcome
    return f"{acted.action} {outcome.reason if isinstance(outcome, Refused) else outcome.kind}"


def _waits(state: ConversationState) -> str:
    waiting = state.position.waiting
    if waiting is None:
        return "nothing"
    if waiting.kind == "confirmation":
        return state.proposals[waiting.name].proposal.action
    return NUMBERED.sub("", waiting.name)


def _money(amount: str, currency: str, language: str) -> str:
    return str(written(Money(amount=Decimal(amount), currency=currency), language, "UTC", WORKING_DAY))


def vendor_fact(path: str, vendors: Mapping[str, Any], language: str) -> str:
    """A fact of a vendor as articles write it in that language.

    Raises:
        LookupError: when no vendor has it.
    """
    vendor, *keys = path.split(".")
    value: Any = vendors[vendor].facts
    for key in keys:
        value = value[key]
    return rendered(keys[-1], value, language)


def rendered(name: str, value: Any, language: str) -> str:
    """Which filter fits shows in the value's shape (kb/vendors), and for shares in the name."""
    filters = filters_for(language)
    match value:
        case {"amount": _, "currency": _}:
            return filters["money"](value)
        case {"min": _, "max": _, "unit": _}:
            return filters["span"](value)
        case dict() if language in value:
            return filters["local"](value)
        case list() | tuple():
            return filters["either"](value)
        case str() if CLOCK.fullmatch(value):
            return filters["clock"](value)
        case str() if name.endswith("_percent"):
            return filters["percent"](value)
        case _:
            return str(value)


def distinctive(vendor: Any, language: str) -> dict[str, str]:
    """What only this vendor's drivers may be told, by the path of the fact: whatever is no plain yes or no."""
    found = {}
    for name, value in vendor.facts.items():
        if isinstance(value, bool):
            continue
        by_country = isinstance(value, dict) and all(len(key) == 2 and key.isupper() for key in value)
        for key, each in value.items() if by_country else (("", value),):
            path = f"{vendor.id}.{name}" + (f".{key}" if key else "")
            found[path] = rendered(name, each, language)
    return found


def leaks(given: Given, index: Index, vendor: str, country: str | None, language: str) -> list[str]:
    """What may never be said, in words: another vendor's or country's facts, and anything in another language."""
    wrong = []
    own = set(distinctive(index.vendors[vendor], language).values())
    for other in index.vendors.values():
        for path, value in distinctive(other, language).items():
            here = other.id == vendor and path.rpartition(".")[2] in (country, path.split(".")[1])
            if not here and (value not in own or other.id == vendor) and stands(value, given.text):
                wrong.append(f"gives away {path}: {value}")
    for reply in given.replies:
        if reply.language != language:
            wrong.append(f"is in {reply.language}")
        for part in reply.parts:
            origin = part.origin
            if isinstance(origin, ArticleOrigin | TemplateOrigin) and origin.language != language:
                wrong.append(f"has a part in {origin.language}")
            article = index.article(origin.article, origin.language) if isinstance(origin, ArticleOrigin) else None
            section = article.section(origin.section) if article and isinstance(origin, ArticleOrigin) else None
            if section and section.vendor not in (None, vendor):
                wrong.append(f"shows a section of {section.vendor}: {article.id if article else ''}#{section.id}")
            if section and section.country not in (None, country):
                wrong.append(f"shows a section for {section.country}: {section.id}")
    return list(dict.fromkeys(wrong))
