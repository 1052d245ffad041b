"""The reference says what the code does today."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.__main__ import PAGES
from handbook.settings import fields

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_gives(name: str) -> None:
    written = (REFERENCE / f"{name}.md").read_text(encoding="utf-8")
    assert written == PAGES[name](), "Write it anew with: make reference"


@pytest.fixture(scope="module")
def defaults() -> dict[str, str]:
    return {name: value for group in fields().values() for each in group for name, value in each.variables.items()}


def test_variables_that_are_read_only_with_others_are_explained_too(defaults: dict[str, str]) -> None:
    assert {"IDENTITY_AUDIENCE", "OIDC_ROLES", "TRANSLATOR", "QUERY_PREFIX", "STATUS"} <= set(defaults)


def test_files_are_told_from_the_checkout(defaults: dict[str, str]) -> None:
    assert (defaults["KB"], defaults["PANEL"]) == ("kb", "var/panel.db")
    assert defaults["LIMITS"] == "bot/channels/limits.yaml"
