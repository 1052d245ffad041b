"""Server-sent events as the measurements hear them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

HEAD = b"retry: 2000\n\n"
"""What every stream of Plugdesk begins with."""


class Stream:
    """One stream; a bare socket, so that the measuring costs little."""

    def __init__(self, port: int, path: str, cookie: str = "") -> None:
        self._port, self._path, self._cookie = port, path, cookie

    async def open(self) -> None:
        """Begin to follow."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        self._writer.write(f"GET {self._path} HTTP/1.1\r\nHost: bench\r\n{cookie}\r\n".encode())
        await self._reader.readuntil(HEAD)

    async def hear(self, text: str) -> float:
        """Wait until something of it comes; when it came."""
        await self._reader.readuntil(text.encode())
        return time.perf_counter()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@dataclass(frozen=True)
class Told:
    """One event of a stream."""

    event: str
    data: str
    id: str


async def told(response: httpx.Response) -> AsyncIterator[Told]:
    """The events of a stream as they come (HTML Living Standard, 9.2.6); those that the stream breaks off are none."""
    event, data, identity = "", "", ""
    async for line in response.aiter_lines():
        if not line:
            if data:
                yield Told(event, data, identity)
            event, data = "", ""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            event = value
        elif name == "data":
            data += value
        elif name == "id":
            identity = value
