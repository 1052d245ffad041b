"""What of an article is shown to whom."""

from __future__ import annotations

from datetime import date

import pytest

from bot.replies.sections import asked_about, shown_sections, vendors_to_ask_for
from indexer.types import Article, Section, StepsBlock, TextBlock

SAID = (TextBlock("One says."),)
DONE = (StepsBlock(("Do this.",)),)


def article(*between: Section) -> Article:
    """Lead, steps, what lies between, and what comes next."""
    sections = (Section("lead", "", SAID), Section("steps", "Steps", DONE), *between, Section("next", "Next", SAID))
    today = date(2026, 11, 21)
    return Article("cable-stuck", "en", "Cable", ("Stuck", "Plug"), (), "support", today, today, (), sections)


WHY = Section("why", "Why", SAID)
WINTER = Section("winter", "In winter", SAID)
EPONET = Section("eponet", "With Eponet", SAID, vendor="eponet")
WALLBOX = Section("wallbox", "With Wallbox", SAID, vendor="wallbox")
WALLBOX_STEPS = Section("wallbox", "With Wallbox", (*SAID, *DONE), vendor="wallbox")
SWISS = Section("swiss", "In Switzerland", SAID, country="CH")
EPONET_ITALY = Section("eponet-it", "With Eponet in Italy", SAID, vendor="eponet", country="IT")
WALLBOX_ITALY = Section("wallbox-it", "With Wallbox in Italy", SAID, vendor="wallbox", country="IT")


def shown(
    one: Article, vendor: str | None = None, country: str | None = None, found: tuple[str, ...] = ()
) -> list[str]:
    return [section.id for section in shown_sections(one, vendor, country, found)]


@pytest.mark.parametrize("vendor", [None, "eponet", "chargepoint"])
@pytest.mark.parametrize("country", [None, "CH"])
def test_lead_steps_and_what_comes_next_are_always_shown(vendor: str | None, country: str | None) -> None:
    assert shown(article(), vendor, country) == ["lead", "steps", "next"]


def test_other_sections_are_shown_when_the_question_was_about_them() -> None:
    assert shown(article(WHY, WINTER), found=("winter", "titles")) == ["lead", "steps", "winter", "next"]


def test_sections_keep_the_order_of_the_article() -> None:
    found = ("winter", "next", "why", "lead")
    assert shown(article(WHY, WINTER), found=found) == ["lead", "steps", "why", "winter", "next"]


@pytest.mark.parametrize(
    ("vendor", "own"), [("eponet", ["eponet"]), ("wallbox", ["wallbox"]), ("chargepoint", []), (None, [])]
)
def test_with_several_vendors_only_the_drivers_own_section_is_shown(vendor: str | None, own: list[str]) -> None:
    found = ("eponet", "wallbox")
    assert shown(article(EPONET, WALLBOX), vendor, found=found) == ["lead", *own, "steps", "next"]


def test_where_one_vendor_alone_is_concerned_its_section_is_shown_to_a_driver_of_unknown_vendor() -> None:
    assert shown(article(EPONET)) == ["lead", "steps", "eponet", "next"]


def test_a_driver_of_another_vendor_does_not_see_the_only_vendors_section() -> None:
    assert shown(article(EPONET), "wallbox", found=("eponet",)) == ["lead", "steps", "next"]


def test_the_vendors_own_steps_replace_the_general_ones() -> None:
    assert shown(article(WALLBOX_STEPS), "wallbox") == ["lead", "wallbox", "next"]


@pytest.mark.parametrize(
    ("one", "vendor", "sections"),
    [
        (article(WALLBOX), "wallbox", ["lead", "wallbox", "steps", "next"]),
        (article(WALLBOX_STEPS), None, ["lead", "steps", "next"]),
        (article(WALLBOX_STEPS), "eponet", ["lead", "steps", "next"]),
        (article(WALLBOX_STEPS, EPONET), "eponet", ["lead", "eponet", "steps", "next"]),
    ],
    ids=["the vendor has no steps", "the vendor is a guess", "another vendor", "another vendor with a section"],
)
def test_the_general_steps_stay_unless_the_drivers_vendor_has_its_own(
    one: Article, vendor: str | None, sections: list[str]
) -> None:
    assert shown(one, vendor) == sections


@pytest.mark.parametrize("vendor", [None, "eponet"])
@pytest.mark.parametrize("country", [None, "CH", "it"])
def test_a_section_for_one_country_is_never_shown_elsewhere(vendor: str | None, country: str | None) -> None:
    found = ("eponet-it",)
    assert shown(article(EPONET_ITALY), vendor, country, found) == ["lead", "steps", "next"]


@pytest.mark.parametrize("vendor", [None, "eponet"])
def test_a_section_for_one_country_is_shown_there(vendor: str | None) -> None:
    assert "eponet-it" in shown(article(EPONET_ITALY), vendor, "IT")


def test_the_section_of_a_known_vendor_comes_right_after_the_lead() -> None:
    assert shown(article(WHY, EPONET), "eponet", found=("why",)) == ["lead", "eponet", "steps", "why", "next"]


def test_a_section_for_one_country_is_not_shown_to_another_vendors_drivers_there() -> None:
    assert shown(article(EPONET_ITALY), "wallbox", "IT") == ["lead", "steps", "next"]


@pytest.mark.parametrize(("country", "there"), [("CH", ["swiss"]), ("IT", []), (None, [])])
def test_a_countrys_section_for_all_vendors_is_shown_there_when_asked_about(
    country: str | None, there: list[str]
) -> None:
    assert shown(article(SWISS), None, country, ("swiss",)) == ["lead", "steps", *there, "next"]


@pytest.mark.parametrize(
    ("one", "country", "asked"),
    [
        (article(), None, ()),
        (article(EPONET), None, ()),
        (article(WALLBOX_STEPS), None, ("wallbox",)),
        (article(EPONET, WALLBOX), None, ("eponet", "wallbox")),
        (article(WALLBOX, EPONET), None, ("wallbox", "eponet")),
        (article(EPONET, EPONET_ITALY), "IT", ()),
        (article(EPONET, WALLBOX_ITALY), None, ()),
        (article(EPONET, WALLBOX_ITALY), "IT", ("eponet", "wallbox")),
    ],
    ids=[
        "none",
        "one",
        "one with steps",
        "two",
        "two, the other way round",
        "one, twice",
        "another country's",
        "two in this country",
    ],
)
def test_the_vendor_is_asked_for_where_sections_of_several_were_left_out(
    one: Article, country: str | None, asked: tuple[str, ...]
) -> None:
    assert vendors_to_ask_for(one, None, country) == asked


def test_a_known_vendor_is_never_asked_for() -> None:
    assert vendors_to_ask_for(article(EPONET, WALLBOX), "chargepoint", None) == ()


@pytest.mark.parametrize(
    ("passages", "asked"),
    [
        (
            ["en/cable-stuck#titles", "en/cable-stuck#winter", "en/cable-stuck#lead", "en/cable-stuck#why"],
            {"titles", "winter"},
        ),
        (["en/cable-stuck#lead", "en/cable-stuck#winter"], set()),
        (["en/lost-pass#winter", "nb/cable-stuck#why"], {"why"}),
        ([], set()),
    ],
)
def test_a_question_is_about_the_sections_nearer_to_it_than_the_lead(passages: list[str], asked: set[str]) -> None:
    assert asked_about("cable-stuck", passages) == asked
