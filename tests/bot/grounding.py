"""What a reply shows, as tests compare it."""

from __future__ import annotations

from bot.types import ArticleOrigin, Part, PicturePart, Reply, StepsPart


def written(part: Part) -> list[str]:
    """The lines of a part as a channel without layout must show them."""
    if isinstance(part, StepsPart):
        return [f"{number}. {item}" for number, item in enumerate(part.items, start=1)]
    return [f"[{part.alt}]" if isinstance(part, PicturePart) else part.text]


def sections_of(reply: Reply) -> set[str]:
    """The sections that the reply's parts come from."""
    return {part.origin.section for part in reply.parts if isinstance(part.origin, ArticleOrigin)}
