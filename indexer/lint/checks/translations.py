"""Whether the languages of an article say the same. English is the source of every translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.lint.base import ARTICLES, Base, Page
from indexer.lint.rules import FactRules, Rules
from indexer.lint.types import Found
from indexer.lint.values import names_of, values
from indexer.markdown import PlacedSection
from indexer.types import StepsBlock


def missing_translation(base: Base, _: Rules) -> Iterator[Found]:
    """A topic without an article in one of the articles' languages."""
    for topic in base.topics:
        for language in ARTICLE_LANGUAGES:
            if (language, topic) not in base.by_name:
                path = Path(ARTICLES) / language / f"{topic}.md"
                yield Found(path, 1, f"There is no article on {topic} in {language!r}", "Write or import it.")


def older_translation(base: Base, _: Rules) -> Iterator[Found]:
    """A translation last changed before its source was."""
    for source, page in base.translations():
        if source.front and page.front and page.front.updated < source.front.updated:
            what = f"It is of {page.front.updated}, the English article of {source.front.updated}"
            remedy = "Take over what changed, then set updated."
            yield Found(page.path, page.front_line("updated"), what, remedy)


def sections_differ(base: Base, _: Rules) -> Iterator[Found]:
    """A section that one language has and the other has not, or in another order or for somebody else."""
    for source, page in base.translations():
        wanted, mine = _sections(source), _sections(page)
        if mine == wanted:
            continue
        missing = [each[0] for each in wanted if each not in mine]
        surplus = [each[0] for each in mine if each not in wanted]
        parts = [f"without {', '.join(missing)}"] if missing else []
        parts += [f"with {', '.join(surplus)}"] if surplus else []
        said = " and ".join(parts) or "in another order"
        yield Found(page.path, 1, f"The sections differ from the English ones: {said}", "Let them agree.")


def _sections(page: Page) -> list[tuple[str, str | None, str | None]]:
    return [(each.section.id, each.section.vendor, each.section.country) for each in page.placed]


def facts_differ(base: Base, rules: Rules) -> Iterator[Found]:
    """Amounts, percentages, times, phones and numbers that only one language states, a section at a time."""
    for source, page, theirs, mine in _same_sections(base):
        wanted, said = _stated(source, theirs, rules.facts), _stated(page, mine, rules.facts)
        also = _in_words(page, mine, rules.facts), _in_words(source, theirs, rules.facts)
        lacking = [text for text in wanted if text not in said and text not in also[0]]
        foreign = [text for text in said if text not in wanted and text not in also[1]]
        if not lacking and not foreign:
            continue
        line = said[foreign[0]] if foreign else mine.line
        parts = [f"says {', '.join(foreign)}"] if foreign else []
        parts += [f"does not say {', '.join(lacking)}"] if lacking else []
        what = f"The section {mine.section.id!r} {' and '.join(parts)}, unlike the English one"
        yield Found(page.path, line, what, "Let all languages state the same values, from kb/vendors/ if a vendor's.")


def _same_sections(base: Base) -> Iterator[tuple[Page, Page, PlacedSection, PlacedSection]]:
    for source, page in base.translations():
        known = {each.section.id: each for each in source.placed}
        for mine in page.placed:
            if mine.section.id in known:
                yield source, page, known[mine.section.id], mine


def _stated(page: Page, placed: PlacedSection, rules: FactRules) -> dict[str, int]:
    """The values of a section, each with its line."""
    found: dict[str, int] = {}
    for line in page.lines_of(placed):
        shown = rules.idiom.sub(" ", re.sub(r"^\s*\d+\.\s", "", line.shown))
        for value in values(re.sub(r"\]\([^)]*\)", "]", shown)):
            found.setdefault(value.text, line.number)
    return found


def _in_words(page: Page, placed: PlacedSection, rules: FactRules) -> set[str]:
    text = " ".join(line.shown for line in page.lines_of(placed)).casefold()
    known = rules.words.get(page.language, {})
    return {str(known[word]) for word in re.findall(r"\w+", text) if word in known}


def names_differ(base: Base, _: Rules) -> Iterator[Found]:
    """Vendors' names, and names of plans, models and buttons, that only one language mentions."""
    vendors = base.frame.vendors
    for source, page, theirs, mine in _same_sections(base):
        vendor = vendors.get(mine.section.vendor or "")
        names = frozenset(each.name for each in vendors.values()) | (names_of(vendor.facts) if vendor else frozenset())
        wanted, said = _mentioned(source, theirs, names), _mentioned(page, mine, names)
        if wanted == said:
            continue
        parts = [f"does not mention {', '.join(sorted(wanted - said))}"] if wanted - said else []
        parts += [f"mentions {', '.join(sorted(said - wanted))}"] if said - wanted else []
        what = f"The section {mine.section.id!r} {' and '.join(parts)}, unlike the English one"
        yield Found(page.path, mine.line, what, "Names are the same in every language: use the vendor's facts.")


def _mentioned(page: Page, placed: PlacedSection, names: frozenset[str]) -> set[str]:
    text = " ".join(line.shown for line in page.lines_of(placed))
    return {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}


def steps_differ(base: Base, _: Rules) -> Iterator[Found]:
    """Numbered lists of another length: a driver who switches language, and an agent, count the same steps."""
    for _source, page, theirs, mine in _same_sections(base):
        wanted, said = _counts(theirs), _counts(mine)
        if wanted != said:
            what = f"The section {mine.section.id!r} has {_listed(said)} steps, the English one {_listed(wanted)}"
            yield Found(page.path, mine.line, what, "Give every language the same steps.")


def _counts(placed: PlacedSection) -> list[int]:
    return [len(block.items) for block in placed.section.blocks if isinstance(block, StepsBlock)]


def _listed(counts: list[int]) -> str:
    return " and ".join(map(str, counts)) or "no"
