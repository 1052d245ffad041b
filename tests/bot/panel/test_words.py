"""Agents read words, not codes."""

from __future__ import annotations

import pytest

from bot.panel.web.texts import say_in
from bot.panel.web.words import SLOTS, SYMPTOMS, looked_up, slot_value
from bot.understanding.slots import Slot
from bot.understanding.slots.values import Symptom


def test_every_slot_and_every_symptom_has_a_name() -> None:
    assert set(Slot) <= set(SLOTS)
    assert set(SYMPTOMS) == set(Symptom)


@pytest.mark.parametrize(
    ("slot", "value", "said"),
    [
        ("symptom", "plug_stuck", "Stecker sitzt fest"),
        ("station", "plug_stuck", "plug_stuck"),
        ("symptom", "new", "new"),
    ],
)
def test_a_code_is_said_in_words_and_all_else_as_it_is(slot: str, value: str, said: str) -> None:
    assert slot_value(slot, value, say_in("de")) == said


def test_what_was_looked_up_is_named_with_what_it_was_looked_up_by() -> None:
    assert looked_up("accounts.account", "40711", say_in("de")) == "Konto 40711"
    assert looked_up("unheard.of", "", say_in("de")) == "unheard.of"
