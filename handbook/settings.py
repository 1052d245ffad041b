"""The page of settings: what ``Settings.from_environ`` asks for, and what the docstrings of its fields say."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import settings
from bot.settings import HOME, TOOLS, Settings

PREFIX = "PLUGDESK_"
INTRODUCTION = """# Settings

Settings are variables of the environment, read once when a process starts. A value that cannot be used ends the start with a sentence that names the variable and what it may hold. Files and folders are below the checkout unless you name another place.
"""  # noqa: E501
NOTE = "<!-- Written by `make reference` from bot/settings.py. Change the docstrings there, not this page. -->\n"
GROUPS = {
    "Settings": ("", "", ""),
    "ClientSettings": ("Clients and messengers", "", "channels.md"),
    "IdentitySettings": ("Who the driver is", "IDENTITY_", "identity.md"),
    "RtSettings": ("Request Tracker", "RT_", "desk.md"),
    "TranslatorSettings": ("Translation for agents", "TRANSLATOR_", "agents.md"),
    "OidcSettings": ("Signing in with an OpenID provider", "OIDC_", "agents.md"),
}
"""By the class in bot/settings.py: the heading, what its variables begin with, and the page that tells more."""
OTHERWISE_NAMED = {
    "TRANSLATOR_URL": ("TRANSLATOR",),
    "IDENTITY_KEY": ("IDENTITY_KEY", "IDENTITY_KEY_FILE"),
    "PREFIXES": ("QUERY_PREFIX", "PASSAGE_PREFIX"),
    "TOOLS": tuple(tool.upper() for tool in TOOLS),
}
"""Fields that are not called as their variables are."""
ENOUGH = {"IDENTITY_KEY": "x" * 32, "OIDC_ISSUER": "https://example.org", "OIDC_CLIENT_ID": "plugdesk"}
"""Without these, others are not asked for."""


class _Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.defaults: dict[str, str] = {}

    def get(self, key: str, default: Any = None) -> Any:
        self.defaults.setdefault(key.removeprefix(PREFIX), default or "")
        return self._given.get(key.removeprefix(PREFIX), default)

    def __getitem__(self, key: str) -> str:
        return self._given[key.removeprefix(PREFIX)]

    def __iter__(self) -> Iterator[str]:
        return (PREFIX + name for name in self._given)

    def __len__(self) -> int:
        return len(self._given)


@dataclass(frozen=True)
class Field:
    """One field: its variables without PLUGDESK_, each with its value where nobody sets it, and what it means."""

    variables: Mapping[str, str]
    meaning: str


def fields() -> dict[str, tuple[Field, ...]]:
    """All fields that variables fill, by the class that holds them, in its order.

    Raises:
        LookupError: where a variable is read that no documented field explains.
    """
    asked = _Asked(ENOUGH)
    Settings.from_environ(asked, Path())
    defaults = {name: default.replace(f"{HOME}/", "") for name, default in asked.defaults.items()}
    found: dict[str, tuple[Field, ...]] = {}
    for node in ast.parse(inspect.getsource(settings)).body:
        if isinstance(node, ast.ClassDef) and node.name in GROUPS:
            of_class = []
            for name, meaning in _documented(node):
                full = (GROUPS[node.name][1] + name).upper()
                own = {each: defaults.pop(each) for each in OTHERWISE_NAMED.get(full, (full,)) if each in defaults}
                of_class += [Field(own, meaning)] if own else []
            found[node.name] = tuple(of_class)
    documented = (each for group in found.values() for each in group)
    unexplained = [*defaults, *(name for each in documented if not each.meaning for name in each.variables)]
    if unexplained:
        raise LookupError(f"bot/settings.py explains no field for {', '.join(unexplained)}. Give it a docstring.")
    return found


def _documented(of: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Names of fields, each with the docstring below it, if there is one."""
    for node, after in zip(of.body, [*of.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            explained = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            meaning = str(after.value.value) if explained else ""  # type: ignore[union-attr]
            yield node.target.id, " ".join(meaning.split()).replace("``", "`")


def settings_page() -> str:
    """The page, as Markdown."""
    found = fields()
    parts = [INTRODUCTION, NOTE]
    for name, (heading, _, page) in GROUPS.items():
        if heading:
            parts.append(f"## {heading}\n\n[More about these](../{page}).\n")
        rows = [_row(each) for each in found[name]]
        parts.append("\n".join(["| variable | where it is not set | meaning |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _row(field: Field) -> str:
    names = ", ".join(f"`{PREFIX}{name}`" for name in field.variables)
    defaults = ", ".join(f"`{value}`" for value in dict.fromkeys(field.variables.values()) if value)
    meaning = field.meaning if field.meaning.endswith(".") else f"{field.meaning}."
    return f"| {names} | {defaults} | {meaning} |"
