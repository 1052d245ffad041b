"""Whether files have the form of docs/writing-articles.md, and nothing is left of how they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.guessing import akin, guessed
from indexer.lint.base import Base
from indexer.lint.rules import Rules
from indexer.lint.types import Found

_LISTED = re.compile(r"(?:vendors|related):")
_HEADING = re.compile(r"^##\s*(?:\{#[^}]*\})?\s*$")


def form(base: Base, _: Rules) -> Iterator[Found]:
    """What would keep the index from being built."""
    for problem in base.problems:
        yield Found(problem.path.relative_to(base.folder), problem.line, problem.what, problem.remedy)


def broken_template(base: Base, _: Rules) -> Iterator[Found]:
    """An expression that cannot be rendered: the fact has no such name, or the filter does not fit."""
    for page in base.pages:
        for line, what, remedy in page.unrendered:
            yield Found(page.path, line, what, remedy)


def leftover_markup(base: Base, rules: Rules) -> Iterator[Found]:
    """Tags, shortcodes, entities, unfinished notes and half an emphasis, which readers would see."""
    for page in base.pages:
        broken = {line for line, _, _ in page.unrendered}
        written = enumerate(page.front_text.split("\n"), start=2)
        front = [(number, text) for number, text in written if not _LISTED.match(text)]
        shown = [(line.number, _without_emphasis(line.shown)) for line in page.lines if line.number not in broken]
        for number, text in front + shown:
            found = next((match for pattern in rules.leftover if (match := pattern.search(_without_id(text)))), None)
            if found:
                yield Found(page.path, number, f"Readers would see {found[0].strip()!r}", "Remove it or finish it.")


def _without_id(line: str) -> str:
    """The line without the marks that a heading has, which readers do not see."""
    return re.sub(r"^##\s+|\{#[^}]*\}", "", line)


def _without_emphasis(line: str) -> str:
    return re.sub(r"\*\*(\S(?:.*?\S)?)\*\*", r"\1", line)


def empty_section(base: Base, _: Rules) -> Iterator[Found]:
    """A heading with nothing below it, or an article that begins with one."""
    for page in base.pages:
        for placed in page.placed:
            if not placed.section.blocks:
                name = placed.section.id or placed.section.heading
                yield Found(page.path, placed.line, f"The section {name!r} is empty", "Write it or remove its heading.")


def empty_heading(base: Base, _: Rules) -> Iterator[Found]:
    """A heading without words: readers see a gap, and agents a section without a name."""
    for page in base.pages:
        for line in page.lines:
            if _HEADING.match(line.shown):
                yield Found(page.path, line.number, "The heading has no text", "Say what the section answers.")


def wrong_language(base: Base, rules: Rules) -> Iterator[Found]:
    """A paragraph that reads as another language than its file's; closely related languages are not told apart."""
    for page in base.pages:
        for piece in page.pieces:
            if sum(map(str.isalpha, piece.text)) < rules.language.fewest_letters:
                continue
            guess = guessed(piece.text)
            if guess.confidence >= rules.language.sure and not akin(guess.language, page.language):
                what = f"A paragraph reads as {guess.language!r}, not {page.language!r}"
                yield Found(page.path, piece.line, what, f"Write it in {page.language!r}.")
