"""``python -m eval.following``: what it costs one process that many follow their conversations. Prints figures."""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import click
import httpx
import psutil

from eval.bench import percentile
from eval.served import Served, busy
from eval.streams import Stream

MIB = 2**20


async def _measure(port: int, process: psutil.Process, count: int, seconds: float) -> None:
    async with AsyncExitStack() as open_now:
        client = await open_now.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30))
        before = process.memory_info().rss
        ids = [(await client.post("/v1/conversations")).json()["id"] for _ in range(count)]
        followers = {each: Stream(port, f"/v1/conversations/{each}/stream") for each in ids}
        for stream in followers.values():
            await stream.open()
            open_now.callback(stream.close)
        used, start = busy(process), time.perf_counter()
        await asyncio.sleep(seconds)
        idle = (busy(process) - used) / (time.perf_counter() - start)
        memory = (process.memory_info().rss - before) / MIB
        delays = []
        for each in ids[:: max(1, count // 50)]:
            hearing = asyncio.create_task(followers[each].hear("event: said"))
            sent = time.perf_counter()
            await client.post(f"/v1/conversations/{each}/messages", json={"text": "bilen lader ikke"})
            delays.append((await hearing - sent) * 1000)
    middle, slow = percentile(delays, 0.5), percentile(delays, 0.95)
    click.echo(f"{count} follow, nobody speaks         {idle:6.2%} of a core   {memory:4.0f} MB more")
    click.echo(f"message sent to heard             p50 {middle:5.1f} ms   p95 {slow:5.1f} ms")


@click.command()
@click.option("--count", default=500, show_default=True, type=click.IntRange(min=1))
@click.option("--seconds", default=45.0, show_default=True, help="How long nobody speaks.")
def main(count: int, seconds: float) -> None:
    """Let COUNT follow a conversation each."""
    with tempfile.TemporaryDirectory() as folder, Served(Path(folder), {"LIMITS": "off"}) as served:
        asyncio.run(_measure(served.port, served.process, count, seconds))


if __name__ == "__main__":
    main()
