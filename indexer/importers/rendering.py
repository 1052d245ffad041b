"""Blocks as the Markdown of an article, in the form of docs/writing-articles.md as far as the text allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.articles import NEXT, STEPS
from indexer.importers.blocks import BOLD, END, plain
from indexer.importers.rules import DraftHeadings, Rules
from indexer.importers.types import Block, Bullets, Extract, Heading, Paragraph, Picture, Steps, Table

_BOLD = re.compile(rf"(.?){BOLD}(.*?){END}(?=(.?))", re.DOTALL)
_BEGINS_A_BLOCK = re.compile(r"\A(#|[-+>=|~]|\d+(?=[.)]))")
LONGEST_SLUG = 60


@dataclass
class _Section:
    heading: str
    blocks: list[Block] = field(default_factory=list)


def markdown_of(extract: Extract, rules: Rules) -> str:
    """The body of a draft: lead, then sections with ids; ``steps`` and ``next`` where the text has them."""
    headings = rules.headings.get(extract.language, rules.headings["en"])
    sections = _sections(extract.blocks, headings)
    ids = _ids(sections, rules)
    parts = []
    for section, name in zip(sections, ids, strict=True):
        if section.heading:
            parts.append(f"## {escaped(section.heading)} {{#{name}}}")
        parts.extend(text for block in section.blocks for text in _lines(block))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown, the templates of vendors' facts and the checks of articles read as nothing but text."""
    text = text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")
    text = re.sub(r"\{(?=[{%#])", "{ ", text)
    text = re.sub(r"(?<=[}%#])\}", " }", text)
    text = re.sub(r"<(?=[/a-z!?])", "< ", text, flags=re.IGNORECASE)
    text = text.replace("](", "] (").replace("![", "! [")
    text = _BEGINS_A_BLOCK.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", text)
    return plain(_BOLD.sub(_bold, text))


def slug(text: str) -> str:
    """A name for a file or a section: small letters, digits and hyphens."""
    spelled = text.lower().replace("ß", "ss").replace("ø", "o").replace("æ", "ae").replace("œ", "oe")
    ascii_only = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return words[:LONGEST_SLUG].rstrip("-") or "article"


def _bold(found: re.Match[str]) -> str:
    """Stars around the words, but only where Markdown takes them for marks (CommonMark 0.31, section 6.2)."""
    before, inner, after = found[1], found[2], found[3]
    opens = inner[:1].isalnum() or not before.isalnum()
    closes = inner[-1:].isalnum() or not after.isalnum()
    return f"{before}**{inner}**" if inner.strip() == inner and inner and opens and closes else f"{before}{inner}"


def _sections(blocks: tuple[Block, ...], headings: DraftHeadings) -> list[_Section]:
    """The first section is the lead. A numbered list in it becomes a section of its own."""
    sections = [_Section("")]
    for block in blocks:
        if isinstance(block, Heading):
            last = sections[-1]
            if last.heading and not last.blocks:
                last.heading = f"{last.heading}: {plain(block.text)}"
            else:
                sections.append(_Section(plain(block.text)))
            continue
        if isinstance(block, Steps) and len(sections) == 1:
            sections.append(_Section(headings.steps))
        sections[-1].blocks.append(block)
    return sections


def _ids(sections: list[_Section], rules: Rules) -> list[str]:
    steps = next((place for place, each in enumerate(sections) if any(isinstance(b, Steps) for b in each.blocks)), None)
    then = next((p for p in range(len(sections) - 1, 0, -1) if rules.next_heading.search(sections[p].heading)), None)
    taken: set[str] = {STEPS, NEXT}
    ids = []
    for place, section in enumerate(sections):
        name = STEPS if place == steps else NEXT if place == then else slug(section.heading)
        if place not in (steps, then):
            number, base = 1, name
            while name in taken:
                number += 1
                name = f"{base}-{number}"
        taken.add(name)
        ids.append(name)
    return ids


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Steps():
            yield "\n".join(f"{number}. {escaped(item)}" for number, item in enumerate(block.items, start=1))
        case Bullets():
            yield "\n".join(f"- {escaped(item)}" for item in block.items)
        case Table():
            yield from _table(block)
        case Paragraph() | Picture():
            yield escaped(block.text)


def _table(table: Table) -> Iterator[str]:
    """An article has no tables, for they do not fit on a phone: each row becomes a line of a list."""
    rows = table.rows
    if table.headed:
        yield escaped(" – ".join(cell for cell in rows[0] if cell) + ":")
        rows = rows[1:]
    lines = []
    for row in rows:
        first, rest = plain(row[0]), "; ".join(cell for cell in row[1:] if cell)
        lines.append(f"- {escaped(f'{BOLD}{first}{END}: {rest}' if first and rest else first or rest)}")
    if lines:
        yield "\n".join(lines)
