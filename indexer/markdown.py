"""The Markdown of an article as sections of blocks, each with the line it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.types import Block, PictureBlock, Section, StepsBlock, TextBlock

LEAD = "lead"
Complain = Callable[[int, str, str], None]
"""Hears of a problem: line, what, remedy."""
_HEADING = re.compile(r"^(?P<text>.*?)\s*\{#(?P<id>[a-z0-9-]+)(?P<scopes>(?:\s+\w+=[\w-]+)*)\}$")
_MARKDOWN = MarkdownIt("zero").enable(["heading", "list", "emphasis", "image", "hr", "escape"])
_UNWANTED = re.compile(r"(?<!!)\[[^\]]*\]\([^)]*\)|</?[a-z][^>]*>|^\s*\|.*\|", re.IGNORECASE)
_SCOPES = ("vendor", "country")


@dataclass(frozen=True)
class PlacedSection:
    """A section, the line of its heading and the line of each of its blocks, counted from 1 in the file."""

    section: Section
    line: int
    block_lines: tuple[int, ...]


def parse(body: str, first_line: int, complain: Complain) -> list[PlacedSection]:
    """Cut ``body`` at its headings; the part above the first one is the lead."""
    for number, line in enumerate(body.split("\n"), start=first_line):
        if _UNWANTED.search(line):
            complain(number, "The line has a link, a table or HTML", "Write plain paragraphs, lists and pictures.")
    return _Parser(first_line, complain).parse(_MARKDOWN.parse(body))


class _Parser:
    def __init__(self, first_line: int, complain: Complain) -> None:
        self._first_line, self._complain = first_line, complain
        self._found: list[PlacedSection] = []
        self._open(LEAD, "", {}, first_line)

    def parse(self, tokens: list[Token]) -> list[PlacedSection]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index) if token.nesting == 1 else index
            line = self._line(token)
            match token.type:
                case "heading_open":
                    self._close()
                    self._heading(tokens[index + 1].content, token.tag, line)
                case "paragraph_open":
                    self._add(self._paragraph(tokens[index + 1], line), line)
                case "ordered_list_open":
                    self._add(StepsBlock(tuple(self._items(tokens[index:end]))), line)
                case "bullet_list_open":
                    self._add(TextBlock("\n".join(f"• {item}" for item in self._items(tokens[index:end]))), line)
                case _:
                    remedy = "Use headings, paragraphs, lists and pictures only."
                    self._complain(line, f"The article contains {token.type}", remedy)
            index = end + 1
        self._close()
        return self._found

    def _line(self, token: Token) -> int:
        return self._first_line + (token.map[0] if token.map else 0)

    def _open(self, identity: str, heading: str, scopes: dict[str, str], line: int) -> None:
        self._id, self._text, self._scopes, self._at = identity, heading, scopes, line
        self._blocks: list[Block] = []
        self._lines: list[int] = []

    def _add(self, block: Block, line: int) -> None:
        self._blocks.append(block)
        self._lines.append(line)

    def _close(self) -> None:
        scopes = self._scopes
        section = Section(self._id, self._text, tuple(self._blocks), scopes.get("vendor"), scopes.get("country"))
        self._found.append(PlacedSection(section, self._at, tuple(self._lines)))

    def _heading(self, content: str, tag: str, line: int) -> None:
        match = _HEADING.match(content)
        if not match or tag != "h2":
            remedy = "Write it as: ## Heading {#id} or {#id vendor=name}."
            self._complain(line, f"The heading {content!r} has no id", remedy)
            self._open("", content, {}, line)
            return
        scopes = dict(part.split("=", 1) for part in match["scopes"].split())
        for name in scopes:
            if name not in _SCOPES:
                self._complain(line, f"A section cannot be limited by {name!r}", "Use vendor=… or country=…")
        self._open(match["id"], match["text"], scopes, line)

    def _paragraph(self, inline: Token, line: int) -> Block:
        images = [child for child in inline.children or [] if child.type == "image"]
        if not images:
            return TextBlock(_plain(inline))
        if len(images) > 1 or _plain(inline):
            self._complain(line, "A picture shares its line with text", "Put it into a paragraph of its own.")
        if not images[0].content.strip():
            self._complain(line, "The picture has no text alternative", "Say in words what it shows: ![…](…)")
        return PictureBlock(Path(str(images[0].attrs["src"])).name, images[0].content)

    def _items(self, tokens: list[Token]) -> list[str]:
        items = []
        for start, token in enumerate(tokens):
            if token.type != "list_item_open" or token.level != 1:
                continue
            inner = tokens[start : _closing(tokens, start)]
            if any(each.type.endswith("list_open") for each in inner):
                self._complain(self._line(token), "A list stands inside a list", "Make each action a step of its own.")
            items.append(" ".join(_plain(each) for each in inner if each.type == "inline"))
        return items


def _plain(inline: Token) -> str:
    """The inline content as plain text: emphasis marks dropped, pictures left out."""
    children = [child for child in inline.children or [] if child.type != "image"]
    parts = [" " if child.type in ("softbreak", "hardbreak") else child.content for child in children]
    return re.sub(r"[ \t\n]+", " ", "".join(parts)).strip()


def _closing(tokens: list[Token], start: int) -> int:
    """Index of the token that closes the block opened at ``start``."""
    level, kind = tokens[start].level, tokens[start].type.replace("_open", "_close")
    return next(at for at in range(start + 1, len(tokens)) if tokens[at].type == kind and tokens[at].level == level)
