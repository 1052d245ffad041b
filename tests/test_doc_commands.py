"""What the documentation tells readers to type does what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.doc_commands import Commands, PageFault, Reader, Step, commands_of

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = [page for page in PAGES if re.search("<!-- (run|serve)", page.read_text(encoding="utf-8"))]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_is_run_or_says_why_not(page: Path) -> None:
    commands_of(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_the_commands_of_a_page_work(page: Path, shipped_root: Path, tmp_path: Path) -> None:
    commands = commands_of(page.read_text(encoding="utf-8"))
    missing = [program for program in commands.needs if not shutil.which(program, path="/usr/sbin:/usr/bin:/bin")]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with Reader(tmp_path, commands, shipped_root) as reader:
        reader.follow()


def block(mark: str, text: str, language: str = "sh") -> str:
    return f"{mark}\n```{language}\n{text}\n```\n\n"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (block("", "ls"), "say what becomes of these commands"),
        (block("<!-- not run -->", "ls"), "say more"),
        ("<!-- run -->\n\nText.\n", "has no block"),
        ("<!-- run -->\n\n" + block("<!-- run -->", "ls"), "has no block"),
    ],
)
def test_a_page_that_does_not_say_what_becomes_of_its_commands_is_refused(page: str, said: str) -> None:
    with pytest.raises(PageFault, match=said):
        commands_of(page)


def test_marks_in_lists_and_of_the_whole_page_are_read() -> None:
    page = "<!-- base: small -->\n<!-- needs: nginx -->\n\n1. First\n\n   <!-- run -->\n   ```sh\n   ls\n   ```\n"
    assert commands_of(page) == Commands((Step("run", "", "ls\n", 7),), frozenset({"small"}), ("nginx",))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (block("<!-- run -->", "false"), "Line 2: a command failed"),
        (block("<!-- run -->", "echo so | grep other"), "Line 2: a command failed"),
        (block("<!-- run -->", "echo so\necho then") + block("<!-- output -->", "then\nso", "text"), "'so' was not"),
    ],
)
def test_a_page_that_promises_too_much_is_found_out(page: str, said: str, tmp_path: Path) -> None:
    with Reader(tmp_path, commands_of(page), None) as reader, pytest.raises(PageFault, match=said):
        reader.follow()


def test_a_page_is_one_shell_with_its_files(tmp_path: Path) -> None:
    page = (
        block("<!-- file: notes/a.txt -->", "hello you", "text")
        + block("<!-- run -->", "read a b < notes/a.txt")
        + block("<!-- run: typed -->", "echo $b\ncat; ls nowhere || true")
        + block("<!-- output -->", "y…u\ntyped\nls: …", "text")
    )
    with Reader(tmp_path, commands_of(page), None) as reader:
        reader.follow()
