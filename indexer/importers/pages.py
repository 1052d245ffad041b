"""The heart of importing: a page of HTML becomes clean articles, or a reason why it does not."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.guessing import guessed
from indexer.importers.blocks import blocks_of, plain
from indexer.importers.languages import Part, parts_by_language
from indexer.importers.pruning import pruned
from indexer.importers.rules import Rules
from indexer.importers.tidying import tidied
from indexer.importers.tree import Node, TooDeep, decoded, parsed
from indexer.importers.types import Block, Document, Extract, Heading, Paragraph, Skipped, words_of

_SEPARATOR = re.compile(r"(\s+[:|–—»·-]+\s+)")
_TITLE_ENDS = re.compile(r"\s+[|–—»·-]\s+")
SHORTEST_TITLE, LONGEST_TITLE = 6, 90
UNSURE = 0.5
"""The confidence where the whole reads as another language than its blocks."""
_WANTS_SIGN_IN = "The page wants a sign-in. Export the article, or save the page and import that."


def extract_page(document: Document, rules: Rules) -> list[Extract | Skipped]:
    """The articles of a page: one, or one a language where it holds as good as two."""
    text = decoded(document.content, document.encoding)
    try:
        root = parsed(text, rules.limits.depth)
    except TooDeep:
        return [Skipped(document.address, "Its elements stand in each other without end; this is no page to read.")]
    if sum(1 for _ in root.walk()) > rules.limits.elements or len(root.text) > rules.limits.letters:
        return [Skipped(document.address, "It has far more text than one article. Cut it into articles first.")]
    if asks_to_sign_in(root, rules):
        return [Skipped(document.address, _WANTS_SIGN_IN)]
    has_script = any(node.tag == "script" for node in root.walk())
    title = document.title or _title(root)
    part = pruned(root, rules)
    clean = tidied(_titled(blocks_of(part.main), title), rules, document.title is None)
    beside = tuple(f"Text beside the article was left out: {_quoted(each)}" for each in part.beside)
    found = extract_blocks(document, title, clean.blocks, clean.notes + beside, rules)
    if has_script and len(found) == 1 and isinstance(found[0], Skipped):
        reason = "It has no text without its scripts. Save the page from a browser and import the file."
        return [Skipped(document.address, reason)] if _letters(clean.blocks) < rules.limits.fewest_letters else found
    return found


def extract_blocks(
    document: Document, title: str, blocks: tuple[Block, ...], notes: tuple[str, ...], rules: Rules
) -> list[Extract | Skipped]:
    """Articles from blocks; ``title`` is used where no heading of the first level gives one."""
    titled = document.title is not None
    if _letters(blocks) < (rules.limits.fewest_letters_titled if titled else rules.limits.fewest_letters):
        return [Skipped(document.address, "It has next to no text.")]
    parts = parts_by_language(blocks, rules.languages)
    whole = sum(part.letters for part in parts)
    kept = [part for part in parts if part.letters >= rules.languages.split_share * whole] or parts[:1]
    notes = (*notes, *(_dropped(part) for part in parts if part not in kept))
    if len(kept) > 1:
        names = ", ".join(part.language for part in kept)
        notes = (*notes, f"The page is in several languages ({names}); there is one draft for each.")
    return [_extract(document, title if part is kept[0] else "", part, notes) for part in kept]


def asks_to_sign_in(root: Node, rules: Rules) -> bool:
    """Whether the page is a form for a password, and hardly anything else."""
    if not any(node.tag == "input" and node.attributes.get("type") == "password" for node in root.walk()):
        return False
    body = root.first("body") or root
    texts = [node.text for node in body.walk() if node.tag in ("p", "li", "td")]
    said = body.text.lower()
    return sum(map(len, texts)) < 5 * rules.limits.fewest_letters and any(word in said for word in rules.login)


def _dropped(part: Part) -> str:
    words = plain(words_of(part.blocks[0]))
    return f"Text in another language ({part.language}) was left out: {_quoted(words)}"


def _quoted(text: str) -> str:
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"


def _extract(document: Document, title: str, part: Part, notes: tuple[str, ...]) -> Extract:
    blocks = list(part.blocks)
    own = next((block for block in blocks if isinstance(block, Heading) and block.level == 1), None)
    if own is not None and not (document.title and title):
        title = plain(own.text)
        blocks.remove(own)
    elif not title:
        first = next((block for block in blocks if isinstance(block, Heading)), blocks[0])
        title = plain(words_of(first))
        if isinstance(first, Heading):
            blocks.remove(first)
    blocks = [block for block in blocks if not (isinstance(block, Heading) and _same(block.text, title))]
    blocks = [replace(block, level=2) if isinstance(block, Heading) and block.level == 1 else block for block in blocks]
    if len(title) > LONGEST_TITLE:
        notes = (*notes, f"The title was cut; it was: {title}")
        title = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    guess = guessed(" ".join([title, *(plain(words_of(block)) for block in blocks)]))
    confidence = guess.confidence if guess.language == part.language else UNSURE
    address, importer, fetched = document.address, document.importer, document.fetched
    return Extract(address, importer, fetched, title, part.language, round(confidence, 3), tuple(blocks), notes)


def _titled(blocks: list[Block], title: str) -> list[Block]:
    """Where no heading is of the first level, the line that says the same as the head of the page is its title."""
    if any(isinstance(block, Heading) and block.level == 1 for block in blocks):
        return blocks
    titles = _prefixes(title)
    for place, block in enumerate(blocks):
        if isinstance(block, Heading | Paragraph) and any(_same(block.text, each) for each in titles):
            return [*blocks[:place], Heading(plain(block.text), 1), *blocks[place + 1 :]]
    return blocks


def _title(root: Node) -> str:
    """What the head of the page says, without the name of the site behind it."""
    for node in root.walk():
        if node.tag == "meta" and node.attributes.get("property") == "og:title" and node.attributes.get("content"):
            return node.attributes["content"].strip()
    title = root.first("title")
    if title is None:
        return ""
    # "Cards : Acme Help" may be a title with a colon, or one with a name behind it: a heading of the page tells.
    headings = [node.text.casefold() for node in root.walk() if node.tag in ("h1", "h2", "h3")]
    for prefix in reversed(_prefixes(title.text)):
        if len(prefix) >= SHORTEST_TITLE and any(each.startswith(prefix.casefold()) for each in headings):
            return prefix
    return _TITLE_ENDS.split(title.text)[0]


def _prefixes(title: str) -> list[str]:
    """A title cut at each of its separators, the shortest first."""
    parts = _SEPARATOR.split(title)
    return ["".join(parts[:end]) for end in range(1, len(parts) + 1, 2)]


def _same(first: str, second: str) -> bool:
    return re.sub(r"\W+", "", plain(first)).lower() == re.sub(r"\W+", "", plain(second)).lower()


def _letters(blocks: tuple[Block, ...]) -> int:
    return sum(map(str.isalnum, "".join(words_of(block) for block in blocks)))
