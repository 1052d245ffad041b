"""``python -m eval.panel``: how fast the panel's inbox and search are, and how soon an agent sees a message."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import httpx

from bot.adapters.panel.cases import SqliteCases
from bot.adapters.panel.sqlite import PanelFile, SqliteAgents, SqliteSessions
from bot.care import Closed, Joined, Noted, Notice, Person, PersonSaid, Tagged
from bot.events import BotSaid, Decided, DriverSaid, Event, Fact, HandedOver, Happening, Learned, Started, Understood
from bot.panel.cases.case import Case, line_of
from bot.panel.cases.ports import Cases, Change
from bot.panel.cases.projector import VERSION
from bot.panel.values import Agent
from bot.types import Context, Decision, Identity, Message, Reply, TemplateOrigin, TextPart, Topic, Understanding
from eval.bench import ENTRY, ROOT, percentile

PEOPLE = tuple(Person(id=f"a-{number}", name=f"Agent {number}") for number in range(50))
LANGUAGES = ("en", "fr", "de", "it", "nb")
VENDORS = ("eponet", "enelx", "mbrella", "chargepoint", "wallbox")
TOPICS = ("cable-stuck", "lost-pass", "minimum-balance", "status-lights", "remote-restart")
RARE = 4_000
"""Different words besides the frequent ones."""
AT_ONCE = 500
START_WITHIN_S = 120.0
PATHS = (
    "/agent", "/agent?view=all", "/agent?view=mine", "/agent?view=closed", "/agent?view=all&language=fr&vendor=wallbox",
    "/agent?view=all&tag=vip&stage=closed", "/agent?view=all&assigned=a-7&channel=matrix",
)  # fmt: skip
FREQUENT = (
    "lader", "ikke", "kabelen", "sitter", "fast", "ouvre", "la", "prise", "Rückerstattung", "café", "station",
    "charging", "stopped", "account",
)  # fmt: skip
SEARCHES = (
    *FREQUENT[:6],
    "la",
    "kabel café",
    "rare17",
    "rare3 rare4",
    "40711",
    "CH*EPO*E4521",
    "* ) OR",
    "nothing-at-all",
)


def conversation(seed: int, now: datetime) -> list[Event]:
    """A made-up conversation of some minute of the last year; the same seed always gives the same."""
    dice = random.Random(seed)
    language, person = dice.choice(LANGUAGES), dice.choice(PEOPLE)
    notice = Notice(text="", origin=TemplateOrigin(template="care/joined", language=language))

    def text(most: int) -> str:
        rare = [f"rare{dice.randrange(RARE)}" for _ in range(3)]
        return " ".join([*dice.choices(FREQUENT, k=dice.randint(2, most)), *rare])

    identity = Identity(user=f"user{dice.randrange(20_000)}") if dice.random() < 0.5 else None
    channel = dice.choice((None, None, "matrix", "telegram"))
    happenings: list[Happening] = [
        Started(context=Context(identity=identity, channel=channel, vendor=dice.choice(VENDORS)))
    ]
    for turn in range(dice.randint(1, 5)):
        happenings += _turn(f"m{turn}", text(12), text(40), language, dice)
    if dice.random() < 0.4:
        happenings.append(HandedOver(ticket=f"R-{seed}", urgent=dice.random() < 0.02, reason="asked for"))
        if dice.random() < 0.98:
            happenings += [
                Joined(by=person, notice=notice),
                PersonSaid(id="p", by=person, text=text(20), language=language),
            ]
            happenings.append(Noted(id="n", by=person, text=text(10)))
            happenings += [Tagged(by=person, tags=(dice.choice(("vip", "refund", "cable")),))] * (dice.random() < 0.3)
            happenings += [Closed(by=person, why="solved")] * (dice.random() < 0.97)
    began = now - timedelta(minutes=dice.randrange(1, 365 * 24 * 60))
    return [
        Event(number=n, at=began + n * timedelta(seconds=1), happening=each) for n, each in enumerate(happenings, 1)
    ]


def _turn(identity: str, asked: str, answered: str, language: str, dice: random.Random) -> list[Happening]:
    topic = dice.choice(TOPICS)
    understanding = Understanding(
        language=language, language_source="message", language_confidence=1.0, topics=(Topic(id=topic, score=0.9),),
        confidence=0.9, classes={}, vendor=None, passages=(),
    )  # fmt: skip
    part = TextPart(text=answered, origin=TemplateOrigin(template="none", language=language))
    reply = Reply(
        id=f"r-{identity}", language=language, decision="answer", topic=topic, confidence=0.9, parts=(part,),
        quick_replies=(), sources=(), text=answered,
    )  # fmt: skip
    station = Fact(slot="station", value=str(dice.randrange(3_000, 9_000)), source="driver")
    return [
        DriverSaid(message=Message(id=identity, text=asked)),
        Understood(message_id=identity, understanding=understanding),
        Decided(message_id=identity, decision=Decision(kind="answer", topics=(topic,), reason="sure")),
        *([Learned(facts=(station,))] if dice.random() < 0.3 else []),
        BotSaid(message_id=identity, reply=reply),
    ]


def fill(cases: Cases, count: int, now: datetime) -> None:
    """Keep so many made-up conversations, from the oldest to the newest as nearly as a real inbox has them."""
    for first in range(0, count, AT_ONCE):
        changes = []
        for seed in range(first, min(count, first + AT_ONCE)):
            log = conversation(seed, now)
            lines = tuple(line for event in log if (line := line_of(event)))
            changes.append(Change(0, Case(conversation=f"synthetic-{seed}").after(log), lines))
        cases.put(changes)


def signed_in(file: PanelFile, now: datetime, count: int) -> list[str]:
    """Make so many agents' accounts; the secrets of their sessions."""
    agents, sessions = SqliteAgents(file), SqliteSessions(file)
    for person in PEOPLE[:count]:
        email = f"{person.id}@example.org"
        agents.add(Agent(id=person.id, name=person.name, email=email, role="agent", language="en", created_at=now))
    return [sessions.begin(person.id, now) for person in PEOPLE[:count]]


