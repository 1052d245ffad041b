"""Cuts an article to what applies to this driver. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile

from indexer.articles import NEXT, STEPS
from indexer.markdown import LEAD
from indexer.types import Article, Section, StepsBlock


def applicable(section: Section, vendor: str | None, country: str | None) -> bool:
    """Whether the section may be shown to a driver of this vendor in this country.

    Vendor rules hold for that vendor alone. Where the vendor is unknown, a section may be shown if the caller
    sees to it that it is named; a section for one country is never shown in another, or in none.
    """
    if section.country is not None and section.country != country:
        return False
    return section.vendor is None or vendor is None or section.vendor == vendor


def own_sections(article: Article, vendor: str | None, country: str | None) -> tuple[Section, ...]:
    """The vendors' sections to show.

    Where the vendor is unknown: those of the only vendor concerned, as they name it; but no steps of a vendor's,
    since two lists of steps in one answer leave the driver to guess which to follow.
    """
    own = tuple(section for section in article.sections if section.vendor and applicable(section, vendor, country))
    if vendor is None and (len({section.vendor for section in own}) > 1 or any(map(_has_steps, own))):
        return ()
    return own


def shown_sections(
    article: Article, vendor: str | None, country: str | None, found: Collection[str]
) -> tuple[Section, ...]:
    """The sections to show: in the article's order, but the vendor's own right after the lead where it is known.

    Lead, steps and what comes next always; the vendors' of :func:`own_sections`; others only when the question was
    about them (``found``). A vendor's own steps replace the general ones.
    """
    own = own_sections(article, vendor, country)
    shown = []
    for section in article.sections:
        if section.vendor:
            wanted = section in own
        elif section.id == STEPS:
            wanted = not any(map(_has_steps, own))
        else:
            wanted = section.id in (LEAD, NEXT) or (section.id in found and applicable(section, vendor, country))
        if wanted:
            shown.append(section)
    if vendor is not None:
        shown.sort(key=lambda section: 0 if section.id == LEAD else 1 if section.vendor else 2)
    return tuple(shown)


def steps_of(article: Article, vendor: str | None, country: str | None) -> tuple[Section, tuple[str, ...]]:
    """The section whose steps the driver is to follow, and those steps; empty where the article has none."""
    for section in shown_sections(article, vendor, country, ()):
        for block in section.blocks:
            if isinstance(block, StepsBlock):
                return section, block.items
    return article.sections[0], ()


def asked_about(article: str, passages: Sequence[str]) -> set[str]:
    """The sections that the question was about: those nearer to it than the lead and the steps, which are shown anyway.

    ``passages`` are the keys of the nearest passages, best first.
    """
    sections = (key.split("#")[1] for key in passages if f"/{article}#" in key)
    return set(takewhile(lambda section: section not in (LEAD, STEPS), sections))


def vendors_to_ask_for(article: Article, vendor: str | None, country: str | None) -> tuple[str, ...]:
    """The vendors whose sections had to be left out because the driver's vendor is unknown."""
    if vendor is not None:
        return ()
    concerned = dict.fromkeys(s.vendor for s in article.sections if s.vendor and applicable(s, None, country))
    return () if own_sections(article, None, country) else tuple(concerned)


def _has_steps(section: Section) -> bool:
    return any(isinstance(block, StepsBlock) for block in section.blocks)
