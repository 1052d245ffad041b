"""The server as a process of its own: a folder of data, a port that stays, and an end that can be sudden."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx
import psutil

from eval.bench import ENTRY, ROOT

START_WITHIN_S = 180.0
END_WITHIN_S = 20.0


class ServerDidNotStart(Exception):
    """``plugdesk serve`` ended, or did not answer in time; the text has its last lines."""


def busy(process: psutil.Process) -> float:
    """Seconds of a core that it has used since it began."""
    used = process.cpu_times()
    return float(used.user + used.system)


class Served:
    """``plugdesk serve`` over the files of ``folder``. A context manager, which starts it and ends it.

    Args:
        folder: where everything is kept that it writes; what is there stays there from one start to the next.
        settings: more settings, by the variable's name without PLUGDESK_.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.conversations = f"sqlite:///{folder / 'talks.db'}"
        """URL of the store."""
        world = f"demo:///{folder / 'world.db'}"
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "CONVERSATIONS": self.conversations,
            "LEDGER": str(folder / "ledger.db"),
            "DESK": f"sqlite:///{folder / 'desk.db'}",
            "PHOTOS": str(folder / "photos"),
            "OUTBOX": str(folder / "outbox.db"),
            "PANEL": str(folder / "panel.db"),
            "REVIEW": str(folder / "review.jsonl"),
            **dict.fromkeys(("ACCOUNTS", "STATIONS", "SESSIONS", "CHARGERS", "STATUS"), world),
            **(settings or {}),
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PLUGDESK_")}
        self._environ = {**inherited, **{f"PLUGDESK_{name}": value for name, value in own.items()}}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> psutil.Process:
        """The server while it runs, for what it uses."""
        if self._process is None:
            raise ServerDidNotStart("It was not started yet.")
        return psutil.Process(self._process.pid)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers.

        Raises:
            ServerDidNotStart: with the last that it wrote.
        """
        log = self.folder / "serve.log"
        with log.open("ab") as lines:
            self._process = subprocess.Popen([*ENTRY, "serve"], cwd=ROOT, env=self._environ, stdout=lines, stderr=lines)
        end = time.monotonic() + START_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise ServerDidNotStart(log.read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut does: no request is finished, nothing is tidied up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(END_WITHIN_S)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).is_success
        except httpx.TransportError:
            return False
