"""``python -m eval.crowd``: 50 agents and 500 drivers live on one server; nothing may be lost, doubled or misdirected.

Drivers talk with the bot, ask for a person, and talk with the agent who takes over; the streams of some break off.
Agents work in the panel as its script does. Ends with 1 where anything went wrong.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import psutil

from bot.adapters.panel.sqlite import PanelFile
from eval.bench import percentile
from eval.crowd_agent import AnAgent
from eval.crowd_driver import Driver, Server
from eval.crowd_log import WAYS, CrowdLog, Heard, Line, Verdict, judged
from eval.panel_log import PEOPLE, signed_in
from eval.served import Served, busy

MIB = 2**20
LATE_S = 3.0
"""After the last word, for what may come twice."""
LATEST_LOOKS = 20
"""So often it is waited for messages that are under way when time is up."""
UNSTEADY = 5
"""The stream of every fifth driver breaks off once."""
SHOWN = 10
"""Faults of a kind that are printed."""
PAGE = 500


@dataclass(frozen=True)
class Course:
    """How it went."""

    verdict: Verdict
    log: CrowdLog
    conversations: int
    """That agents took over."""
    seconds: float
    cores: float
    """How much of a core the server used, on average."""
    most_mib: float
    """The largest memory of the server."""


async def play(
    served: Served,
    secrets: Sequence[str],
    drivers: int,
    rounds: int,
    think_s: float,
    arriving_s: float,
    at_most_s: float,
    seed: int,
) -> Course:
    """Let agents, one a secret, and so many drivers talk until every driver has said all, or time is up."""
    log, process = CrowdLog(), served.process
    server = Server(served.url, log)
    crowd = [
        Driver(server, log, random.Random(f"driver {seed} {n}"), rounds, think_s, n % UNSTEADY == 0)
        for n in range(drivers)
    ]
    agents = [
        AnAgent(server, log, random.Random(f"agent {seed} {n}"), f"plugdesk-session={secret}", think_s)
        for n, secret in enumerate(secrets)
    ]
    began, used, memory = time.perf_counter(), busy(process), _Memory(process)
    lives = [each.live(arriving_s * n / drivers) for n, each in enumerate(crowd)]
    lives += [*(agent.work() for agent in agents), memory.watch(), _end(crowd)]
    tasks = [asyncio.create_task(each) for each in lives]
    # Nobody but the last ends by itself; whoever does has failed, and says why.
    done, _ = await asyncio.wait(tasks, timeout=at_most_s, return_when=asyncio.FIRST_COMPLETED)
    log.over = True
    seconds = time.perf_counter() - began
    cores = (busy(process) - used) / seconds
    await asyncio.sleep(LATE_S)
    for _ in range(LATEST_LOOKS):
        if not server.under_way:
            break
        await asyncio.sleep(LATE_S)
    followers = [driver.follower for driver in crowd if driver.follower]
    kept = {each.conversation: await _kept(server, each.conversation) for each in followers}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
    await server.close()
    heard = [Heard("the driver's stream", each.conversation, each.lines) for each in followers]
    screens = [screen for agent in agents for screen in agent.heard]
    return Course(judged(log, kept, [*heard, *screens]), log, len(screens), seconds, cores, memory.most / MIB)


async def _end(crowd: Iterable[Driver]) -> None:
    """Every driver has said all."""
    for driver in crowd:
        await driver.done.wait()


class _Memory:
    """The most that a process had."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self.most = process, 0

    async def watch(self) -> None:
        while True:
            self.most = max(self.most, self._process.memory_info().rss)
            await asyncio.sleep(1)


async def _kept(server: Server, conversation: str) -> list[Line]:
    answer = await server.ask("GET", f"/v1/conversations/{conversation}/messages", params={"limit": PAGE})
    said = answer.json()["messages"] if answer else []
    return [Line(each["number"], (each["message"] or each["reply"])["text"]) for each in said]


def report(course: Course) -> list[str]:
    """How it went, in lines."""
    log, verdict = course.log, course.verdict
    by_agents = sum(each.by == "agent" for each in log.written.values())
    lines = [
        f"{len(log.written) - by_agents} messages of drivers and {by_agents} of agents in {course.seconds:.0f} s; "
        f"{course.conversations} conversations taken over",
        f"server: {course.cores:.2f} of a core on average, {course.most_mib:.0f} MB at most",
    ]
    for way in WAYS:
        delays = log.delays[way] or [0.0]
        middle, slow = percentile(delays, 0.5), percentile(delays, 0.95)
        lines.append(f"{way:17} {len(log.delays[way]):6} heard   p50 {middle:7.1f} ms   p95 {slow:7.1f} ms")
    faults = {
        "lost": verdict.lost, "doubled": verdict.doubled, "misdirected": verdict.misdirected,
        "out of order": verdict.disordered, "refused": [f"{what}, {count}" for what, count in log.refused.items()],
    }  # fmt: skip
    lines.append("   ".join(f"{kind} {len(found)}" for kind, found in faults.items()))
    return lines + [f"{kind}: {each}" for kind, found in faults.items() for each in found[:SHOWN]]


@click.command()
@click.option("--agents", default=50, show_default=True, type=click.IntRange(min=1, max=len(PEOPLE)))
@click.option("--drivers", default=500, show_default=True, type=click.IntRange(min=1))
@click.option("--rounds", default=2, show_default=True, type=click.IntRange(min=1), help="Messages to the person.")
@click.option("--think", default=6.0, show_default=True, help="Seconds that people read and write, on average.")
@click.option("--arriving", default=90.0, show_default=True, help="Seconds in which the drivers come.")
@click.option("--seconds", default=1200.0, show_default=True, help="How long they talk at most.")
@click.option("--seed", default=0, show_default=True)
def main(agents: int, drivers: int, rounds: int, think: float, arriving: float, seconds: float, seed: int) -> None:
    """Let AGENTS and DRIVERS talk through one server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = PanelFile(folder / "panel.db")
        secrets = signed_in(file, datetime.now(UTC), agents)
        file.close()
        with Served(folder, {"LIMITS": "off"}) as served:
            course = asyncio.run(play(served, secrets, drivers, rounds, think, arriving, seconds, seed))
    for line in report(course):
        click.echo(line)
    sys.exit(0 if course.verdict.well and not course.log.refused else 1)


if __name__ == "__main__":
    main()
