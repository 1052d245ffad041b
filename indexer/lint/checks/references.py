"""Whether what an article points at is there, and somebody looks after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path, PurePosixPath

from indexer.lint.base import PICTURES, Base, Page
from indexer.lint.rules import Rules
from indexer.lint.types import Found

_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<to>[^)\s]*)[^)]*\)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<to>[^)\s]*)[^)]*\)")


def dead_link(base: Base, _: Rules) -> Iterator[Found]:
    """A related topic or a link into the base that nothing is behind."""
    for page in base.pages:
        if page.front:
            line = page.front_line("related")
            for topic in page.front.related:
                if (page.language, topic) not in base.by_name:
                    yield Found(page.path, line, f"The related topic {topic!r} has no article", "Name one that has.")
                elif topic == page.topic:
                    yield Found(page.path, line, "The article is related to itself", "Name another topic.")
        for each in page.lines:
            for match in _LINK.finditer(each.written):
                if (what := _nowhere(base, page, match["to"])) is not None:
                    yield Found(page.path, each.number, what, "Remove the link; list the topic under related.")


def _nowhere(base: Base, page: Page, target: str) -> str | None:
    """Why a link leads nowhere; None: it leads out of the base, or to something that is there."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
        return None
    path, _, section = target.partition("#")
    there = base.by_name.get((page.language, PurePosixPath(path).stem)) if path else page
    if there is None:
        return f"The link leads to {target!r}, which is no article"
    if section and section not in {each.section.id for each in there.placed}:
        return f"The link leads to {target!r}, which is no section"
    return None


def missing_picture(base: Base, _: Rules) -> Iterator[Found]:
    """A picture that is not in kb/pictures."""
    for page, number, _alt, name in _pictures(base):
        if not (base.folder / PICTURES / name).is_file():
            yield Found(page.path, number, f"The picture {name} is not in kb/pictures", "Add it or correct the name.")


def picture_without_text(base: Base, _: Rules) -> Iterator[Found]:
    """A picture without words for those who cannot see it (WCAG 2.2, 1.1.1), or with its file's name for words."""
    for page, number, alt, name in _pictures(base):
        if not alt.strip() or PurePosixPath(name).stem.casefold() in alt.casefold().replace(" ", "-").split("."):
            yield Found(page.path, number, f"The picture {name} has no text alternative", "Say in words what it shows.")


def _pictures(base: Base) -> Iterator[tuple[Page, int, str, str]]:
    for page in base.pages:
        for line in page.lines:
            for match in _PICTURE.finditer(line.written):
                yield page, line.number, match["alt"], PurePosixPath(match["to"]).name


def unused_picture(base: Base, _: Rules) -> Iterator[Found]:
    """A picture that no article shows."""
    used = {name for _, _, _, name in _pictures(base)}
    for path in sorted((base.folder / PICTURES).glob("*")):
        if path.is_file() and path.name not in used:
            yield Found(Path(PICTURES) / path.name, 1, "No article shows this picture", "Show it, or remove it.")


def overdue_review(base: Base, rules: Rules) -> Iterator[Found]:
    """An article that should have been looked at by now, or that nobody has to look at for very long."""
    longest = timedelta(days=rules.reviews.longest_days)
    for page in base.pages:
        if page.front is None:
            continue
        line, due = page.front_line("review_by"), page.front.review_by
        if due < base.today:
            days = (base.today - due).days
            yield Found(page.path, line, f"Its review was due on {due}, {days} days ago", "Read it; set both dates.")
        elif due - page.front.updated > longest:
            what = f"It need not be looked at before {due}, {(due - page.front.updated).days} days after it was changed"
            yield Found(page.path, line, what, f"Review it within {rules.reviews.longest_days} days.")
        elif page.front.updated > base.today:
            what = f"It was changed on {page.front.updated}, which is still to come"
            yield Found(page.path, page.front_line("updated"), what, "Correct the date.")
