"""Whom to call, by country."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.understanding.emergency import EmergencyDirectory, EmergencyNumbers, emergency_numbers

EU_AND_EEA = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]


@pytest.mark.parametrize(
    ("country", "general", "fire", "medical"),
    [
        ("CH", "112", "118", "144"),
        ("NO", "112", "110", "113"),
        ("FR", "112", "18", "15"),
        ("AT", "112", "122", "144"),
        ("DE", "112", None, None),
        ("IT", "112", None, None),
        ("GB", "999", None, None),
        ("US", "911", None, None),
        ("CA", "911", None, None),
    ],
)
def test_a_country_has_its_own_numbers(country: str, general: str, fire: str | None, medical: str | None) -> None:
    assert emergency_numbers(country) == EmergencyNumbers(general=general, fire=fire, medical=medical)


@pytest.mark.parametrize("country", EU_AND_EEA)
def test_112_answers_in_the_whole_eu_and_eea(country: str) -> None:
    assert emergency_numbers(country).general == "112"


def test_every_country_of_the_eu_and_eea_is_listed() -> None:
    assert set(EU_AND_EEA) - EmergencyDirectory.load().countries.keys() == set()


@pytest.mark.parametrize("country", [None, "", "XX", "Switzerland", "🇨🇭"])
def test_without_a_known_country_it_is_112(country: str | None) -> None:
    assert emergency_numbers(country) == EmergencyNumbers(general="112")


def test_a_country_is_known_in_lower_case_and_by_its_other_code() -> None:
    assert emergency_numbers(" no ").fire == "110"
    assert emergency_numbers("UK").general == "999"


def test_a_number_that_nobody_can_dial_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "emergency.yaml"
    file.write_text('elsewhere: {general: "112"}\naliases: {}\ncountries: {DE: {general: one-one-two}}\n')
    with pytest.raises(ValidationError, match=r"countries\.DE\.general"):
        EmergencyDirectory.load(file)
