"""A cleaned tree as blocks: headings, paragraphs, lists, tables and the words of pictures, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.importers.pruning import QUESTION
from indexer.importers.tree import Node
from indexer.importers.types import Block, Bullets, Heading, Paragraph, Picture, Steps, Table, words_of

BOLD, END = "\ue000", "\ue001"
"""Around bold words inside a block's text; letters of the private use area, which no page may bring along."""
_PRIVATE = re.compile(r"[\ue000-\uf8ff\u200b\u200e\u200f\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f]")
_BLANKS = re.compile(r"[^\S\n\u202f\u00a0]+")
_ANY_BLANK = re.compile(r"\s+")
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
))  # fmt: skip
_HEADING = re.compile(r"h([1-6])\Z")
_LIST_ITEM = re.compile(r"(?:step |schritt |étape |fase |steg )?\d{1,2}\s*[.):]\s|[•–*-]\s", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;…»”)]\W*\Z")
_FILE_NAME = re.compile(
    r"^\S+\.(?:png|jpe?g|gif|svg|webp)$|^(?:img|dsc|image|screenshot|bild|foto)[\s_-]*\d*$", re.IGNORECASE
)
_NO_CONTENT_PICTURE = re.compile(r"\b(?:logo|icon|avatar|spacer|banner)\b", re.IGNORECASE)
LONGEST_HEADING = 200
FEWEST_LETTERS_OF_A_PICTURE = 12
LONGEST_CELL = 400


def plain(text: str) -> str:
    """A block's text without the marks of bold words."""
    return text.replace(BOLD, "").replace(END, "")


def blocks_of(root: Node) -> list[Block]:
    """The blocks of a tree that :func:`indexer.importers.pruning.pruned` made."""
    return list(_Walker().walk(root))


