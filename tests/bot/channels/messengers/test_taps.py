"""A tap is the choice that the button stood for, and never another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messengers.taps import carried, tapped
from bot.types import Choice
from tests.bot.channels.replies_sent import button

KINDS = ["topic", "vendor", "language", "command", "option", "answer"]


@given(st.sampled_from(KINDS), st.text(max_size=64), st.text(min_size=1, max_size=40))
def test_what_fits_comes_back_as_it_was(kind: str, value: str, label: str) -> None:
    reply = button(label, kind, value or "x")
    data = carried(reply, 300)
    assert data is not None
    assert tapped(data, label) == (label, reply.choice)


@given(st.sampled_from(KINDS), st.text(min_size=1, max_size=64), st.text(min_size=1, max_size=80))
def test_no_button_carries_more_than_it_may(kind: str, value: str, label: str) -> None:
    data = carried(button(label, kind, value), 64)
    assert data is None or 0 < len(data.encode()) <= 64


def test_a_choice_that_does_not_fit_is_carried_as_its_label() -> None:
    reply = button("Ladesäule am Bahnhof", value="ø" * 64)
    data = carried(reply, 64)
    assert data is not None
    assert tapped(data) == ("Ladesäule am Bahnhof", None)


def test_a_yes_that_does_not_fit_gets_no_button() -> None:
    assert carried(button("Yes", "answer", "yes:" + "ø" * 60), 64) is None


def test_the_id_of_a_proposal_survives() -> None:
    text, choice = tapped("a:yes:5f0c2a9d1b7e4c83", "Ja")
    assert (text, choice) == ("Ja", Choice(kind="answer", value="yes:5f0c2a9d1b7e4c83"))


@pytest.mark.parametrize("data", ["", "nonsense", "z:1", "a", "t:" + "x" * 65])
def test_what_no_button_carried_is_no_choice(data: str) -> None:
    assert tapped(data, "the label") == ("the label", None)
