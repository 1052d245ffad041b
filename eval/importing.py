"""``python -m eval.importing``: does importing keep what belongs to an article, and nothing else?

Each page stands beside a list: the sentences of its article, all of them, and lines of what stands around it. *Kept* is
the share of the article's sentences that are in a draft. *Foreign* is the share of the drafts' words that are in none
of them, so that text which nobody thought of counts as well. The pages in ``held-out`` were not looked at while the
rules were made.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import yaml
from pydantic import BaseModel, ConfigDict, Field

from indexer.importers.blocks import plain
from indexer.importers.pages import extract_page
from indexer.importers.rules import Rules, shipped_rules
from indexer.importers.types import Document, Extract, words_of

PAGES = Path(__file__).parents[1] / "tests" / "indexer" / "importers" / "pages"
HELD_OUT = "held-out"
FEWEST_KEPT, MOST_FOREIGN = 0.98, 0.02
_WORD = re.compile(r"\w+")


class Expected(BaseModel):
    """What stands beside a page: its languages, every sentence of its article, lines that are none of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    languages: tuple[str, ...] = Field(min_length=1)
    keep: tuple[str, ...] = Field(min_length=1)
    drop: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Page:
    """A page of the set. ``name`` is its path in the set, without ending."""

    name: str
    content: bytes
    expected: Expected

    @property
    def held_out(self) -> bool:
        """Whether it was set aside while the rules were made."""
        return self.name.startswith(HELD_OUT)


@dataclass(frozen=True)
class Score:
    """Of one page or several: sentences, words of drafts. ``lost`` and ``strange`` show what went wrong."""

    sentences: int
    kept: int
    words: int
    foreign: int
    lost: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def kept_share(self) -> float:
        """Share of the article's sentences that a draft has."""
        return self.kept / self.sentences if self.sentences else 1.0

    @property
    def foreign_share(self) -> float:
        """Share of the drafts' words that the article does not have."""
        return self.foreign / self.words if self.words else 0.0

    @property
    def passes(self) -> bool:
        """Whether both bars are held."""
        return self.kept_share >= FEWEST_KEPT and self.foreign_share <= MOST_FOREIGN


def read_pages(folder: Path = PAGES) -> list[Page]:
    """All pages of the set, those held out last."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        expected = Expected.model_validate(yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8")))
        found.append(Page(path.relative_to(folder).with_suffix("").as_posix(), path.read_bytes(), expected))
    return sorted(found, key=lambda page: page.held_out)


def drafts_of(page: Page, rules: Rules) -> list[Extract]:
    """What importing makes of a page."""
    document = Document(f"{page.name}.html", "html", page.content, datetime(2026, 1, 1, tzinfo=UTC), "html")
    return [each for each in extract_page(document, rules) if isinstance(each, Extract)]


def lines_of(drafts: Iterable[Extract]) -> list[str]:
    """The text of drafts, a line a block, without marks."""
    return [plain(line) for draft in drafts for line in (draft.title, *map(words_of, draft.blocks))]


def scored(lines: Sequence[str], expected: Expected) -> Score:
    """Compare the text of drafts with what is wanted; blanks, typography and case do not count."""
    text = f" {' '.join(_words(line) for line in lines)} "
    lost, rest = [], text
    for sentence in sorted(expected.keep, key=len, reverse=True):
        words = f" {_words(sentence)} "
        if words not in text:
            lost.append(sentence)
        rest = rest.replace(words, " ¶ ").replace(words, " ¶ ")
    strange = [part.strip() for part in rest.split("¶") if part.strip()]
    strange += [each for each in expected.drop if len(_WORD.findall(each)) > 2 and f" {_words(each)} " in rest]
    foreign = sum(len(_WORD.findall(part)) for part in rest.split("¶"))
    count = len(expected.keep)
    total = len(_WORD.findall(text))
    return Score(count, count - len(lost), total, foreign, tuple(lost), tuple(dict.fromkeys(strange)))


def together(scores: Sequence[Score]) -> Score:
    """The score of several pages: sentences and words added up."""
    return Score(
        sum(score.sentences for score in scores),
        sum(score.kept for score in scores),
        sum(score.words for score in scores),
        sum(score.foreign for score in scores),
    )


def _words(text: str) -> str:
    return " ".join(_WORD.findall(html.unescape(text).casefold()))


def _line(name: str, score: Score) -> str:
    return f"{name:44} kept {score.kept_share:7.1%}   foreign {score.foreign_share:7.1%}"


@click.command(help="Measure how cleanly help pages are imported.")
@click.option("--pages", type=click.Path(path_type=Path, exists=True), default=PAGES, help="Another set of pages.")
@click.option("--held-out/--no-held-out", default=True, help="Whether the pages that were set aside are measured.")
def main(pages: Path, held_out: bool) -> None:
    """Print kept and foreign text per page and in all; exit with 1 below a bar."""
    rules = shipped_rules()
    scores: dict[str, Score] = {}
    chosen = [page for page in read_pages(pages) if held_out or not page.held_out]
    for page in chosen:
        score = scores[page.name] = scored(lines_of(drafts_of(page, rules)), page.expected)
        click.echo(_line(page.name, score))
        for kind, found in (("lost", score.lost), ("foreign", score.strange)):
            for each in found:
                click.echo(f"    {kind}: {each}")
    seen = [scores[page.name] for page in chosen if not page.held_out]
    unseen = [scores[page.name] for page in chosen if page.held_out]
    for name, part in (("seen while the rules were made", seen), ("held out", unseen), ("all", seen + unseen)):
        if part:
            click.echo(_line(f"{name} ({len(part)})", together(part)))
    if not together(seen + unseen).passes:
        click.echo(f"Below the bars: kept {FEWEST_KEPT:.0%} or more, foreign {MOST_FOREIGN:.0%} or less.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
