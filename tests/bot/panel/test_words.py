"""Agents read words, not codes."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.care import Stage
from bot.panel.web.codes import NAMES, TECHNICAL, code_name
from bot.panel.web.texts import say_in
from bot.panel.web.words import (
    DECISIONS,
    HAZARDS,
    SLOTS,
    STAGE_NAMES,
    SYMPTOMS,
    channel_name,
    dangers,
    looked_up,
    slot_value,
)
from bot.tools.values import (
    Component,
    ConnectorStatus,
    EvseStatus,
    Incident,
    PassState,
    PlatformStatus,
    ReportState,
    SessionStatus,
    Station,
)
from bot.types import Decision
from bot.understanding.safety import Hazard
from bot.understanding.slots import Slot
from bot.understanding.slots.values import Symptom

STATUS_PAGE = [
    Component.model_fields["status"],
    Incident.model_fields["status"],
    PlatformStatus.model_fields["indicator"],
]


def test_every_slot_and_every_symptom_has_a_name() -> None:
    assert set(Slot) <= set(SLOTS)
    assert set(SYMPTOMS) == set(Symptom)


def test_every_danger_decision_and_stage_has_a_name() -> None:
    assert set(HAZARDS) == set(Hazard)
    assert set(DECISIONS) == set(get_args(Decision.model_fields["kind"].annotation))
    assert set(STAGE_NAMES) == set(get_args(Stage))


def test_every_code_of_a_source_system_has_a_name() -> None:
    codes = {*EvseStatus, *ConnectorStatus, *SessionStatus, *PassState, *ReportState}
    codes |= {code for field in STATUS_PAGE for code in get_args(field.annotation)}
    codes |= set(get_args(Station.model_fields["network"].annotation))
    assert codes - set(NAMES) == set()
    assert set(NAMES) >= TECHNICAL


@pytest.mark.parametrize(
    ("code", "said"),
    [("OUTOFORDER", "außer Betrieb (OUTOFORDER)"), ("expired", "abgelaufen"), ("Verwaltung Seefeld AG", None)],
)
def test_a_code_that_an_electrician_asks_for_stands_behind_its_words(code: str, said: str | None) -> None:
    assert code_name(code, say_in("de")) == (said or code)


@pytest.mark.parametrize(
    ("slot", "value", "said"),
    [
        ("symptom", "plug_stuck", "Stecker sitzt fest"),
        ("station", "plug_stuck", "plug_stuck"),
        ("symptom", "new", "new"),
        ("vendor", "eponet", "Eponet"),
        ("vendor", "gone", "gone"),
    ],
)
def test_a_code_is_said_in_words_and_all_else_as_it_is(slot: str, value: str, said: str) -> None:
    assert slot_value(slot, value, say_in("de"), {"eponet": "Eponet"}) == said


def test_what_was_looked_up_is_named_with_what_it_was_looked_up_by() -> None:
    say, vendors = say_in("de"), {"eponet": "Eponet"}
    assert looked_up("accounts.account", ("40711",), say, vendors) == "Konto 40711"
    assert looked_up("status.status", ("eponet",), say, vendors) == "Statusseite des Anbieters Eponet"
    assert looked_up("unheard.of", (), say, vendors) == "unheard.of"


def test_dangers_are_told_in_the_order_in_which_they_came() -> None:
    assert dangers(("heat", "fire"), say_in("en")) == "a hot or molten plug, fire or smoke"


@pytest.mark.parametrize(
    ("channel", "said"), [(None, "Chat"), ("", "Chat"), ("email", "E-post"), ("our-signal", "our-signal")]
)
def test_a_messenger_is_called_by_its_name(channel: str | None, said: str) -> None:
    assert channel_name(channel, say_in("nb")) == said
