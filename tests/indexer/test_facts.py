"""Vendors' facts as people of each language write them."""

from __future__ import annotations

import pytest

from indexer.facts import clock, either, filters_for, local, money, percent, span
from tests.small_kb import ARTICLE_LANGUAGES


def spaced(text: str) -> str:
    """With plain spaces: which kind of space a language uses is not what these tests are about."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "CHF 1,250.50"),
        ("fr", "CHF 1 250,50"),
        ("de", "CHF 1.250,50"),
        ("it", "CHF 1.250,50"),
        ("nb", "CHF 1 250,50"),
    ],
)
def test_money_shows_code_separators_and_cents(language: str, written: str) -> None:
    assert spaced(money({"amount": "1250.50", "currency": "CHF"}, language)) == written


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
@pytest.mark.parametrize("currency", ["CHF", "EUR", "NOK", "GBP"])
def test_money_never_hides_its_currency_behind_a_sign(language: str, currency: str) -> None:
    assert currency in money({"amount": "1.00", "currency": currency}, language)


def test_an_amount_that_no_binary_fraction_can_hold_is_exact() -> None:
    assert money({"amount": "0.29", "currency": "EUR"}, "en").endswith("0.29")


@pytest.mark.parametrize(
    ("language", "written"), [("en", "4.5%"), ("fr", "4,5 %"), ("de", "4,5 %"), ("it", "4,5%"), ("nb", "4,5 %")]
)
def test_a_share_keeps_its_decimals(language: str, written: str) -> None:
    assert spaced(percent("4.5", language)) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1 to 2 working days"),
        ("fr", "1 à 2 jours ouvrables"),
        ("de", "1 bis 2 Werktage"),
        ("it", "da 1 a 2 giorni lavorativi"),
        ("nb", "1 til 2 virkedager"),
    ],
)
def test_a_span_of_time_is_written_in_words(language: str, written: str) -> None:
    assert span({"min": 1, "max": 2, "unit": "working-day"}, language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "A, B, or C"), ("fr", "A, B ou C"), ("de", "A, B oder C"), ("it", "A, B o C"), ("nb", "A, B eller C")],
)
def test_alternatives_are_joined_by_the_language_s_or(language: str, written: str) -> None:
    assert either(["A", "B", "C"], language) == written


def test_a_single_alternative_stands_alone() -> None:
    assert either(["Pulsar"], "de") == "Pulsar"


@pytest.mark.parametrize(
    ("language", "written"), [("en", "9:00 PM"), ("fr", "21:00"), ("de", "21:00"), ("nb", "21:00")]
)
def test_a_time_of_day_follows_the_language(language: str, written: str) -> None:
    assert spaced(clock("21:00", language)) == written


@pytest.mark.parametrize(("language", "written"), [("en", "Zurich"), ("it", "Zurigo")])
def test_a_name_that_languages_write_differently_is_shown_in_the_article_s_own(language: str, written: str) -> None:
    assert local({"en": "Zurich", "it": "Zurigo"}, language) == written


def test_filters_are_bound_to_their_language() -> None:
    assert filters_for("de")["either"](["A", "B"]) == "A oder B"
    assert filters_for("en")["either"](["A", "B"]) == "A or B"
