"""Whether a reply says only what its origins give: articles word for word, templates with values that somebody gave.

A part of an article must stand in that section of the knowledge base, and the section must apply to the driver. A
template must be a sentence of the catalogue, and each value in it must have been read, said, or be a fact of the
knowledge base; a number in a sentence that a tool feeds must stem from what was read in the same turn. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from babel.lists import format_list
from babel.messages.pofile import read_po

from bot.replies.catalogues import LOCALES, SOURCE_LANGUAGE
from bot.replies.composer import TITLE
from bot.types import (
    ArticleOrigin,
    ConfirmationPart,
    HeadingPart,
    Part,
    PersonOrigin,
    PicturePart,
    Reply,
    StepsPart,
    TemplateOrigin,
    TextPart,
)
from indexer.types import Article, PictureBlock, Section, StepsBlock, TextBlock

Articles = Callable[[str, str], Article | None]
"""The approved article of a topic in a language."""
PLACEHOLDER = re.compile(r"%\\?\((\w+)\\?\)s")
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Known:
    """What may stand in the place of a template's values, written in the reply's language.

    ``read``: what source systems said in this turn, with the facts of vendors that it is compared with and the times
    of reading; ``told``: everything else that the conversation or the knowledge base holds.
    """

    read: frozenset[str]
    told: frozenset[str]
    vendor: str | None
    """The driver's, as the bot knows it; None: it does not."""
    country: str | None


@dataclass(frozen=True)
class Finding:
    """A part that its origin does not give, and why."""

    part: Part
    why: str


@lru_cache
def sentences(template: str, language: str) -> tuple[str, ...]:
    """What the catalogue of a language holds for a template, placeholders as they are."""
    return _catalogue(language).get(template, ())


@cache
def _catalogue(language: str) -> dict[str, tuple[str, ...]]:
    # English stands in the templates themselves; any catalogue names them.
    folder = "de" if language == SOURCE_LANGUAGE else language
    with (LOCALES / folder / "LC_MESSAGES" / "plugdesk.po").open("rb") as file:
        entries = [entry for entry in read_po(file, locale=folder) if entry.id]
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        text = str(entry.id if language == SOURCE_LANGUAGE else entry.string)
        for path, _ in entry.locations:
            template = path.partition("templates/")[2].removesuffix(".txt.j2")
            found[template] = (*found.get(template, ()), text)
    return found


def values_in(sentence: str, text: str) -> dict[str, str] | None:
    """What stands in place of each placeholder where ``text`` is the sentence; None where it is another one."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        if found[1] in seen:
            return f"(?P={found[1]})"
        seen.add(found[1])
        return f"(?P<{found[1]}>.+)"

    pattern = PLACEHOLDER.sub(group, re.escape(sentence.replace("%%", "%")))
    found = re.fullmatch(pattern, text)
    return found.groupdict() if found else None


def ungrounded(reply: Reply, articles: Articles, known: Known | None = None) -> list[Finding]:
    """The parts of the reply that stand nowhere; none in a reply that may be sent. ``known``: None asks for words
    alone, whatever stands in place of a template's values."""
    return [Finding(part, why) for part in reply.parts if (why := _why_not(part, articles, known))]


def _why_not(part: Part, articles: Articles, known: Known | None) -> str | None:
    match part.origin:
        case PersonOrigin():
            return None
        case TemplateOrigin():
            return _of_template(part, part.origin, known)
        case _:
            return _of_article(part, part.origin, articles, known)


def _of_template(part: Part, origin: TemplateOrigin, known: Known | None) -> str | None:
    if not isinstance(part, TextPart | ConfirmationPart):
        return "a template gives text alone"
    for line in part.text.splitlines():
        readings = [values_in(sentence, line) for sentence in sentences(origin.template, origin.language)]
        fitting = [each for each in readings if each is not None]
        if not fitting:
            return f"it is no sentence of {origin.template}"
        strange = [_strange(values, bool(origin.tools), known, origin.language) for values in fitting]
        if all(strange):
            return f"nobody gave {strange[0]}"
    return None


def _strange(values: dict[str, str], fed: bool, known: Known | None, language: str) -> str | None:
    """The first value that nobody gave."""
    if known is None:
        return None
    for value in values.values():
        given = known.read if fed and DIGIT.search(value) else known.read | known.told
        if not _given(value, given, language):
            return value
    return None


def _given(value: str, given: frozenset[str], language: str) -> bool:
    """Whether it is one of those, or a list of them as the language writes lists."""
    return value in given or all(each in given for each in _glue(language).split(value))


@cache
def _glue(language: str) -> re.Pattern[str]:
    """What stands between the items of a list, in any of the ways of the language."""
    words: set[str] = set()
    for style in ("standard", "or"):
        two, three = format_list(["\0", "\0"], style, language), format_list(["\0", "\0", "\0"], style, language)
        words |= set(filter(None, [*two.split("\0"), *three.split("\0")]))
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _of_article(part: Part, origin: ArticleOrigin, articles: Articles, known: Known | None) -> str | None:
    article = articles(origin.article, origin.language)
    if article and origin.section == TITLE:
        titled = isinstance(part, HeadingPart) and part.text == article.title
        return None if titled else "it is not the article’s title"
    section = article.section(origin.section) if article else None
    if section is None:
        return "there is no such section"
    if known and section.vendor not in (None, known.vendor) and known.vendor is not None:
        return f"the section is for drivers of {section.vendor}"
    if known and section.country not in (None, known.country):
        return f"the section is for {section.country}"
    return None if _stands_in(part, section) else "the section does not say that"


def _stands_in(part: Part, section: Section) -> bool:
    match part:
        case HeadingPart():
            return part.text == section.heading
        case StepsPart():
            return any(_holds(block.items, part) for block in section.blocks if isinstance(block, StepsBlock))
        case PicturePart():
            return PictureBlock(part.src.rsplit("/", 1)[-1], part.alt) in section.blocks
        case TextPart():
            return TextBlock(part.text) in section.blocks
        case ConfirmationPart():
            return False


def _holds(items: Sequence[str], part: StepsPart) -> bool:
    return tuple(items[part.first - 1 : part.first - 1 + len(part.items)]) == part.items
