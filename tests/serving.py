"""An application served on a loopback port by another thread, and streams of it read as clients read them."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp

from bot.serving import Server, config_of

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Heard:
    """One server-sent event, or a comment."""

    event: str | None = None
    data: Any = None
    id: int | None = None
    retry: int | None = None
    comment: str | None = None

    @property
    def text(self) -> str:
        """What was said."""
        said = self.data["message"] or self.data["reply"]
        return str(said["text"])


@contextmanager
def served(app: ASGIApp, ending: Callable[[], None]) -> Iterator[str]:
    """Serve the application; gives the address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = Server(config_of(app, "127.0.0.1", 0), ending)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="served")
        thread.start()
        try:
            until(lambda: server.started)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)
    assert not thread.is_alive()


@contextmanager
def followed(url: str, **headers: str) -> Iterator[Iterator[Heard]]:
    """Open a stream; gives what comes, without an end."""
    with httpx.stream("GET", url, headers=headers, timeout=PATIENCE_S, verify=False) as response:
        assert response.status_code == 200, response.read()
        yield _heard(response.iter_lines())


def said(stream: Iterator[Heard], count: int) -> list[Heard]:
    """The next so many things that are said; what else comes in between is passed over."""
    found: list[Heard] = []
    while len(found) < count:
        heard = next(stream)
        if heard.event == "said":
            found.append(heard)
    return found


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def _heard(lines: Iterator[str]) -> Iterator[Heard]:
    fields: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line == "":
            yield Heard(**fields)
            fields = {}
        elif name == "":
            fields["comment"] = value
        elif name == "data":
            fields["data"] = json.loads(value)
        else:
            fields[name] = value if name == "event" else int(value)
