"""The tree of errors: what the docstrings draw is what the code has."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import pytest

import bot.errors
import indexer.errors
from indexer.errors import PlugdeskError

_NODE = re.compile(r"^(?P<before>[\s│├└─]*)(?P<name>[A-Z]\w+)")


def drawn(module: ModuleType) -> dict[str, str]:
    """The parent of each class that the module's docstring draws below another."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (module.__doc__ or "").splitlines()[1:]:
        match = _NODE.match(line)
        if not match or " " in line.strip(" │├└─").split("  ")[0]:
            continue
        depth = len(match["before"])
        above = [(indent, name) for indent, name in above if indent < depth]
        if above:
            parents[match["name"]] = above[-1][1]
        above.append((depth, match["name"]))
    return parents


def existing(module: ModuleType) -> dict[str, str]:
    """The parent of each error class that the module defines below another."""
    classes = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, PlugdeskError)]
    return {each.__name__: each.__bases__[0].__name__ for each in classes if each.__module__ == module.__name__}


@pytest.mark.parametrize("module", [bot.errors, indexer.errors], ids=lambda module: module.__name__)
def test_the_drawn_tree_is_the_real_one(module: ModuleType) -> None:
    real = existing(module)
    real.pop("PlugdeskError", None)
    assert drawn(module) == real


@pytest.mark.parametrize("module", [bot.errors, indexer.errors], ids=lambda module: module.__name__)
def test_whoever_catches_the_root_catches_all(module: ModuleType) -> None:
    raised = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Exception)]
    assert all(issubclass(each, PlugdeskError) for each in raised)
