"""``python -m eval.panel``: how fast the panel's pages are, and how soon an agent sees a message."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import click
import httpx
import psutil

from bot.adapters.panel.cases import SqliteCases
from bot.adapters.panel.figures import SqliteRecords
from bot.adapters.panel.sqlite import PanelFile
from bot.panel.cases import projector
from bot.panel.figures import follower
from eval.bench import percentile
from eval.panel_log import FREQUENT, PEOPLE, fill, signed_in
from eval.served import Served, busy
from eval.streams import Stream

PATHS = (
    "/agent", "/agent?view=all", "/agent?view=mine", "/agent?view=closed", "/agent?view=all&language=fr&vendor=wallbox",
    "/agent?view=all&tag=vip&stage=closed", "/agent?view=all&assigned=a-7&channel=matrix",
)  # fmt: skip
SEARCHES = (
    *FREQUENT[:6], "la", "kabel café", "charging stopped account", "rare17", "rare3 rare4", "40711", "CH*EPO*E4521",
    "* ) OR", "nothing-at-all",
)  # fmt: skip
FIGURES = "/agent/figures"


async def _pages(
    client: httpx.AsyncClient, cookie: str, process: psutil.Process, paths: Sequence[str], rounds: int, what: str
) -> None:
    times: dict[str, list[float]] = {path: [] for path in paths}
    used = busy(process)
    for _ in range(rounds):
        for path in paths:
            begun = time.perf_counter()
            answer = await client.get(path, headers={"Cookie": cookie})
            times[path].append((time.perf_counter() - begun) * 1000)
            answer.raise_for_status()
    everything = [each for found in times.values() for each in found]
    work = (busy(process) - used) * 1000 / len(everything)
    slowest = max(times, key=lambda path: percentile(times[path], 0.5))
    middle, slow = percentile(everything, 0.5), percentile(everything, 0.95)
    worst = percentile(times[slowest], 0.5)
    told = f"p50 {middle:6.1f} ms   p95 {slow:6.1f} ms   work {work:6.1f} ms"
    click.echo(f"{what:20} {told}   slowest {slowest} {worst:.1f} ms")


async def _live(client: httpx.AsyncClient, port: int, secrets: Sequence[str], drivers: int, messages: int) -> None:
    async with AsyncExitStack() as open_now:
        ids = [(await client.post("/v1/conversations")).json()["id"] for _ in range(drivers)]
        agents = [Stream(port, "/agent/stream?on=cases-all", f"plugdesk-session={secret}") for secret in secrets]
        for stream in [*agents, *(Stream(port, f"/v1/conversations/{each}/stream") for each in ids)]:
            await stream.open()
            open_now.callback(stream.close)
        await asyncio.sleep(2.0)
        first, last = [], []
        for conversation_id in ids[:: max(1, drivers // messages)]:
            hearing = [asyncio.create_task(each.hear('data: ["cases-all"]')) for each in agents]
            sent = time.perf_counter()
            await client.post(f"/v1/conversations/{conversation_id}/messages", json={"text": "bilen lader ikke"})
            heard = await asyncio.wait_for(asyncio.gather(*hearing), 30)
            first.append((min(heard) - sent) * 1000)
            last.append((max(heard) - sent) * 1000)
            await asyncio.sleep(0.5)
    for name, delays in (("first agent", first), ("last agent", last)):
        middle, slow = percentile(delays, 0.5), percentile(delays, 0.95)
        click.echo(f"message sent to heard by {name:11} p50 {middle:6.1f} ms   p95 {slow:6.1f} ms")


def _periods(today: date) -> dict[str, str]:
    """The figures as they open, of a quarter, and of the year."""
    first = {f"figures of {days} days": today - timedelta(days=days - 1) for days in (30, 90, 366)}
    return {what: f"{FIGURES}?from={day}&to={today}" for what, day in first.items()}


async def _measure(served: Served, secrets: Sequence[str], drivers: int, rounds: int, messages: int) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
        searches = [f"/agent/search?{httpx.QueryParams({'q': text})}" for text in SEARCHES]
        pages = partial(_pages, client, f"plugdesk-session={secrets[0]}", served.process)
        await pages(PATHS, rounds, "inbox")
        await pages(searches, rounds, "search")
        for what, path in _periods(datetime.now(UTC).date()).items():
            await pages([path], min(rounds, 3), what)
        await _live(client, served.port, secrets, drivers, messages)


@click.command()
@click.option("--conversations", default=50_000, show_default=True, type=click.IntRange(min=1))
@click.option("--agents", default=50, show_default=True, type=click.IntRange(min=1, max=len(PEOPLE)))
@click.option("--drivers", default=500, show_default=True, type=click.IntRange(min=1))
@click.option("--rounds", default=10, show_default=True, help="How often each page is opened.")
@click.option("--messages", default=40, show_default=True, help="How many messages are sent.")
def main(conversations: int, agents: int, drivers: int, rounds: int, messages: int) -> None:
    """Fill an inbox with CONVERSATIONS, serve it, and let AGENTS and DRIVERS follow."""
    with tempfile.TemporaryDirectory() as name:
        folder, now = Path(name), datetime.now(UTC)
        served, file = Served(folder, {"LIMITS": "off"}), PanelFile(folder / "panel.db")
        cases, records = SqliteCases(file), SqliteRecords(file)
        cases.begin_anew(projector.VERSION, served.conversations)
        records.begin_anew(follower.VERSION, served.conversations)
        begun = time.perf_counter()
        fill(cases, records, conversations, now)
        click.echo(f"{conversations} conversations kept in {time.perf_counter() - begun:.0f} s")
        secrets = signed_in(file, now, agents)
        file.close()
        with served:
            asyncio.run(_measure(served, secrets, drivers, rounds, messages))


if __name__ == "__main__":
    main()
