"""Reading and checking articles: front matter, vendor facts rendered in, Markdown cut into sections.

The form is described in docs/writing-articles.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError
from langdetect import DetectorFactory, detect_langs
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.errors import Problem
from indexer.facts import filters_for
from indexer.types import Article, Block, PictureBlock, Section, StepsBlock, TextBlock

LEAD, STEPS, NEXT = "lead", "steps", "next"
REQUIRED_SECTIONS = (LEAD, STEPS, NEXT)
MOST_STEPS = 8
SURE = 0.9
# langdetect names Bokmål "no"; it is asked only for whole articles, where it is reliable.
_DETECTED = {"nb": "no"}
_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_HEADING = re.compile(r"^(?P<text>.*?)\s*\{#(?P<id>[a-z0-9-]+)(?P<scopes>(?:\s+\w+=[\w-]+)*)\}$")
_MARKDOWN = MarkdownIt("zero").enable(["heading", "list", "emphasis", "image", "hr", "escape"])


class FrontMatter(BaseModel):
    """What stands above an article."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    language: Literal["en", "fr", "de", "it", "nb"]
    title: str = Field(min_length=3, max_length=90)
    alternative_titles: tuple[str, ...] = Field(min_length=2)
    vendors: tuple[str, ...]
    owner: str
    updated: date
    review_by: date
    related: tuple[str, ...]


class _Reader:
    """Reads one file; collects problems instead of raising, so that all are seen at once."""

    def __init__(self, path: Path, facts: Mapping[str, Mapping[str, Any]], problems: list[Problem]) -> None:
        self.path, self.facts, self.problems = path, facts, problems
        self.failed = False
        self.body_line = 1

    def problem(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, line, what, remedy))
        self.failed = True

    def read(self) -> Article | None:
        try:
            source = self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            self.problem(1, f"The file is not UTF-8 ({error.reason})", "Save it as UTF-8.")
            return None
        match = _FRONT.match(source)
        if not match:
            self.problem(1, "The file does not begin with front matter", "Begin with a block between two lines of ---.")
            return None
        front = self._front(match[1])
        self.body_line = source[: match.end()].count("\n") + 1
        if front is None:
            return None
        body = self._rendered(source[match.end() :], front.language)
        sections = self._sections(body) if body is not None else ()
        if self.failed:
            return None
        self._check(front, sections)
        if self.failed:
            return None
        return Article(
            front.id, front.language, front.title, front.alternative_titles, front.vendors, front.owner,
            front.updated, front.review_by, front.related, sections,
        )  # fmt: skip

    def _front(self, text: str) -> FrontMatter | None:
        try:
            return FrontMatter.model_validate(yaml.safe_load(text))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 2
            self.problem(line, "The front matter is not valid YAML", "Quote a value that contains a colon.")
        except ValidationError as error:
            for each in error.errors():
                name = str(each["loc"][0]) if each["loc"] else "front matter"
                found = re.search(rf"^{re.escape(name)}:", text, re.MULTILINE)
                line = text[: found.start()].count("\n") + 2 if found else 2
                self.problem(line, f"{name}: {each['msg']}", "See docs/writing-articles.md, Form.")
        return None

    def _rendered(self, body: str, language: str) -> str | None:
        """The body with the vendors' facts in it; one output line stays one input line."""
        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        environment.filters.update(filters_for(language))
        lines = []
        for number, line in enumerate(body.split("\n"), start=self.body_line):
            try:
                lines.append(environment.from_string(line).render(self.facts) if "{{" in line or "{%" in line else line)
            except TemplateSyntaxError as error:
                self.problem(
                    number, f"The expression cannot be read ({error.message})", "Write {{ vendor.fact | filter }}."
                )
            except (TemplateError, TypeError, ValueError, KeyError) as error:
                self.problem(
                    number, f"The fact cannot be shown ({error})", "Check the name in kb/vendors/ and the filter."
                )
        return None if self.failed else "\n".join(lines)

    def _sections(self, body: str) -> tuple[Section, ...]:
        tokens = _MARKDOWN.parse(body)
        sections: list[Section] = []
        head: tuple[str, str, dict[str, str]] = (LEAD, "", {})
        blocks: list[Block] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            line = self.body_line + (token.map[0] if token.map else 0)
            if token.type == "heading_open":
                sections.append(self._section(head, blocks))
                head, blocks = self._heading(tokens[index + 1].content, token.tag, line), []
                index += 3
            elif token.type == "paragraph_open":
                blocks.append(self._paragraph(tokens[index + 1], line))
                index += 3
            elif token.type in ("ordered_list_open", "bullet_list_open"):
                end = _closing(tokens, index)
                items = [
                    self._item(tokens, at, line) for at in range(index, end) if tokens[at].type == "list_item_open"
                ]
                ordered = token.type == "ordered_list_open"
                blocks.append(
                    StepsBlock(tuple(items)) if ordered else TextBlock("\n".join(f"• {item}" for item in items))
                )
                index = end + 1
            else:
                self.problem(
                    line, f"The article contains {token.type}", "Use headings, paragraphs, lists and pictures only."
                )
                index += 1
        sections.append(self._section(head, blocks))
        return tuple(sections)

    def _section(self, head: tuple[str, str, dict[str, str]], blocks: list[Block]) -> Section:
        identity, heading, scopes = head
        return Section(identity, heading, tuple(blocks), scopes.get("vendor"), scopes.get("country"))

    def _heading(self, content: str, tag: str, line: int) -> tuple[str, str, dict[str, str]]:
        match = _HEADING.match(content)
        if not match or tag != "h2":
            self.problem(
                line, f"The heading {content!r} has no id", "Write it as: ## Heading {#id} or {#id vendor=name}."
            )
            return ("", content, {})
        scopes = dict(part.split("=", 1) for part in match["scopes"].split())
        for name, value in scopes.items():
            if name not in ("vendor", "country"):
                self.problem(line, f"A section cannot be limited by {name!r}", "Use vendor=… or country=…")
            elif name == "vendor" and value not in self.facts:
                self.problem(line, f"The vendor {value!r} is unknown", f"Use one of {', '.join(sorted(self.facts))}.")
        return (match["id"], match["text"], scopes)

    def _paragraph(self, inline: Token, line: int) -> Block:
        children = inline.children or []
        images = [child for child in children if child.type == "image"]
        if images:
            if len(images) > 1 or _plain(inline):
                self.problem(line, "A picture shares its line with text", "Put it into a paragraph of its own.")
            return PictureBlock(Path(str(images[0].attrs["src"])).name, images[0].content)
        return TextBlock(_plain(inline))

    def _item(self, tokens: list[Token], start: int, line: int) -> str:
        end = _closing(tokens, start)
        inlines = [token for token in tokens[start:end] if token.type == "inline"]
        if any(token.type.endswith("list_open") for token in tokens[start:end]):
            self.problem(line, "A list stands inside a list", "Make each action a step of its own.")
        return " ".join(_plain(inline) for inline in inlines)

    def _check(self, front: FrontMatter, sections: tuple[Section, ...]) -> None:
        path = self.path
        if front.id != path.stem or front.language != path.parent.name:
            self.problem(
                2, f"The front matter says {front.language}/{front.id}", "Let folder and file name agree with it."
            )
        ids = [section.id for section in sections]
        for required in REQUIRED_SECTIONS:
            if required not in ids:
                self.problem(self.body_line, f"The section {{#{required}}} is missing", "Add it.")
        for doubled in sorted({each for each in ids if ids.count(each) > 1}):
            self.problem(self.body_line, f"The section id {doubled!r} occurs twice", "Give each section its own id.")
        for section in sections:
            if not section.blocks:
                self.problem(self.body_line, f"The section {section.id!r} is empty", "Write it or remove its heading.")
            for block in section.blocks:
                if isinstance(block, StepsBlock) and len(block.items) > MOST_STEPS:
                    self.problem(
                        self.body_line, f"{section.id!r} has {len(block.items)} steps", f"Use {MOST_STEPS} at most."
                    )
                if isinstance(block, PictureBlock) and not (path.parents[2] / "pictures" / block.name).is_file():
                    self.problem(
                        self.body_line, f"The picture {block.name} is not in kb/pictures", "Add it or correct the name."
                    )
        named = {section.vendor for section in sections if section.vendor}
        if named != set(front.vendors):
            self.problem(
                2, f"vendors says {sorted(front.vendors)}, the sections are for {sorted(named)}", "Make them agree."
            )


