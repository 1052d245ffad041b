"""Whether a reply says only what stands in an approved article or in a template."""

from __future__ import annotations

import re
from functools import lru_cache

from babel.messages.pofile import read_po

from bot.replies.catalogues import LOCALES, SOURCE_LANGUAGE
from bot.replies.composer import TITLE
from bot.types import (
    ArticleOrigin,
    ConfirmationPart,
    HeadingPart,
    Part,
    PicturePart,
    Reply,
    StepsPart,
    TemplateOrigin,
    TextPart,
)
from indexer.search import Index
from indexer.types import PictureBlock, StepsBlock, TextBlock


@lru_cache
def sentences(template: str, language: str) -> tuple[str, ...]:
    """What the catalogue of a language holds for a template, placeholders as they are."""
    folder = "de" if language == SOURCE_LANGUAGE else language
    with (LOCALES / folder / "LC_MESSAGES" / "plugdesk.po").open("rb") as file:
        entries = [entry for entry in read_po(file, locale=folder) if entry.id]
    here = [entry for entry in entries if any(path.endswith(f"/{template}.txt.j2") for path, _ in entry.locations)]
    return tuple(str(entry.id if language == SOURCE_LANGUAGE else entry.string) for entry in here)


def says(sentence: str, text: str) -> bool:
    """Whether ``text`` is the sentence with something in place of each placeholder."""
    pattern = re.sub(r"%\\?\(\w+\\?\)s", ".+", re.escape(sentence))
    return re.fullmatch(pattern, text) is not None


def grounded(part: Part, index: Index) -> bool:
    """Whether the part stands, word for word, where its origin says."""
    if isinstance(part.origin, TemplateOrigin):
        known = sentences(part.origin.template, part.origin.language)
        if not isinstance(part, TextPart | ConfirmationPart):
            return False
        return all(any(says(sentence, line) for sentence in known) for line in part.text.splitlines())
    article = index.article(part.origin.article, part.origin.language)
    if article and part.origin.section == TITLE:
        return isinstance(part, HeadingPart) and part.text == article.title
    section = article.section(part.origin.section) if article else None
    if section is None:
        return False
    match part:
        case HeadingPart():
            return part.text == section.heading
        case StepsPart():
            blocks = [block.items for block in section.blocks if isinstance(block, StepsBlock)]
            return any(block[part.first - 1 : part.first - 1 + len(part.items)] == part.items for block in blocks)
        case PicturePart():
            return PictureBlock(part.src.rsplit("/", 1)[-1], part.alt) in section.blocks
        case TextPart():
            return TextBlock(part.text) in section.blocks
        case ConfirmationPart():
            return False


def ungrounded(reply: Reply, index: Index) -> list[Part]:
    """The parts of the reply that stand nowhere; none in a reply that may be sent."""
    return [part for part in reply.parts if not grounded(part, index)]


def written(part: Part) -> list[str]:
    """The lines of a part as a channel without layout must show them."""
    if isinstance(part, StepsPart):
        return [f"{number}. {item}" for number, item in enumerate(part.items, start=1)]
    return [f"[{part.alt}]" if isinstance(part, PicturePart) else part.text]


def sections_of(reply: Reply) -> set[str]:
    """The sections that the reply's parts come from."""
    return {part.origin.section for part in reply.parts if isinstance(part.origin, ArticleOrigin)}
