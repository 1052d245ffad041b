"""Every check has a severity, and values are the same however a language writes them."""

from __future__ import annotations

import pytest

from indexer.lint.checking import NAMES
from indexer.lint.rules import shipped_rules
from indexer.lint.values import values


def test_every_check_has_a_severity() -> None:
    assert set(shipped_rules().severities) == set(NAMES)


@pytest.mark.parametrize(
    ("one", "other"),
    [("CHF 50.00", "50,00 CHF"), ("4.5%", "4,5 %"), ("9:00 PM", "21:00"), ("1,250.5", "1.250,5"), ("€ 3", "3,00 EUR")],
)
def test_a_value_is_the_same_in_every_language(one: str, other: str) -> None:
    assert [(each.kind, each.text) for each in values(one)] == [(each.kind, each.text) for each in values(other)]
