"""Lists that pages tear apart or type by hand, and headings that are only bold: blocks as they were meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.importers.blocks import BOLD, END, plain
from indexer.importers.types import Block, Bullets, Heading, Paragraph, Picture, Steps, words_of

_NUMBERED = re.compile(
    rf"{BOLD}?(?:(?:step|schritt|étape|fase|passo|steg)\s+)?(\d{{1,2}})\s*[.):–-]{END}?\s+(?=\S)", re.IGNORECASE
)
_NUMBER_ALONE = re.compile(r"\d{1,2}[.)]?\Z")
_TYPED_BULLET = re.compile(r"[•▪●‣·]\s*(?=\S)")
_BETWEEN = 2
"""So many tips or pictures may stand between two steps."""
LONGEST_BOLD_HEADING = 90


def bold_headings(blocks: list[Block]) -> Iterator[Block]:
    """A short line that is bold as a whole is meant as a heading, if something follows it."""
    for place, block in enumerate(blocks):
        text = block.text if isinstance(block, Paragraph) else ""
        bold = text.startswith(BOLD) and text.endswith(END) and text.count(BOLD) == 1
        follows = place + 1 < len(blocks) and not isinstance(blocks[place + 1], Heading)
        if bold and follows and len(text) <= LONGEST_BOLD_HEADING and not re.search(r"[.,;!]\W*\Z", plain(text)):
            yield Heading(plain(text).rstrip(":"), 4)
        else:
            yield block


def typed_lists(blocks: list[Block]) -> Iterator[Block]:
    """Paragraphs that begin with a typed number or a typed dot, or have a number above them, become items of lists."""
    numbered = False
    for place, block in enumerate(blocks):
        alone = isinstance(block, Paragraph) and _NUMBER_ALONE.match(plain(block.text)) is not None
        if alone and place + 1 < len(blocks) and isinstance(blocks[place + 1], Paragraph):
            numbered = True
            continue
        if numbered and isinstance(block, Paragraph):
            yield Steps((block.text,), typed=True)
        elif isinstance(block, Paragraph) and (found := _NUMBERED.match(block.text)):
            yield Steps((block.text[found.end() :].strip(),), typed=True)
        elif isinstance(block, Paragraph) and (found := _TYPED_BULLET.match(block.text)):
            yield Bullets((block.text[found.end() :].strip(),))
        else:
            yield block
        numbered = False


def joined_steps(blocks: list[Block]) -> list[Block]:
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
