"""``make bench``: how fast and how large. Prints figures; asserts nothing, since machines differ."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
import psutil

from bot.settings import TOOLS
from eval.questions import Question, own_questions

ROOT = Path(__file__).parents[1]
CLIENTS = 16
REQUESTS = 3_000
CONVERSATIONS = 60
LATER = ("station 4521", "20917", "no, I meant 4512", "and how long does that take?", "look again", "cancel")
ENTRY = [sys.executable, "-m", "bot"]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the sorted values lie (nearest rank)."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def in_process(questions: Sequence[Question]) -> None:
    """One answer, from the line to the rendered text, on one core."""
    from bot.assembly import open_services
    from bot.settings import Settings

    os.environ["PLUGDESK_CONVERSATIONS"] = "memory:"
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    talks = open_services(Settings.from_environ(os.environ)).conversations
    for question in questions[:50]:
        talks.answer(question.text)
    times = []
    for question in questions:
        start = time.perf_counter()
        talks.answer(question.text)
        times.append((time.perf_counter() - start) * 1000)
    os.sched_setaffinity(0, cores)
    middle, slow = percentile(times, 0.5), percentile(times, 0.95)
    click.echo(f"one answer in process, one core   p50 {middle:6.2f} ms   p95 {slow:6.2f} ms")


def whole_turns(questions: Sequence[Question]) -> None:
    """Turns of conversations that read and ask: all of a turn, and what is left without the source systems."""
    from bot.assembly import open_services
    from bot.events import ToolRead
    from bot.settings import Settings
    from bot.types import Context

    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Settings.from_environ({**os.environ, **aside(Path(folder))}))
        talks = services.conversations
        whole, alone = [], []
        for question in questions[:: len(questions) // CONVERSATIONS]:
            conversation = talks.start(Context(vendor="eponet", country="CH"))
            for text in (question.text, *LATER):
                before = len(talks.events(conversation))
                start = time.perf_counter()
                talks.turn(conversation, text)
                took = (time.perf_counter() - start) * 1000
                events = talks.events(conversation, before)
                reads = [each.happening.took_ms for each in events if isinstance(each.happening, ToolRead)]
                whole.append(took)
                alone.append(took - sum(set(reads)))  # reads side by side carry the same time
        services.close()
    told = "   ".join(
        f"p50 {percentile(each, 0.5):5.2f} p95 {percentile(each, 0.95):5.2f} ms" for each in (whole, alone)
    )
    click.echo(f"{len(whole)} turns in process, all and without tools   {told}")


def aside(folder: Path) -> dict[str, str]:
    """Settings under which nothing outside the folder is written."""
    world = f"demo:///{folder / 'world.db'}"
    return {
        "PLUGDESK_CONVERSATIONS": f"sqlite:///{folder / 'talks.db'}",
        "PLUGDESK_LEDGER": str(folder / "ledger.db"),
        "PLUGDESK_DESK": f"sqlite:///{folder / 'desk.db'}",
        "PLUGDESK_PHOTOS": str(folder / "photos"),
        "PLUGDESK_LIMITS": "off",
        "PLUGDESK_OUTBOX": str(folder / "outbox.db"),
        **{f"PLUGDESK_{tool.upper()}": world for tool in TOOLS},
    }


def first_answer() -> None:
    """From starting the command to its first answer, index built already."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*ENTRY, "ask", "wo ist meine Rechnung?"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    click.echo(f"plugdesk ask, start to answer     best {min(times):5.2f} s    worst {max(times):5.2f} s")


def building() -> None:
    """A whole build from nothing, and one after an edited article."""
    with tempfile.TemporaryDirectory() as folder:
        kb, environ = Path(folder) / "kb", {**os.environ, "PLUGDESK_INDEX": f"{folder}/index"}
        shutil.copytree(ROOT / "kb", kb)
        environ["PLUGDESK_KB"] = str(kb)
        whole = _timed([*ENTRY, "index"], environ)
        article = kb / "articles" / "nb" / "cable-stuck.md"
        article.write_text(article.read_text(encoding="utf-8").rstrip() + " Ta det med ro.\n", encoding="utf-8")
        edited = _timed([*ENTRY, "index"], environ)
    click.echo(f"index build                       from nothing {whole:5.1f} s   one edited article {edited:5.1f} s")


def _timed(command: Sequence[str], environ: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def over_http(questions: Sequence[Question]) -> None:
    """Answers a second at 16 concurrent clients, their latency, and the server's memory afterwards."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environ = {**os.environ, **aside(Path(folder)), "PLUGDESK_PORT": str(port)}
        start = time.perf_counter()
        server = subprocess.Popen([*ENTRY, "serve"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        try:
            ready = asyncio.run(_first(port, start))
            texts = [question.text for question in questions]
            times, seconds = asyncio.run(_load(port, [texts[n % len(texts)] for n in range(REQUESTS)]))
            memory = psutil.Process(server.pid).memory_info().rss / 2**20
        finally:
            server.terminate()
            server.wait(timeout=10)
    click.echo(f"server start to first answer      {ready:5.2f} s")
    click.echo(
        f"over HTTP, {CLIENTS} clients             {REQUESTS / seconds:6.0f} answers/s   "
        f"p50 {percentile(times, 0.5):5.1f} ms   p95 {percentile(times, 0.95):5.1f} ms"
    )
    click.echo(f"serving process                   {memory:6.0f} MB resident")


class Client:
    """One keep-alive connection; lean, so that the load does not starve the server of its core."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, path: str, body: object) -> dict[str, object]:
        """Send JSON, return the answer's JSON."""
        data = json.dumps(body).encode()
        head = [
            f"POST {path} HTTP/1.1",
            "Host: bench",
            "Content-Type: application/json",
            f"Content-Length: {len(data)}",
        ]
        self._writer.write("\r\n".join([*head, "", ""]).encode() + data)
        headers = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.split(":")[1]) for line in headers.split("\r\n") if line.startswith("content-length"))
        answer: dict[str, object] = json.loads(await self._reader.readexactly(length))
        if not headers.startswith(("http/1.1 200", "http/1.1 201")):
            raise click.ClickException(f"The server answered {headers.splitlines()[0]}: {answer}")
        return answer


async def _first(port: int, start: float) -> float:
    client = Client(port)
    while True:
        try:
            await client.open()
            break
        except OSError:
            await asyncio.sleep(0.02)
    conversation = (await client.post("/v1/conversations", {}))["id"]
    await client.post(f"/v1/conversations/{conversation}/messages", {"text": "bilen lader ikke"})
    return time.perf_counter() - start


async def _load(port: int, texts: list[str]) -> tuple[list[float], float]:
    times: list[float] = []

    async def drive() -> None:
        client = Client(port)
        await client.open()
        turns, conversation = 0, ""
        while texts:
            text = texts.pop()
            if turns % 5 == 0:
                conversation = str((await client.post("/v1/conversations", {}))["id"])
            turns += 1
            begun = time.perf_counter()
            await client.post(f"/v1/conversations/{conversation}/messages", {"text": text})
            times.append((time.perf_counter() - begun) * 1000)

    start = time.perf_counter()
    await asyncio.gather(*(drive() for _ in range(CLIENTS)))
    return times, time.perf_counter() - start


def main() -> None:
    """Run all."""
    questions = own_questions()
    click.echo(f"{psutil.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    in_process(questions)
    whole_turns(questions)
    first_answer()
    over_http(questions)
    building()


if __name__ == "__main__":
    main()
