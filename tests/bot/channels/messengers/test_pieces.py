"""Long texts are cut where a reader would cut them, and nothing of them is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messengers.pieces import character, pieces, utf16_unit

WORDS = st.lists(
    st.tuples(st.text("abcæøå.🔌", min_size=1, max_size=30), st.sampled_from([" ", "\n", "\n\n"])),
    min_size=1,
    max_size=60,
).map(lambda parts: "".join(word + gap for word, gap in parts))


@given(WORDS, st.integers(20, 60), st.integers(5, 20), st.sampled_from([character, utf16_unit]))
def test_every_piece_fits_and_nothing_but_space_is_lost(text: str, longest: int, last: int, weigh: object) -> None:
    measure = utf16_unit if weigh is utf16_unit else character
    found = pieces(text, longest, last, measure)
    sizes = [sum(map(measure, piece)) for piece in found]
    assert all(size <= longest for size in sizes)
    assert sizes[-1] <= last
    assert "".join("".join(found).split()) == "".join(text.split())


@given(WORDS, st.integers(20, 60))
def test_no_piece_is_empty(text: str, longest: int) -> None:
    assert all(piece.strip() for piece in pieces(text, longest))


def test_a_text_that_fits_stays_whole() -> None:
    assert pieces("One.\n\nTwo.", 10) == ["One.\n\nTwo."]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("first paragraph\n\nsecond one", ["first paragraph", "second one"]),
        ("1. a step here\n2. another step", ["1. a step here", "2. another step"]),
        ("One sentence. And then another.", ["One sentence.", "And then another."]),
        ("eleven words of which some must go", ["eleven words of", "which some must go"]),
        ("x" * 30, ["x" * 18, "x" * 12]),
    ],
    ids=["paragraphs", "lines", "sentences", "words", "nowhere"],
)
def test_it_is_cut_at_the_best_place(text: str, wanted: list[str]) -> None:
    assert pieces(text, 18) == wanted


def test_the_last_piece_may_be_smaller_than_the_others() -> None:
    assert pieces("a long paragraph here\n\nthe question?", 40, 15) == ["a long paragraph here", "the question?"]


def test_nothing_is_one_empty_piece() -> None:
    assert pieces("", 10) == [""]


def test_an_emoji_counts_twice_where_units_of_utf16_count() -> None:
    assert pieces("🔌" * 5, 8, weigh=utf16_unit) == ["🔌🔌🔌🔌", "🔌"]
