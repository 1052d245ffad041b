"""``python -m eval.following``: what it costs one process that many follow their conversations. Prints figures."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import click
import httpx
import psutil

from eval.bench import ENTRY, ROOT, percentile

MIB = 2**20
START_WITHIN_S = 60.0
HEAD = b"retry: 2000\n\n"


class Follower:
    """One stream; a bare socket, so that the measuring costs little."""

    def __init__(self, port: int, conversation: str) -> None:
        self.conversation, self._port = conversation, port

    async def open(self) -> None:
        """Begin to follow."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        path = f"/v1/conversations/{self.conversation}/stream"
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        await self._reader.readuntil(HEAD)

    async def hear(self) -> float:
        """Wait for the next thing that is said; when it came."""
        await self._reader.readuntil(b"event: said")
        return time.perf_counter()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@contextmanager
def _serving() -> Iterator[tuple[int, psutil.Process]]:
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        own = {"PORT": str(port), "CONVERSATIONS": f"sqlite:///{folder}/talks.db", "LEDGER": f"{folder}/ledger.db"}
        environ = {**os.environ, **{f"PLUGDESK_{name}": value for name, value in own.items()}}
        server = subprocess.Popen([*ENTRY, "serve"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        try:
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _busy(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


async def _started(client: httpx.AsyncClient) -> None:
    end = time.monotonic() + START_WITHIN_S
    while True:
        try:
            await client.get("/healthz")
            return
        except httpx.TransportError:
            if time.monotonic() > end:
                raise click.ClickException("The server did not start. Try: plugdesk serve") from None
            await asyncio.sleep(0.1)


async def _measure(port: int, process: psutil.Process, count: int, seconds: float) -> None:
    async with AsyncExitStack() as open_now:
        client = await open_now.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30))
        await _started(client)
        before = process.memory_info().rss
        ids = [(await client.post("/v1/conversations")).json()["id"] for _ in range(count)]
        followers = [Follower(port, each) for each in ids]
        for each in followers:
            await each.open()
            open_now.callback(each.close)
        used, start = _busy(process), time.perf_counter()
        await asyncio.sleep(seconds)
        idle = (_busy(process) - used) / (time.perf_counter() - start)
        memory = (process.memory_info().rss - before) / MIB
        delays = []
        for each in followers[:: max(1, count // 50)]:
            hearing = asyncio.create_task(each.hear())
            sent = time.perf_counter()
            await client.post(f"/v1/conversations/{each.conversation}/messages", json={"text": "bilen lader ikke"})
            delays.append((await hearing - sent) * 1000)
    middle, slow = percentile(delays, 0.5), percentile(delays, 0.95)
    click.echo(f"{count} follow, nobody speaks         {idle:6.2%} of a core   {memory:4.0f} MB more")
    click.echo(f"message sent to heard             p50 {middle:5.1f} ms   p95 {slow:5.1f} ms")


@click.command()
@click.option("--count", default=500, show_default=True, type=click.IntRange(min=1))
@click.option("--seconds", default=45.0, show_default=True, help="How long nobody speaks.")
def main(count: int, seconds: float) -> None:
    """Let COUNT follow a conversation each."""
    with _serving() as (port, process):
        asyncio.run(_measure(port, process, count, seconds))


if __name__ == "__main__":
    main()
