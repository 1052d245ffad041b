"""Roles and charge cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.ocpp.people import People, read_people
from bot.errors import SettingsError

GIVEN = """
chargers:
  "310244":
    users: {ane: super-administrator, per: user}
    tags: {"04AB12CD": ane}
"""


def people(tmp_path: Path, text: str) -> People:
    file = tmp_path / "ocpp.yaml"
    file.write_text(text, encoding="utf-8")
    return read_people(file)


@pytest.mark.parametrize(
    ("charger", "user", "role"),
    [("310244", "ane", "super-administrator"), ("310244", "kari", None), ("310245", "ane", None)],
)
def test_a_role_holds_for_a_user_and_a_charger(tmp_path: Path, charger: str, user: str, role: str | None) -> None:
    assert people(tmp_path, GIVEN).role(charger, user) == role


@pytest.mark.parametrize("tag", ["04AB12CD", "04ab12cd"])
def test_a_card_is_known_in_any_case(tmp_path: Path, tag: str) -> None:
    assert people(tmp_path, GIVEN).user_of("310244", tag) == "ane"


@pytest.mark.parametrize(("charger", "tag"), [("310244", "04AB12CE"), ("310244", ""), ("310245", "04AB12CD")])
def test_another_card_is_nobodys(tmp_path: Path, charger: str, tag: str) -> None:
    assert people(tmp_path, GIVEN).user_of(charger, tag) is None


def test_without_a_file_nobody_may_do_anything(tmp_path: Path) -> None:
    assert read_people(tmp_path / "none.yaml") == People()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chargers: {310244: {}}", "quotes"),
        ('chargers: {"1": {user: {}}}', r"chargers\.1\.user"),
        ('chargers: {"1": {tags: {"04": 4}}}', r"chargers\.1\.tags: .*string"),
        ("chargers: [", "no YAML"),
        ("- 1", "dictionary|object|instance"),
    ],
)
def test_a_file_that_is_wrong_is_said_to_be_so(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        people(tmp_path, text)


def test_no_card_is_named_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        people(tmp_path, 'chargers: {"1": {tags: {"04AB12CD": 4}}}')
    assert "04AB12CD" not in str(raised.value)
