"""Bytes of a page as a tree of elements that cleaning can change freely."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from charset_normalizer import from_bytes
from selectolax.lexbor import LexborHTMLParser, LexborNode

_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(\w+)")
# End tags of these may be left out, or they have none, so they say nothing of how deep a page is.
_OPEN_ENDED = frozenset((
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup", "html", "head", "body",
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path",
    "circle", "rect", "line", "use",
))  # fmt: skip
# What browsers understand by these names (WHATWG Encoding Standard, section 4.2).
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_WORD = re.compile(r"[a-zà-ÿ]+|\d+", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BLANKS = re.compile(r"\s+")


class TooDeep(ValueError):
    """Elements stand in elements without end."""


@dataclass(eq=False)
class Node:
    """An element. ``children``: elements and texts in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This element and all elements below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    @property
    def elements(self) -> list[Node]:
        """The elements right below."""
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def text(self) -> str:
        """All text below, blanks made one."""
        return _BLANKS.sub(" ", "".join(self._texts())).strip()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield " "
                yield from child._texts()
                yield " "

    @property
    def letters(self) -> int:
        """How many letters and digits stand below."""
        return sum(map(str.isalnum, self.text))

    @property
    def linked_letters(self) -> int:
        """How many of them stand in links."""
        return sum(node.letters for node in self.walk() if node.tag == "a" and "href" in node.attributes)

    @property
    def words(self) -> list[str]:
        """The words of class and id, in small letters: ``navMenu__item`` → nav, menu, item."""
        names = f"{self.attributes.get('class', '')} {self.attributes.get('id', '')}"
        return [word.lower() for word in _WORD.findall(_CAPITAL.sub(" ", names))]

    @property
    def role(self) -> str:
        """The role, in small letters."""
        return self.attributes.get("role", "").strip().lower()

    def first(self, tag: str) -> Node | None:
        """The first element of that name below."""
        return next((node for node in self.walk() if node.tag == tag), None)


def decoded(content: bytes, declared: str | None = None) -> str:
    """The text of a page, whatever it or its server claims of its encoding.

    Bytes that are valid UTF-8 are taken as that, since other encodings hardly ever are by chance; then what is claimed
    is tried, then what the letters look like.
    """
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    found = _DECLARED.search(content[:4096])
    claims = ("utf-8", declared, found[1].decode("ascii", "replace") if found else None)
    for claim in filter(None, claims):
        name = _MEANT.get(claim.lower(), claim.lower())
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(content, cp_isolation=["cp1252", "iso8859_15", "mac_roman", "cp850"]).best()
    return str(best) if best else content.decode("cp1252", errors="replace")


def parsed(text: str, depth: int) -> Node:
    """The element ``html`` of a page.

    Raises:
        TooDeep: where more than ``depth`` elements stand in each other.
    """
    _check_depth(text, depth)
    root = LexborHTMLParser(text.replace("\0", "")).root
    if root is None:
        return Node("html")
    top = _node(root)
    waiting = [(root, top, 0)]
    while waiting:
        source, target, level = waiting.pop()
        if level > depth:
            raise TooDeep
        child = source.first_child
        while child is not None:
            if child.tag == "-text":
                target.children.append(child.text_content or "")
            elif child.tag and child.tag[0].isalpha():
                node = _node(child)
                target.children.append(node)
                waiting.append((child, node, level + 1))
            child = child.next
    return top


def _node(source: LexborNode) -> Node:
    return Node(source.tag or "", {name.lower(): value or "" for name, value in source.attributes.items()})


def _check_depth(text: str, depth: int) -> None:
    """Parsing takes the square of the depth, so that this is counted before it."""
    level = 0
    for end, tag in _TAG.findall(text):
        if tag.lower() not in _OPEN_ENDED:
            level = max(0, level - 1) if end else level + 1
            if level > 2 * depth:
                raise TooDeep
