"""A bad network: a TCP proxy on a loopback port that refuses, cuts and stalls connections, by a seed or on demand."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Self

CHUNK = 16 * 1024
READY_WITHIN_S = 10.0


@dataclass(frozen=True)
class Weather:
    """How bad the network is. Shares are of 0 to 1; times are in seconds."""

    refused: float = 0.0
    """Share of connections that are closed before a byte has passed."""
    cut: float = 0.0
    """Share of connections that are cut: before the server has it all, or before the client has the answer."""
    stalled: float = 0.0
    """Share of chunks that come late."""
    longest_stall_s: float = 0.3
    longest_life_s: float = 1.5
    """When a connection that is to be cut is cut at the latest."""


CALM = Weather()
FLAPPING = Weather(refused=0.2, cut=0.9, stalled=0.2)


class FlappingProxy:
    """Passes connections on to a server on this machine. A context manager, which runs it in a thread of its own.

    Args:
        port: the server's.
        weather: what happens to connections.
        seed: of what happens to which.
    """

    def __init__(self, port: int, weather: Weather = CALM, seed: int = 0) -> None:
        self._server, self._weather, self._random = port, weather, random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="flapping proxy", daemon=True)
        self._ready = threading.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._down = False
        self.connections = 0
        """Connections that were asked for."""
        self.broken = 0
        """Connections that were refused or cut."""
        self.port = 0

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def turn(self, weather: Weather) -> None:
        """Let the network be so from now on; what is open is cut, since it was opened in better times."""
        self._weather = weather
        self.cut()

    def cut(self) -> None:
        """Cut every connection that is open; new ones are served."""
        self._call(self._cut_all)

    def down(self) -> None:
        """Cut every connection, and refuse new ones."""
        self._down = True
        self.cut()

    def up(self) -> None:
        """Serve again after :meth:`down`."""
        self._down = False

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(READY_WITHIN_S):
            raise TimeoutError("the proxy does not listen")
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._end)
        self._thread.join(READY_WITHIN_S)

    def _call(self, act: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(act)

    def _run(self) -> None:
        self._ended = asyncio.Event()
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        listening = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        listening.close()
        self._cut_all()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)

    def _end(self) -> None:
        self._ended.set()

    def _cut_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        weather, chance = self._weather, self._random
        if self._down or chance.random() < weather.refused:
            self.broken += 1
            writer.transport.abort()
            return
        life = chance.uniform(0, weather.longest_life_s) if chance.random() < weather.cut else None
        try:
            above, below = await asyncio.open_connection("127.0.0.1", self._server)
        except OSError:  # the server is not there
            writer.transport.abort()
            return
        ends = {writer, below}
        self._open |= ends
        try:
            await _first(self._pump(reader, below), self._pump(above, writer), within=life)
            for end in ends:
                end.close()  # what is still on its way arrives
        except TimeoutError:
            self.broken += 1
            for end in ends:
                end.transport.abort()
        finally:
            self._open -= ends

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(CHUNK):
                if self._random.random() < self._weather.stalled:
                    await asyncio.sleep(self._random.uniform(0, self._weather.longest_stall_s))
                writer.write(chunk)
                await writer.drain()
        except OSError:
            return  # cut on that side: the other is cut as well


async def _first(*each: Coroutine[Any, Any, None], within: float | None) -> None:
    """Until one of them has ended; TimeoutError after ``within`` seconds."""
    tasks = [asyncio.ensure_future(one) for one in each]
    try:
        done, _ = await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    if not done:
        raise TimeoutError
