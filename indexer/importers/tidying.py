"""Blocks without what pages add to an article: dates, opinions asked for, share bars, shortcodes, phones by country.

Lists that pages tear apart are joined here, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from indexer.importers.blocks import BOLD, END, plain
from indexer.importers.rules import Rules
from indexer.importers.types import Block, Bullets, Heading, Paragraph, Picture, Steps, Table, words_of

_NUMBERED = re.compile(
    rf"{BOLD}?(?:(?:step|schritt|étape|fase|passo|steg)\s+)?(\d{{1,2}})\s*[.):–-]{END}?\s+(?=\S)", re.IGNORECASE
)
_TYPED_BULLET = re.compile(r"[•▪●‣·]\s*(?=\S)")
_PHONE = re.compile(r"(?:\+|\b00)\d[\d ()/.-]{5,}\d")
_PREFIX = re.compile(r"(?:\+|\b00)(\d{2})")
_PAIRED = re.compile(r"\[/\s*([\w-]+)\s*\]")
_WITH_ATTRIBUTE = re.compile(
    r"""\[/?\s*[a-z][\w-]*(?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|“[^”]*”|[^\s\]]+))+\s*/?\]""", re.IGNORECASE
)
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|%%\w+%%|<%.*?%>|\[\[[\w:. -]+\]\]|<!--.*?-->", re.DOTALL)
_ICONS = re.compile(r"\A(?:[\u2139\u2190-\u21ff\u25a0-\u27bf\U0001f000-\U0001faff]\ufe0f?\s*)+")
_SEPARATORS = re.compile(r"\s*[|·]\s*|\s[–—-]\s")
_BETWEEN = 2
"""So many tips or pictures may stand between two steps."""
LONGEST_BOLD_HEADING = 90


@dataclass(frozen=True)
class Tidied:
    """What is left, and what was found of note."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def tidied(blocks: list[Block], rules: Rules) -> Tidied:
    """Clean blocks, in the order in which each step needs the one before."""
    notes: list[str] = []
    kept = list(_without_templates(blocks, rules, notes))
    kept = list(_from_the_title(kept, notes))
    kept = list(_without_endings(kept, rules))
    kept = list(_without_lines(kept, rules))
    kept = list(_without_phones(kept, rules, notes))
    kept = list(_bold_headings(kept))
    kept = _joined_steps(list(_typed_lists(kept)))
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
    tags = re.compile(rf"\[/?\s*(?:{'|'.join(map(re.escape, sorted(names)))})\b[^\]]*\]", re.IGNORECASE)
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


def _bold_headings(blocks: list[Block]) -> Iterator[Block]:
    """A short line that is bold as a whole is meant as a heading, if something follows it."""
    for place, block in enumerate(blocks):
        text = block.text if isinstance(block, Paragraph) else ""
        bold = text.startswith(BOLD) and text.endswith(END) and text.count(BOLD) == 1
        follows = place + 1 < len(blocks) and not isinstance(blocks[place + 1], Heading)
        if bold and follows and len(text) <= LONGEST_BOLD_HEADING and not re.search(r"[.,;!]\W*\Z", plain(text)):
            yield Heading(plain(text).rstrip(":"), 4)
        else:
            yield block


def _typed_lists(blocks: list[Block]) -> Iterator[Block]:
    """Paragraphs that begin with a typed number or a typed dot become the items of lists."""
    for block in blocks:
        if isinstance(block, Paragraph) and (found := _NUMBERED.match(block.text)):
            yield Steps((block.text[found.end() :].strip(),), typed=True)
        elif isinstance(block, Paragraph) and (found := _TYPED_BULLET.match(block.text)):
            yield Bullets((block.text[found.end() :].strip(),))
        else:
            yield block


def _joined_steps(blocks: list[Block]) -> list[Block]:
    """Numbered lists of one item each are one list; a tip or a picture between two steps belongs to the first."""
    joined: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        if isinstance(block, Bullets) and len(block.items) == 1 and joined and isinstance(joined[-1], Bullets):
            joined[-1] = Bullets(joined[-1].items + block.items)
        elif isinstance(block, Steps):
            steps, place = _run_of_steps(blocks, place)
            joined.append(steps)
            continue
        else:
            joined.append(block)
        place += 1
    return joined


def _run_of_steps(blocks: list[Block], place: int) -> tuple[Steps, int]:
    """The list that begins at ``place``, and where it ends."""
    first = blocks[place]
    assert isinstance(first, Steps)  # noqa: S101 - the caller looked
    items, single = list(first.items), len(first.items) == 1
    at = place + 1
    while at < len(blocks):
        between = 0
        while at + between < len(blocks) and isinstance(blocks[at + between], Paragraph | Picture | Bullets):
            between += 1
        following = blocks[at + between] if at + between < len(blocks) else None
        if between > _BETWEEN or not isinstance(following, Steps):
            break
        if not (single and len(following.items) == 1) and (between or not first.typed):
            break
        for extra in blocks[at : at + between]:
            items[-1] = f"{items[-1]} {words_of(extra)}"
        items.extend(following.items)
        at += between + 1
    return Steps(tuple(items)), at


def _without_tail(blocks: list[Block]) -> list[Block]:
    """Lines of names and links at the end: several parts side by side, and no sentence among them."""
    kept = list(blocks)
    while kept and isinstance(kept[-1], Paragraph):
        text = plain(kept[-1].text)
        if len(_SEPARATORS.split(text)) < 3 or re.search(r"[.!?]\W*\Z", text):
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
