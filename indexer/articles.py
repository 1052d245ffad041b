"""Reading and checking articles: front matter, the vendors' facts rendered in, sections.

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
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.errors import Problem
from indexer.facts import filters_for
from indexer.markdown import LEAD, Complain, PlacedSection, parse
from indexer.origin import Origin
from indexer.types import Article, Block, PictureBlock, StepsBlock

STEPS, NEXT = "steps", "next"
REQUIRED_SECTIONS = (LEAD, STEPS, NEXT)
MOST_STEPS = 8
SURE = 0.9
# langdetect names Bokmål "no"; it is asked only for whole articles, where it is reliable.
_DETECTED = {"nb": "no"}
FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


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
    origin: Origin | None = None


class _Reader:
    """Reads one file; collects problems instead of raising, so that all are seen at once."""

    def __init__(
        self,
        path: Path,
        topics: Collection[str],
        facts: Mapping[str, Mapping[str, Any]],
        problems: list[Problem],
    ) -> None:
        self.path, self.topics, self.facts, self.problems = path, topics, facts, problems
        self.failed = False
        self.front_text = ""

    def problem(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, line, what, remedy))
        self.failed = True

    def read(self) -> Article | None:
        try:
            source = self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            self.problem(1, f"The file is not UTF-8 ({error.reason})", "Save it as UTF-8.")
            return None
        match = FRONT.match(source)
        if not match:
            self.problem(1, "The file does not begin with front matter", "Begin with a block between two lines of ---.")
            return None
        self.front_text = match[1]
        front = self._front()
        first_line = source[: match.end()].count("\n") + 1
        if front is None:
            return None
        body = self._rendered(source[match.end() :], front.language, first_line)
        if body is None:
            return None
        placed = parse(body, first_line, self.problem)
        if not self.failed:
            self._check_front(front, placed)
            self._check_sections(placed, first_line)
        if self.failed:
            return None
        return Article(**front.model_dump(exclude={"origin"}), sections=tuple(each.section for each in placed))

    def _front(self) -> FrontMatter | None:
        try:
            # Every value stays text here, so that a wrong date is reported like any other wrong value.
            return FrontMatter.model_validate(yaml.load(self.front_text, Loader=yaml.BaseLoader))  # noqa: S506
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 2
            self.problem(line, "The front matter is not valid YAML", "Quote a value that contains a colon.")
        except ValidationError as error:
            for each in error.errors():
                name = str(each["loc"][0]) if each["loc"] else "front matter"
                self.problem(self._line_of(name), f"{name}: {each['msg']}", "See docs/writing-articles.md, Form.")
        return None

    def _line_of(self, name: str) -> int:
        """The line of a field of the front matter."""
        found = re.search(rf"^{re.escape(name)}:", self.front_text, re.MULTILINE)
        return self.front_text[: found.start()].count("\n") + 2 if found else 2

    def _rendered(self, body: str, language: str, first_line: int) -> str | None:
        lines = rendered_lines(body, language, self.facts, first_line, self.problem)
        return None if self.failed else "\n".join(lines)

    def _check_front(self, front: FrontMatter, placed: list[PlacedSection]) -> None:
        for name, said, wanted in (
            ("id", front.id, self.path.stem),
            ("language", front.language, self.path.parent.name),
        ):
            if said != wanted:
                what = f"The front matter says {front.language}/{front.id}"
                self.problem(self._line_of(name), what, "Let folder and file name agree with it.")
        named = {each.section.vendor for each in placed if each.section.vendor}
        if named <= set(self.facts) and named != set(front.vendors):
            what = f"vendors says {sorted(front.vendors)}, the sections are for {sorted(named)}"
            self.problem(self._line_of("vendors"), what, "Make them agree.")
        unknown = [each for each in front.related if each not in self.topics]
        if unknown:
            what = f"Unknown topic {', '.join(unknown)}"
            self.problem(self._line_of("related"), what, "Use the ids of kb/topics.yaml.")
        elif front.id == self.path.stem and front.id not in self.topics:
            self.problem(self._line_of("id"), f"Unknown topic {front.id}", "Use the ids of kb/topics.yaml.")

    def _check_sections(self, placed: list[PlacedSection], first_line: int) -> None:
        seen: set[str] = set()
        for each in placed:
            section = each.section
            if section.id in seen:
                self.problem(each.line, f"The section id {section.id!r} occurs twice", "Give each section its own id.")
            seen.add(section.id)
            if section.vendor and section.vendor not in self.facts:
                remedy = f"Use one of {', '.join(sorted(self.facts))}."
                self.problem(each.line, f"The vendor {section.vendor!r} is unknown", remedy)
            if not section.blocks:
                self.problem(each.line, f"The section {section.id!r} is empty", "Write it or remove its heading.")
            for block, line in zip(section.blocks, each.block_lines, strict=True):
                self._check_block(section.id, block, line)
        for required in REQUIRED_SECTIONS:
            if required not in seen:
                self.problem(first_line, f"The section {{#{required}}} is missing", "Add it.")

    def _check_block(self, section: str, block: Block, line: int) -> None:
        if isinstance(block, StepsBlock) and len(block.items) > MOST_STEPS:
            self.problem(line, f"{section!r} has {len(block.items)} steps", f"Use {MOST_STEPS} at most.")
        if isinstance(block, PictureBlock) and not (self.path.parents[2] / "pictures" / block.name).is_file():
            what = f"The picture {block.name} is not in kb/pictures"
            self.problem(line, what, "Add it or correct the name.")


def rendered_lines(
    body: str, language: str, facts: Mapping[str, Mapping[str, Any]], first_line: int, complain: Complain
) -> list[str]:
    """The lines of the body with the vendors' facts in them; one that cannot be rendered stays as it is written."""
    environment = Environment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, finalize=_only_text
    )
    environment.filters.update(filters_for(language))
    lines = []
    for number, line in enumerate(body.split("\n"), start=first_line):
        shown = line
        try:
            if "{{" in line or "{%" in line:
                shown = environment.from_string(line).render(facts)
        except TemplateSyntaxError as error:
            complain(number, f"The expression cannot be read ({error.message})", "Write {{ vendor.fact | filter }}.")
        except (TemplateError, TypeError, ValueError, KeyError, ArithmeticError) as error:
            complain(number, f"The fact cannot be shown ({error})", "Check the name in kb/vendors/ and the filter.")
        lines.append(shown)
    return lines


def _only_text(value: object) -> object:
    """A fact of several parts has no text of its own: it needs a filter."""
    if isinstance(value, Mapping | list | tuple):
        raise TypeError("it has several parts and needs a filter")
    return value


def _text(block: Block) -> str:
    match block:
        case StepsBlock():
            return " ".join(block.items)
        case PictureBlock():
            return block.alt
        case _:
            return block.text


def read_articles(
    folder: Path, topics: Collection[str], facts: Mapping[str, Mapping[str, Any]], problems: list[Problem]
) -> list[Article]:
    """Read ``folder/<language>/<topic>.md``; what is wrong goes to ``problems`` and the file is left out."""
    read = (_Reader(path, topics, facts, problems).read() for path in sorted(folder.glob("*/*.md")))
    articles = [article for article in read if article is not None]
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