class Stream:
    """One stream; a bare socket, so that the measuring costs little."""

    def __init__(self, port: int, path: str, cookie: str = "") -> None:
        self._port, self._path, self._cookie = port, path, cookie

    async def open(self) -> None:
        """Begin to follow."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        self._writer.write(f"GET {self._path} HTTP/1.1\r\nHost: bench\r\n{cookie}\r\n".encode())
        await self._reader.readuntil(b"retry: 2000\n\n")

    async def hear(self, text: str) -> float:
        """Wait until something of it comes; when it came."""
        await self._reader.readuntil(text.encode())
        return time.perf_counter()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@contextmanager
def _serving(folder: Path, source: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        "PORT": str(port), "CONVERSATIONS": source, "LEDGER": f"{folder}/ledger.db", "PANEL": f"{folder}/panel.db",
        "LIMITS": "off",
    }  # fmt: skip
    environ = {**os.environ, **{f"PLUGDESK_{name}": value for name, value in own.items()}}
    server = subprocess.Popen([*ENTRY, "serve"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


async def _started(client: httpx.AsyncClient) -> None:
    end = time.monotonic() + START_WITHIN_S
    while True:
        try:
            await client.get("/healthz")
            return
        except httpx.TransportError:
            if time.monotonic() > end:
                raise click.ClickException("The server did not start. Try: plugdesk serve") from None
            await asyncio.sleep(0.2)


async def _pages(client: httpx.AsyncClient, cookie: str, paths: Sequence[str], rounds: int, what: str) -> None:
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(rounds):
        for path in paths:
            begun = time.perf_counter()
            answer = await client.get(path, headers={"Cookie": cookie})
            times[path].append((time.perf_counter() - begun) * 1000)
            answer.raise_for_status()
    everything = [each for found in times.values() for each in found]
    slowest = max(times, key=lambda path: percentile(times[path], 0.5))
    middle, slow = percentile(everything, 0.5), percentile(everything, 0.95)
    worst = percentile(times[slowest], 0.5)
    click.echo(f"{what:36} p50 {middle:6.1f} ms   p95 {slow:6.1f} ms   slowest {slowest} {worst:.1f} ms")


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


async def _measure(port: int, secrets: Sequence[str], drivers: int, rounds: int, messages: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        await _started(client)
        cookie = f"plugdesk-session={secrets[0]}"
        searches = [f"/agent/search?{httpx.QueryParams({'q': text})}" for text in SEARCHES]
        await _pages(client, cookie, PATHS, rounds, "inbox")
        await _pages(client, cookie, searches, rounds, "search")
        await _live(client, port, secrets, drivers, messages)


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
        source = f"sqlite:///{folder}/talks.db"
        file = PanelFile(folder / "panel.db")
        cases = SqliteCases(file)
        cases.begin_anew(VERSION, source)
        begun = time.perf_counter()
        fill(cases, conversations, now)
        click.echo(f"{conversations} conversations kept in {time.perf_counter() - begun:.0f} s")
        secrets = signed_in(file, now, agents)
        file.close()
        with _serving(folder, source) as port:
            asyncio.run(_measure(port, secrets, drivers, rounds, messages))


if __name__ == "__main__":
    main()
