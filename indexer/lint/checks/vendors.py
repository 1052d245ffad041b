"""Whether what belongs to one vendor or one country stays there, and comes from its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.lint.base import Base, Line, Page
from indexer.lint.rules import FactRules, Forbidden, Rules
from indexer.lint.sentences import sentences
from indexer.lint.types import Found
from indexer.lint.values import Fact, Value, digits, facts_shown, values
from indexer.types import Section

_EXPRESSION = re.compile(r"\{\{.*?\}\}|^\s*\d+\.\s")


def literal_fact(base: Base, _: Rules) -> Iterator[Found]:
    """A vendor's value that is typed, and so stays as it is when the vendor changes it."""
    for page in base.pages:
        known = _known(base, page.language)
        for line in page.lines:
            written = _EXPRESSION.sub(" ", line.written)
            for fact, said in _typed(written, known):
                what = f"{said!r} is typed, but it is the fact {fact.vendor}.{fact.name}"
                yield Found(page.path, line.number, what, f"Write {{{{ {fact.vendor}.{fact.name} }}}} with its filter.")


def _known(base: Base, language: str) -> list[tuple[Fact, tuple[Value, ...]]]:
    facts = (fact for vendor in base.frame.vendors.values() for fact in facts_shown(vendor.id, vendor.facts, language))
    return [(fact, found) for fact in facts if (found := tuple(values(fact.shown)))]


def _typed(written: str, known: list[tuple[Fact, tuple[Value, ...]]]) -> Iterator[tuple[Fact, str]]:
    said = {value.text: value.said for value in values(written)}
    for fact, parts in known:
        if len(parts) > 1:  # a span of time, of which a number alone says little
            if fact.shown in written:
                yield fact, fact.shown
        elif parts[0].kind != "number" and parts[0].text in said:
            yield fact, said[parts[0].text]


def phone_country(base: Base, rules: Rules) -> Iterator[Found]:
    """A phone that is another country's, or that stands where no country is said (CP6)."""
    for page in base.pages:
        for placed in page.placed:
            for line in page.lines_of(placed):
                for value in values(line.shown):
                    country = _country(base, value, rules.facts) if value.kind == "phone" else None
                    if country and country != placed.section.country:
                        yield _misplaced(page, line, value, country, placed.section)


def _country(base: Base, value: Value, rules: FactRules) -> str | None:
    for vendor in base.frame.vendors.values():
        phones = vendor.facts.get("support_phone", {})
        for country, phone in phones.items():
            if digits(phone) == value.text:
                return str(country)
    if value.said.startswith(("+", "00")):
        codes = sorted(rules.calling_codes.items(), key=lambda item: -len(item[1]))
        return next((country for country, code in codes if value.text.startswith(code)), None)
    return None


def _misplaced(page: Page, line: Line, value: Value, country: str, section: Section) -> Found:
    place = f"a section for {section.country}" if section.country else "a section for every country"
    what = f"The phone {value.said} is of {country}, and stands in {place}"
    return Found(page.path, line.number, what, f"Move it into a section with country={country}.")


def other_vendor(base: Base, _: Rules) -> Iterator[Found]:
    """A vendor named in another vendor's section, or where every vendor's drivers read it."""
    for page in base.pages:
        for placed in page.placed:
            for line in page.lines_of(placed):
                for vendor in base.frame.vendors.values():
                    if vendor.id != placed.section.vendor and _names(line.shown, vendor.name):
                        place = placed.section.vendor or "drivers of every vendor"
                        what = f"{vendor.name} is named in the section {placed.section.id!r}, which is for {place}"
                        remedy = f"Move it into a section with vendor={vendor.id}."
                        yield Found(page.path, line.number, what, remedy)


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def forbidden_words(base: Base, rules: Rules) -> Iterator[Found]:
    """Words of the list in rules.yaml: what no article says, and what is untrue of a vendor."""
    for page in base.pages:
        mine = [each for each in rules.forbidden if each.language == page.language]
        for placed in page.placed:
            for line in page.lines_of(placed):
                for each in mine:
                    match = _said(each, line.shown, rules) if each.vendor in (None, placed.section.vendor) else None
                    if match:
                        yield Found(page.path, line.number, f"It says {match[0]!r}", each.say)


def _said(each: Forbidden, text: str, rules: Rules) -> re.Match[str] | None:
    denial = rules.denial.get(each.language)
    for sentence in sentences(text):
        match = each.pattern.search(sentence)
        if match and not (each.denied and denial and denial.search(sentence)):
            return match
    return None
