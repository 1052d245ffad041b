"""Carries out the commands of a page of the documentation, as a reader would who types them from top to bottom.

A comment on the line above a block says what becomes of it; readers do not see it:

``<!-- run -->``               the commands run in the page's folder, and each must succeed
``<!-- run: LINE -->``         the same, and somebody types LINE when they ask for something
``<!-- serve -->``             the same in the background, until the server answers
``<!-- file: PATH -->``        the block is written to PATH in the page's folder
``<!-- output -->``            the commands before it printed these lines, in this order; … stands for anything
``<!-- not run: REASON -->``   they need something that a test has not

Comments for the whole page: ``<!-- base: small -->`` (a knowledge base of three topics, not indexed yet, that the page
may change), ``<!-- base: served -->`` (a server runs, as after ``make serve``) and ``<!-- needs: PROGRAM -->``.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from threading import Timer
from typing import Self

import httpx
from markdown_it import MarkdownIt

from tests.small_kb import write_small_kb

ROOT = Path(__file__).parents[1]
SHELL = "sh"
MARK = re.compile(r"<!-- (run|serve|output|file|not run|base|needs)(?:: (.+?))? -->")
OF_THE_PAGE = ("base", "needs")
PORTS = ("8080", "8088", "8443")
"""What pages say; each is another one here, since the machine may use these."""
PATIENCE_S = 300.0
END = "-- the block has ended --"


class PageFault(Exception):
    """A page's block has no mark, or its commands do not do what the page says."""


@dataclass(frozen=True)
class Step:
    """One marked block. ``given``: what stands behind the mark's colon; ``line``: of the block, from 1."""

    kind: str
    given: str
    text: str
    line: int


@dataclass(frozen=True)
class Commands:
    """What a page says of its blocks."""

    steps: tuple[Step, ...]
    bases: frozenset[str] = frozenset()
    """``small``, ``served``"""
    needs: tuple[str, ...] = ()
    """Programs that must be installed."""


