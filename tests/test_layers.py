"""Imports point one way, and serving stays small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "indexer": {"indexer"},
    "bot": {"bot", "indexer"},
    "eval": {"eval", "bot", "indexer"},
    "handbook": {"handbook", "bot"},
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_point_one_way(package: str) -> None:
    own = set(MAY_IMPORT) | {"tests"}
    wrong = {
        str(path.relative_to(ROOT)): sorted((imported(path) & own) - MAY_IMPORT[package])
        for path in (ROOT / package).rglob("*.py")
        if (imported(path) & own) - MAY_IMPORT[package]
    }
    assert wrong == {}


def test_only_the_assembly_and_the_commands_choose_backends() -> None:
    backends = ("bot.adapters", "indexer.embedders")
    users = {
        path.relative_to(ROOT / "bot").as_posix()
        for path in (ROOT / "bot").rglob("*.py")
        if "adapters" not in path.parts and any(f"from {name}" in path.read_text(encoding="utf-8") for name in backends)
    }
    commands = {"cli.py", "channels/indexing.py", "channels/importing.py", "channels/knowledge.py"}
    assert users == {"assembly.py", "entry.py", "sources.py", "settings.py"} | commands


def test_serving_does_not_load_torch() -> None:
    program = (
        "import sys; import bot.app, bot.assembly, bot.channels.lines; from indexer.embedders import open_embedder; "
        "open_embedder(); "
        "print([name for name in ('torch', 'sentence_transformers', 'sklearn') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