def _plain(inline: Token) -> str:
    """The inline content as plain text: emphasis marks dropped, pictures left out."""
    children = inline.children or []
    parts = [
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in children
        if child.type != "image"
    ]
    return re.sub(r"[ \t\n]+", " ", "".join(parts)).strip()


def _text(block: Block) -> str:
    return (
        " ".join(block.items)
        if isinstance(block, StepsBlock)
        else block.alt
        if isinstance(block, PictureBlock)
        else block.text
    )


def _closing(tokens: list[Token], start: int) -> int:
    """Index of the token that closes the block opened at ``start``."""
    level, kind = tokens[start].level, tokens[start].type.replace("_open", "_close")
    return next(at for at in range(start + 1, len(tokens)) if tokens[at].type == kind and tokens[at].level == level)


def read_articles(
    folder: Path, topics: Collection[str], facts: Mapping[str, Mapping[str, Any]], problems: list[Problem]
) -> list[Article]:
    """Read ``folder/<language>/<topic>.md``; what is wrong goes to ``problems`` and the file is left out."""
    articles = []
    for path in sorted(folder.glob("*/*.md")):
        article = _Reader(path, facts, problems).read()
        if article is None:
            continue
        unknown = [each for each in (article.id, *article.related) if each not in topics]
        if unknown:
            problems.append(Problem(path, 2, f"Unknown topic {', '.join(unknown)}", "Use the ids of kb/topics.yaml."))
            continue
        articles.append(article)
    _check_same_sections(folder, articles, problems)
    return articles


def _check_same_sections(folder: Path, articles: list[Article], problems: list[Problem]) -> None:
    """Translations carry the same sections in the same order, so that agent and driver read the same one."""
    english = {article.id: article for article in articles if article.language == "en"}
    for article in articles:
        source = english.get(article.id)
        if source is None:
            continue
        mine = [(section.id, section.vendor, section.country) for section in article.sections]
        if mine != [(section.id, section.vendor, section.country) for section in source.sections]:
            path = folder / article.language / f"{article.id}.md"
            ids = ", ".join(section.id for section in source.sections)
            problems.append(
                Problem(path, 1, "The sections differ from the English article's", f"Use in this order: {ids}.")
            )


def language_problem(folder: Path, article: Article) -> Problem | None:
    """Whether the article reads as another language than its own; asked of long text only, where langdetect is good."""
    DetectorFactory.seed = 0
    best = detect_langs(" ".join(_text(block) for section in article.sections for block in section.blocks))[0]
    if best.lang == _DETECTED.get(article.language, article.language) or best.prob < SURE:
        return None
    path = folder / article.language / f"{article.id}.md"
    return Problem(path, 1, f"The text reads as {best.lang!r}", f"Write it in {article.language!r} or move the file.")
