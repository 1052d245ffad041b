"""What could name somebody goes, and what was left in is noticed."""

from __future__ import annotations

import pytest

from eval.harvest.names import named, nameless

DIGITS = 4


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("account 40711 is empty", "account 00000 is empty"),
        ("call me: +41 79 123 45 67", "call me: +00 00 000 00 00"),
        ("CH*EPO*E4521 is dead", "CH*EPO*E0000 is dead"),
        ("write to ane.berg@example.org.", "write to [email]."),
        ("see https://app.example/s?token=abc now", "see [link] now"),
        ("my card 4111 1111 1111 1111 fails", "my card [card] fails"),
        ("350 kW for 12.50 at 14:30", "350 kW for 00.00 at 14:30"),
        ("only 350 kW at 14:30", "only 350 kW at 14:30"),
        ("two\nlines\tof  text", "two lines of text"),
    ],
)
def test_a_line_loses_what_could_name_somebody(text: str, clean: str) -> None:
    assert nameless(text, DIGITS) == clean


@pytest.mark.parametrize("text", ["account 00000 is empty", "[card] fails", "only 350 kW at 14:30", "[email] is wrong"])
def test_clean_lines_name_nobody_and_stay_as_they_are(text: str) -> None:
    assert named(text, DIGITS) is None
    assert nameless(text, DIGITS) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("account 40711 is empty", "40711"),
        ("first 00000 then 79 123", "79 123"),
        ("write to ane@example.org please", "ane@example.org"),
        ("see www.example.org/me", "www.example.org/me"),
        ("my password is hunter", "my password is hunter"),
    ],
)
def test_what_was_left_in_is_shown(text: str, found: str) -> None:
    assert named(text, DIGITS) == found
