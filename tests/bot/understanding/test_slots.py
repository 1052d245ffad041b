"""Values in single messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.slots import Slot, SlotFinder
from bot.understanding.slots.emaid import check_digit

FINDER = SlotFinder.load()
EVSE = "CH*EPO*E4521"


def values(text: str, expected: Slot | None = None) -> list[tuple[str, str]]:
    return [(found.slot.value, found.value) for found in FINDER.find(text, expected) if not found.rejected]


@pytest.mark.parametrize(
    "text", [EVSE, EVSE.lower(), "CHEPOE4521", "ch epo e4521", "CH-EPO-E4521", "https://x.example/CH%2AEPO%2AE4521"]
)
def test_an_evse_id_is_one_in_every_spelling(text: str) -> None:
    assert values(text) == [("station", EVSE)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4521", [("station", "4521")]),
        ("40711", [("account", "40711")]),
        ("310244", [("charger", "310244")]),
        ("r20418", [("report", "R-20418")]),
        ("Konto 40711, Säule 4521", [("account", "40711"), ("station", "4521")]),
        ("no, I meant 4521", [("station", "4521")]),
        ("alla colonnina 4521 ma senza tessera", [("station", "4521")]),
        ("la colonnina 4521 l'ho vista ieri", [("station", "4521")]),
        ("la borne 4521 m\N{RIGHT SINGLE QUOTATION MARK}a aidé", [("station", "4521")]),
        ("not 4512 but 4521", [("station", "4521")]),
        ("nein, 4521 nicht 4512", [("station", "4521")]),
        ("1'200.50 CHF", [("amount", "1200.50 CHF")]),
        ("NL-TNM-C00122045-K", [("contract", "NL-TNM-C00122045-K")]),
        ("error E-07", [("error_code", "E-07")]),
        ("ground failure", [("error_code", "GroundFailure")]),
        ("47.3769, 8.5417", [("location", "47.37690,8.54170")]),
    ],
)
def test_values_are_canonical(text: str, found: list[tuple[str, str]]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    "text", ["22 kW since 21:00", "my Model 3", "it was e208", "in 2024", "type 2, 24/7", "20 min", "500 mA"]
)
def test_other_numbers_are_no_values(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("contract", "digit"),
    [("NLTNMC00122045", "K"), ("FRXYZ123456789", "2"), ("DE83DUIEN83QGZ", "D"), ("DE8AA001234567", "0")],
)
def test_the_check_digit_of_a_contract_id(contract: str, digit: str) -> None:
    assert check_digit(contract) == digit


def test_a_wrong_check_digit_is_found_but_not_valid() -> None:
    (found,) = FINDER.find("NL-TNM-C00122045-A")
    assert (found.slot, found.valid) == (Slot.CONTRACT, False)


@given(st.text(max_size=300), st.sampled_from([None, *Slot]))
def test_no_text_is_an_error(text: str, expected: Slot | None) -> None:
    assert all(found.start >= 0 for found in FINDER.find(text, expected))
