"""What is left of a message once it is safe to read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.text import READ_CHARACTERS, cleaned, says_little, words_with_a_language

ANY_CHARACTERS = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("my cable is stuck", "my cable is stuck"),
        ("  hei \n", "hei"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("null\x00and bell\x07", "null and bell"),
        ("half an emoji \ud83d", "half an emoji"),
        ("a whole one 🔌", "a whole one 🔌"),
        ("cafe\u0301", "café"),
        ("الكابل عالق", "الكابل عالق"),
        ("\u202eesrever\u202c", "esrever"),
        ("\ufeffwith a byte order mark", "with a byte order mark"),
        ("", ""),
        (" \x00\u200b\n", ""),
    ],
)
def test_readable_text_is_kept_and_the_rest_dropped(text: str, left: str) -> None:
    assert cleaned(text) == left


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u2060", "\ufeff"], ids=lambda char: f"U+{ord(char):04X}")
def test_an_invisible_character_inside_a_pasted_word_does_not_split_it(invisible: str) -> None:
    assert cleaned(f"Lade{invisible}kabel") == "Ladekabel"


@given(ANY_CHARACTERS)
def test_nothing_dangerous_is_left_of_any_text(text: str) -> None:
    left = cleaned(text)
    left.encode("utf-8")
    assert not [char for char in left if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in "\n\t"]


@given(ANY_CHARACTERS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.text(st.characters(categories=("L", "N")), max_size=60))
def test_no_letter_or_digit_is_lost(text: str) -> None:
    assert cleaned(text) == unicodedata.normalize("NFC", text)


def test_of_a_pasted_log_the_beginning_is_read() -> None:
    left = cleaned("stuck " + "x" * 100_000)
    assert left.startswith("stuck x")
    assert len(left) == READ_CHARACTERS


def test_marks_that_pile_up_on_one_letter_are_cut_too() -> None:
    assert len(cleaned("Z" + "\u0336" * 100_000)) <= READ_CHARACTERS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the cable is stuck", ["the", "cable", "is", "stuck"]),
        ("får ikke løs kabelen!", ["får", "ikke", "løs", "kabelen"]),
        ("l’auto n'accetta", ["l", "auto", "n", "accetta"]),
        ("station CH*EPO*E4521 is red", ["station", "is", "red"]),
        ("ch*epo*e4521", []),
        ("CH*EPO*EABC", []),
        ("4521", []),
        ("CHF 49.80", ["CHF"]),
        ("E-07 code", ["code"]),
        ("see https://plugdesk.example/how/to now", ["see", "now"]),
        ("write to ane.berg@plugdesk.example please", ["write", "to", "please"]),
        ("👍🔌", []),
        ("", []),
    ],
)
def test_words_of_a_language_are_told_from_numbers_ids_and_addresses(text: str, words: list[str]) -> None:
    assert words_with_a_language(text) == words


@pytest.mark.parametrize("text", ["ok", "4521", "CH*EPO*E4521", "👍", "", "ja", "12 kW"])
def test_some_messages_say_too_little_to_tell_a_topic_from(text: str) -> None:
    assert says_little(text)


@pytest.mark.parametrize("text", ["help", "kabel fast", "no power", "4521 går inte"])
def test_a_word_is_enough_to_say_something(text: str) -> None:
    assert not says_little(text)
