"""Blocks without what pages add to an article: dates, opinions asked for, share bars, shortcodes, phones by country.

Lists that pages tear apart are joined here, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from indexer.importers.blocks import plain
from indexer.importers.lists import bold_headings, joined_steps, typed_lists
from indexer.importers.rules import Rules
from indexer.importers.types import Block, Bullets, Heading, Paragraph, Steps, Table, words_of

_PHONE = re.compile(r"(?:\+|\b00)\d[\d ()/.-]{5,30}\d")
_PREFIX = re.compile(r"(?:\+|\b00)(\d{2})")
_PAIRED = re.compile(r"\[/\s*([\w-]+)\s*\]")
# The lengths are limited so that no text, however it is made, takes long.
_VALUE = r"""(?:"[^"]{0,500}"|'[^']{0,500}'|“[^”]{0,500}”|[^\s\]]{1,200})"""
_WITH_ATTRIBUTE = re.compile(rf"\[/?\s*[a-z][\w-]*(?:\s+[\w-]+\s*=\s*{_VALUE}){{1,20}}\s*/?\]", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\{#.{0,300}?#\}|%%\w+%%|<%.{0,300}?%>|<!--.{0,300}?-->|\[\[[\w:. -]{1,200}\]\]",
    re.DOTALL,
)
_ICONS = re.compile(r"\A(?:[\u2139\u2190-\u21ff\u25a0-\u27bf\U0001f000-\U0001faff]\ufe0f?\s*)+")
_CONTACT = re.compile(
    r"[^.!?]{0,80}\b(?:tel|tél|tlf|telefon|phone|fax|e-?mail)\b[.: ]+[\d +()/.-]{6,40}\W*\Z", re.IGNORECASE
)
LONGEST_LINE = 500
"""Letters of a line that may be furniture; longer ones are text."""
_SEPARATORS = re.compile(r"\s*[|·]\s*|\s[–—-]\s")


@dataclass(frozen=True)
class Tidied:
    """What is left, and what was found of note."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def tidied(blocks: list[Block], rules: Rules, whole_page: bool = True) -> Tidied:
    """Clean blocks, in the order in which each step needs the one before.

    ``whole_page``: false for the text of an article alone, above whose first heading nothing needs to go.
    """
    notes: list[str] = []
    kept = list(_without_templates(blocks, rules, notes))
    if whole_page:
        kept = list(_from_the_title(kept, notes))
    kept = list(_without_endings(kept, rules))
    kept = list(_without_lines(kept, rules))
    kept = list(_without_phones(kept, rules, notes))
    kept = list(bold_headings(kept))
    kept = joined_steps(list(typed_lists(kept)))
    kept = _without_tail(kept)
    return Tidied(tuple(_without_empty_headings(kept)), tuple(notes))


def changed(block: Block, change: Callable[[str], str]) -> Block | None:
    """The block with every text of it changed; None where nothing is left."""
    if isinstance(block, Steps | Bullets):
        items = tuple(text for text in map(change, block.items) if _says(text))
        return replace(block, items=items) if items else None
    if isinstance(block, Table):
        rows = tuple(row for row in (tuple(map(change, row)) for row in block.rows) if any(map(_says, row)))
        return replace(block, rows=rows) if rows else None
    text = change(block.text)
    return replace(block, text=text) if _says(text) else None


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


def _without_templates(blocks: list[Block], rules: Rules, notes: list[str]) -> Iterator[Block]:
    everything = "\n".join(map(words_of, blocks))
    names = {name.lower() for name in _PAIRED.findall(everything)} | {*rules.shortcodes}
    tags = re.compile(rf"\[/?\s*(?:{'|'.join(map(re.escape, sorted(names)))})\b[^\]]{{0,1000}}\]", re.IGNORECASE)
    found = False

    def clean(text: str) -> str:
        nonlocal found
        text = _ICONS.sub("", text)
        cleaned = tags.sub(" ", _WITH_ATTRIBUTE.sub(" ", _TEMPLATE.sub(" ", text)))
        if cleaned == text:
            return text
        found = True
        return re.sub(r" {2,}", " ", cleaned).strip()

    for block in blocks:
        cleaned = changed(block, clean)
        if cleaned is not None:
            yield cleaned
    if found:
        notes.append("Template tags were left out; look whether something is missing where they stood.")


def _from_the_title(blocks: list[Block], notes: list[str]) -> Iterator[Block]:
    """What stands above the title of a page is hardly ever part of the article."""
    title = next((place for place, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1), 0)
    above, below = blocks[:title], blocks[title:]
    if sum(len(words_of(block)) for block in above) > sum(len(words_of(block)) for block in below):
        notes.append("The page has its title at the end; it was taken whole.")
        below = blocks
    yield from below


def _without_endings(blocks: list[Block], rules: Rules) -> Iterator[Block]:
    closed: int | None = None
    for block in blocks:
        if isinstance(block, Heading):
            if closed is not None and block.level <= closed:
                closed = None
            if closed is None and rules.ending.match(plain(block.text)):
                closed = block.level
        if closed is None:
            yield block


def _without_lines(blocks: list[Block], rules: Rules) -> Iterator[Block]:
    def clean(text: str) -> str:
        return "" if no_article(text, rules) else text

    for block in blocks:
        if isinstance(block, Table) or (isinstance(block, Heading) and block.level == 1):
            yield block
        elif (left := changed(block, clean)) is not None:
            yield left


def no_article(text: str, rules: Rules) -> bool:
    """Whether a line is one of those that pages add, or several of them side by side."""
    text = plain(text)
    if len(text) > LONGEST_LINE:
        return False
    if rules.no_article_line.match(text):
        return True
    parts = [part for part in _SEPARATORS.split(text) if _says(part)]
    return len(parts) > 1 and all(rules.no_article_line.match(part) for part in parts)


def _without_phones(blocks: list[Block], rules: Rules, notes: list[str]) -> Iterator[Block]:
    """Phones by country are facts of a vendor, kept in kb/vendors: a list of them in an article grows old unseen."""
    kept: list[Block] = []
    run: list[Block] = []
    found = False

    def close() -> None:
        nonlocal found
        lines = [line for block in run for line in _lines(block)]
        if _are_phones(lines, rules):
            found = True
            while kept and isinstance(kept[-1], Heading) and kept[-1].level > 1:
                kept.pop()
        else:
            kept.extend(run)
        run.clear()

    for block in blocks:
        lines = _lines(block)
        if lines and sum(bool(_PHONE.search(line)) for line in lines) >= rules.phones.share * len(lines):
            run.append(block)
            continue
        close()
        kept.append(block)
    close()
    if found:
        notes.append("A list of phones by country was left out: phones belong into kb/vendors.")
    return iter(kept)


def _lines(block: Block) -> list[str]:
    match block:
        case Steps() | Bullets():
            return list(block.items)
        case Table():
            return [" ".join(row) for row in (block.rows[1:] if block.headed else block.rows)]
        case Paragraph():
            return [block.text]
        case _:
            return []


def _are_phones(lines: list[str], rules: Rules) -> bool:
    prefixes = {found[1] for line in lines if (found := _PREFIX.search(line))}
    return len(lines) >= rules.phones.fewest and len(prefixes) >= rules.phones.fewest


def _without_tail(blocks: list[Block]) -> list[Block]:
    """Lines at the end that only name somebody: parts side by side without a sentence, or a name with its phone."""
    kept = list(blocks)
    while kept and isinstance(kept[-1], Paragraph):
        text = plain(kept[-1].text)
        names = len(_SEPARATORS.split(text)) >= 3 and not re.search(r"[.!?]\W*\Z", text)
        if not names and not _CONTACT.match(text):
            break
        kept.pop()
    return kept


def _without_empty_headings(blocks: list[Block]) -> Iterator[Block]:
    """A heading that nothing belongs to any more; one right above a deeper one stays."""
    for place, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level > 1:
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if following is None or (isinstance(following, Heading) and following.level <= block.level):
                continue
        yield block