def commands_of(page: str) -> Commands:
    """Read the marks of a page.

    Raises:
        PageFault: where commands have no mark, or a mark has no block or no reason.
    """
    steps: list[Step] = []
    of_the_page: dict[str, list[str]] = {kind: [] for kind in OF_THE_PAGE}
    mark: re.Match[str] | None = None
    for token in MarkdownIt().parse(page):
        line = (token.map or [0])[0] + 1
        if token.type == "html_block" and (found := MARK.search(token.content)):
            if mark:
                raise PageFault(f"Line {line}: the mark above has no block.")
            if found[1] in ("file", "not run", *OF_THE_PAGE) and not found[2]:
                raise PageFault(f"Line {line}: say more: <!-- {found[1]}: … -->")
            if found[1] in OF_THE_PAGE:
                of_the_page[found[1]].append(found[2])
            else:
                mark = found
        elif token.type == "fence":
            if mark:
                steps.append(Step(mark[1], mark[2] or "", token.content, line))
            elif token.info.strip() == SHELL:
                raise PageFault(f"Line {line}: say what becomes of these commands, such as <!-- run --> above them.")
            mark = None
        elif mark and token.type.endswith("_open"):
            raise PageFault(f"Line {line}: the mark above has no block.")
    return Commands(tuple(steps), frozenset(of_the_page["base"]), tuple(of_the_page["needs"]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Reader:
    """Types what a page says, in a folder that looks like a checkout. A context manager."""

    def __init__(self, folder: Path, commands: Commands, index: Path | None) -> None:
        """``index``: of the shipped knowledge base; a page with a small one builds its own."""
        self._folder, self._commands = folder, commands
        self._ports = {port: str(_free_port()) for port in PORTS}
        for name in ("docs", "bot", "indexer", "widget"):
            (folder / name).symlink_to(ROOT / name)
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "var").mkdir()
        small = "small" in commands.bases
        if small:
            write_small_kb(folder / "kb")
        else:
            (folder / "kb").symlink_to(ROOT / "kb")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PLUGDESK_")}
        var = folder / "var"
        world = f"demo:///{var / 'world.db'}"
        own = {
            "KB": folder / "kb",
            "INDEX": index if index and not small else var / "index",
            "PORT": self._ports["8080"],
            "CONVERSATIONS": f"sqlite:///{var / 'plugdesk.db'}",
            "LEDGER": var / "ledger.db",
            "DESK": f"sqlite:///{var / 'desk.db'}",
            "PHOTOS": var / "photos",
            "OUTBOX": var / "outbox.db",
            "PANEL": var / "panel.db",
            "REVIEW": var / "review.jsonl",
            **dict.fromkeys(("ACCOUNTS", "STATIONS", "SESSIONS", "CHARGERS", "STATUS"), world),
        }
        self._environ = {
            **inherited,
            "PATH": f"{Path(sys.executable).parent}:{inherited['PATH']}:/usr/sbin",
            "PYTHONPATH": str(ROOT),
            **{f"PLUGDESK_{name}": str(value) for name, value in own.items()},
        }
        self._shell: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._shell = subprocess.Popen(
            ["bash", "-euo", "pipefail"], cwd=self._folder, env=self._environ, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        assert self._shell
        with suppress(ProcessLookupError):
            # The servers that the page started are of the same group, and know how to end.
            os.killpg(self._shell.pid, signal.SIGTERM)
        self._shell.communicate()

    def follow(self) -> None:
        """Do all of the page.

        Raises:
            PageFault: naming the line of the page, and what was printed.
        """
        printed = ""
        if "served" in self._commands.bases:
            self._served(Step("serve", "", "PLUGDESK_DEMO=on plugdesk serve\n", 1))
        for step in self._commands.steps:
            if step.kind == "file":
                path = self._folder / step.given
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self._here(step.text), encoding="utf-8")
            elif step.kind == "run":
                printed = self._typed(step)
            elif step.kind == "serve":
                self._served(step)
            elif step.kind == "output":
                _compare(step, self._here(step.text), printed)

    def _here(self, text: str) -> str:
        for port, own in self._ports.items():
            text = re.sub(rf"\b{port}\b", own, text)
        return text

    def _typed(self, step: Step) -> str:
        assert self._shell
        assert self._shell.stdin
        typed = self._folder / ".typed"
        typed.write_text(self._here(step.text), encoding="utf-8")
        too_long = Timer(PATIENCE_S, os.killpg, (self._shell.pid, signal.SIGKILL))
        too_long.start()
        try:
            # Nothing that runs may read what is typed next.
            self._shell.stdin.write(f". {quote(str(typed))} <<< {quote(step.given)}\necho; echo '{END}'\n")
            self._shell.stdin.flush()
            printed = "".join(self._printed())
        except BrokenPipeError:
            raise PageFault(f"Line {step.line}: the shell has ended before.") from None
        finally:
            too_long.cancel()
        if self._shell.poll() is not None:
            raise PageFault(f"Line {step.line}: a command failed.\n{printed[-3000:]}")
        return printed

    def _printed(self) -> Iterator[str]:
        assert self._shell
        assert self._shell.stdout
        for line in self._shell.stdout:
            if line.strip() == END:
                return
            yield line
        self._shell.wait()

    def _served(self, step: Step) -> None:
        self._typed(Step("run", "", f"(\n{step.text}) > var/serve.log 2>&1 &", step.line))
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                if httpx.get(f"http://127.0.0.1:{self._ports['8080']}/healthz").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise PageFault(f"Line {step.line}: no server.\n{(self._folder / 'var/serve.log').read_text(encoding='utf-8')}")


def _compare(step: Step, text: str, printed: str) -> None:
    lines = iter(printed.splitlines())
    for wanted in filter(str.strip, text.splitlines()):
        pattern = ".*".join(re.escape(part) for part in wanted.strip().split("…"))
        if not any(re.search(pattern, line) for line in lines):
            raise PageFault(f"Line {step.line}: {wanted.strip()!r} was not printed, or not there.\n{printed[-3000:]}")
