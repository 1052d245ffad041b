"""Passwords of chargers."""

from __future__ import annotations

import pytest

from bot.adapters.ocpp.passwords import generated, hashed, matches
from bot.errors import SettingsError


def test_the_right_password_matches_and_another_does_not() -> None:
    kept = hashed("correct-password-1")
    assert matches("correct-password-1", kept)
    assert not matches("correct-password-2", kept)


def test_the_same_password_has_two_hashes_and_stands_in_none() -> None:
    first, second = hashed("correct-password-1"), hashed("correct-password-1")
    assert first != second
    assert "correct" not in first


@pytest.mark.parametrize("given", ["", "any", "\udcff\x00"])
def test_no_password_matches_where_there_is_none(given: str) -> None:
    assert not matches(given, None)


def test_a_generated_password_is_one_that_chargers_take() -> None:
    first = generated()
    assert matches(first, hashed(first))
    assert first != generated()


@pytest.mark.parametrize("password", ["short", "x" * 41, "with a space 12345", "ümlaut-password-1"])
def test_a_password_that_chargers_do_not_take_is_refused_without_repeating_it(password: str) -> None:
    with pytest.raises(SettingsError, match="16 to 40") as raised:
        hashed(password)
    assert password not in str(raised.value)