class _Walker:
    """Collects inline text until a block begins or ends."""

    def __init__(self) -> None:
        self._text: list[str] = []

    def walk(self, node: Node) -> Iterator[Block]:
        for before, child in zip([None, *node.children], node.children, strict=False):
            if isinstance(before, Node) and isinstance(child, Node) and before.tag == child.tag == "span":
                self._part(child)
            if isinstance(child, str):
                self._text.append(_ANY_BLANK.sub(" ", _PRIVATE.sub("", child)))
            else:
                yield from self._element(child)
        if node.tag not in _INLINE:
            yield from self._flush()

    def _part(self, following: Node) -> None:
        """Two spans that touch are set apart by the page's style, if they would read as one word in camel case."""
        last, text = "".join(self._text)[-1:], following.text
        if (last.islower() or last in (".", ":", "!", "?", END)) and text[:1].isupper():
            self._text.append(" ")

    def _element(self, node: Node) -> Iterator[Block]:
        tag = node.tag
        if tag == "br":
            self._text.append("\n")
        elif tag == "sup" and re.fullmatch(r"\[?\d{1,3}\]?|\*", node.text):
            pass  # the mark of a footnote
        elif tag == "img":
            yield from self._picture(node)
        elif tag in _INLINE:
            yield from self._inline(node)
        else:
            yield from self._flush()
            yield from self._block(node)

    def _inline(self, node: Node) -> Iterator[Block]:
        bold = node.tag in ("b", "strong") and node.letters > 0 and BOLD not in self._text[-1:]
        start = len(self._text)
        yield from self.walk(node)
        if bold and len(self._text) > start:
            words = "".join(self._text[start:]).replace(BOLD, "").replace(END, "")
            inner = words.strip()
            if inner and "\n" not in inner:
                before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
                self._text[start:] = [f"{before}{BOLD}{inner}{END}{after}"]

    def _block(self, node: Node) -> Iterator[Block]:
        match = _HEADING.match(node.tag)
        if match or node.tag == QUESTION:
            yield from self._heading(node, int(match[1]) if match else 3)
        elif node.tag in ("ul", "ol", "menu"):
            yield from self._list(node)
        elif node.tag == "table" and _is_data(node):
            yield from self._table(node)
        elif node.tag == "hr":
            pass
        else:
            yield from self.walk(node)

    def _heading(self, node: Node, level: int) -> Iterator[Block]:
        pictures = [each for each in node.walk() if each.tag == "img"]
        text = _one_line(node)
        if text:
            yield Heading(text, level) if len(text) <= LONGEST_HEADING else Paragraph(text)
        for each in pictures:
            yield from self._picture(each)

    def _picture(self, node: Node) -> Iterator[Block]:
        words = _ANY_BLANK.sub(" ", _PRIVATE.sub("", node.attributes.get("alt", ""))).strip()
        meaningful = sum(map(str.isalpha, words)) >= FEWEST_LETTERS_OF_A_PICTURE
        if meaningful and not _FILE_NAME.search(words) and not _NO_CONTENT_PICTURE.search(words):
            yield from self._flush()
            yield Picture(words)

    def _list(self, node: Node) -> Iterator[Block]:
        items: list[str] = []
        for child in node.elements:
            inner = list(_Walker().walk(child))
            if any(isinstance(block, Heading) for block in inner) or child.tag != "li":
                # Lists are also used to lay out a page, or the questions of an accordion.
                yield from _as_list(node, items)
                items = []
                yield from inner
            elif inner:
                items.append(_joined(inner))
        yield from _as_list(node, items)

    def _table(self, node: Node) -> Iterator[Block]:
        caption = node.first("caption")
        if caption is not None and caption.text:
            yield Paragraph(caption.text)
        rows: list[tuple[str, ...]] = []
        headed = False
        for row in (each for each in node.walk() if each.tag == "tr"):
            cells = [each for each in row.elements if each.tag in ("td", "th")]
            texts = tuple(_joined(list(_Walker().walk(cell))) for cell in cells)
            if any(texts):
                headed = headed or (not rows and all(cell.tag == "th" for cell in cells))
                rows.append(texts)
        if rows:
            yield Table(tuple(rows), headed)

    def _flush(self) -> Iterator[Block]:
        lines = "".join(self._text).split("\n")
        self._text = []
        paragraph = ""
        for place, line in enumerate(lines):
            line = _BLANKS.sub(" ", line).strip()
            broken = place > 0 and (not line or _SENTENCE_END.search(plain(paragraph)) or _LIST_ITEM.match(plain(line)))
            if broken and paragraph:
                yield Paragraph(paragraph)
                paragraph = ""
            paragraph = f"{paragraph} {line}".strip()
        if any(map(str.isalnum, paragraph)):
            yield Paragraph(paragraph)


def _as_list(node: Node, items: list[str]) -> Iterator[Block]:
    if items:
        yield Steps(tuple(items)) if node.tag == "ol" else Bullets(tuple(items))


def _joined(inner: list[Block]) -> str:
    """What stands in a list item or a cell on one line; lists in lists become enumerations."""
    parts = []
    for block in inner:
        match block:
            case Steps() | Bullets():
                parts.append(" ".join(block.items) if _sentences(block.items) else "; ".join(block.items))
            case Table():
                parts.append("; ".join(" ".join(row) for row in block.rows))
            case _:
                parts.append(words_of(block))
    return " ".join(parts)


def _sentences(items: tuple[str, ...]) -> bool:
    return all(_SENTENCE_END.search(plain(item)) for item in items)


def _one_line(node: Node) -> str:
    """The text of a heading; its words stay as they are, bold or not."""
    inner = _Walker().walk(Node("div", {}, node.children))
    return plain(" ".join(words_of(block) for block in inner if not isinstance(block, Picture)))


def _is_data(table: Node) -> bool:
    """Whether a table says something, rather than laying out a page."""
    inside = [node.tag for node in table.walk()][1:]
    if {"table", "h1", "h2", QUESTION} & {*inside}:
        return False
    rows = [[each for each in row.elements if each.tag in ("td", "th")] for row in table.walk() if row.tag == "tr"]
    cells = [cell for row in rows for cell in row]
    if max((len(row) for row in rows), default=0) < 2 or any(len(cell.text) > LONGEST_CELL for cell in cells):
        return False
    return "th" in inside or len(rows) >= 2
