"""The documentation names what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.settings import TOOLS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("pictures/") and not (page.parent / link).exists()] == []


def test_the_map_names_paths_that_exist() -> None:
    table = README.split("## Where things are")[1].split("\n## ")[0]
    paths = re.findall(r"`([\w/.-]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line))
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_package_is_on_the_map() -> None:
    folders = [path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()]
    assert [name for name in folders if f"`{name}/" not in README] == []


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`plugdesk (\w+)", README))))
def test_the_commands_exist(command: str) -> None:
    assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("name", sorted(set(re.findall(r"PLUGDESK_(\w+)", README))))
def test_the_settings_are_read(name: str) -> None:
    read = (ROOT / "bot/settings.py").read_text(encoding="utf-8")
    assert name.lower() in TOOLS or f'"{name}"' in read or f"PLUGDESK_{name}" in read


def test_the_two_commands_open_the_readme() -> None:
    first = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert first
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == ["make serve", "make test"]


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE))
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
