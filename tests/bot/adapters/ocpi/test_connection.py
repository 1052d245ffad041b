"""A connection's file: what is wrong is said, what is secret is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.adapters.ocpi.connection import OcpiConnection, Party, read_connection
from bot.errors import SettingsError

ENVIRON = {"THEIRS": "their-token", "OURS": "our-token-b", "SHORT": "short", "SPACED": "with a space"}
GIVEN: dict[str, Any] = {
    "versions": "https://cpo.example/ocpi/versions",
    "token": "THEIRS",
    "own_token": "OURS",
    "us": "ch*pld",
    "name": "Plugdesk",
    "public": "https://plugdesk.example",
    "parties": {"ch*epo": {"vendor": "eponet"}, "IT*ION": {"network": "partner"}},
}


def read(tmp_path: Path, text: str | None = None, **changes: Any) -> OcpiConnection:
    path = tmp_path / "ocpi.yaml"
    path.write_text(text if text is not None else yaml.safe_dump({**GIVEN, **changes}), encoding="utf-8")
    return read_connection(path, ENVIRON)


def test_a_file_and_the_environment_make_a_connection(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.token.get_secret_value(), found.own_token.get_secret_value()) == ("their-token", "our-token-b")
    assert found.us == "CH*PLD"
    assert found.parties == {"CH*EPO": Party(vendor="eponet"), "IT*ION": Party(network="partner")}


def test_tokens_are_not_shown(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert "their-token" not in repr(found) + str(found) + found.model_dump_json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("versions", "cpo.example"),
        ("versions", "ftp://cpo.example"),
        ("versions", "https://user:secret@cpo.example"),
        ("public", ""),
        ("us", "PLD"),
        ("us", "CHE*PLD"),
        ("token", "SHORT"),
        ("token", "SPACED"),
        ("token", "NOT_SET"),
        ("token", None),
        ("own_token", 12345678),
        ("accounts_by", "issuer"),
        ("endpoints", {"commands": "nowhere"}),
        ("parties", {"EPO": {}}),
        ("parties", {"CH*EPO": {"network": "foreign"}}),
        ("name", ""),
        ("surprise", 1),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, field: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=rf"ocpi\.yaml: {field}"):
        read(tmp_path, **{field: value})


@pytest.mark.parametrize(
    ("token", "secret"), [("a-token-pasted-here", "a-token-pasted-here"), ("SPACED", "with a space")]
)
def test_a_secret_is_never_repeated(tmp_path: Path, token: str, secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, token=token)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("text", ["", "- a\n- b", "versions: [", "just words"])
def test_a_file_that_holds_something_else_is_said_to(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"ocpi\.yaml"):
        read(tmp_path, text)


def test_a_file_that_there_is_not_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_connection(tmp_path / "none.yaml", {})
