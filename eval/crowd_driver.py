"""A driver of the crowd: a live stream as the chat widget holds it, and messages to the bot and to a person."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from eval.crowd_log import CrowdLog, Line, marks_in
from eval.streams import told

PATIENCE_S = 90.0
"""How long somebody waits for something before it counts as lost."""
AGAIN_S = 2.0
"""After which a stream that broke is opened again; what the server itself asks for."""
TEXTS = {
    "en": ("the cable is stuck", "I want to talk to a person", "it still does not come off", "that is all, thank you"),
    "fr": ("le câble est bloqué", "je veux parler à une personne", "ça ne marche toujours pas", "c'est tout, merci"),
    "de": (
        "das Kabel steckt fest",
        "ich will mit einem Menschen sprechen",
        "es geht noch immer nicht",
        "das war alles",
    ),
    "it": ("il cavo è bloccato", "voglio parlare con una persona", "non funziona ancora", "è tutto, grazie"),
    "nb": ("kabelen sitter fast", "kan jeg få snakke med et menneske", "det går fortsatt ikke", "det var alt, takk"),
}
"""By language: a question, the wish for a person, what is said to one, and a parting."""


class Server:
    """The server, by one client for requests and another for streams: hundreds of those slow a client down."""

    def __init__(self, url: str, log: CrowdLog) -> None:
        many, patience = httpx.Limits(max_connections=None, max_keepalive_connections=200), httpx.Timeout(60)
        self._log = log
        self.under_way = 0
        """Requests that are not answered yet."""
        self._requests = httpx.AsyncClient(base_url=url, limits=many, timeout=patience)
        self.streams = httpx.AsyncClient(base_url=url, limits=many, timeout=httpx.Timeout(60, read=None))

    async def ask(self, method: str, path: str, expected: int = 0, **given: Any) -> httpx.Response | None:
        """Make a request; None where it failed, which is counted unless its status is ``expected``."""
        what = f"{method} {path.rpartition('/')[2]}"
        self.under_way += 1
        try:
            answer = await self._tried(method, path, **given)
        except httpx.TransportError as error:
            self._log.refused[f"{what}: {type(error).__name__}"] += 1
            return None
        finally:
            self.under_way -= 1
        if answer.is_error and answer.status_code != expected:
            self._log.refused[f"{what}: {answer.status_code}"] += 1
        return None if answer.is_error else answer

    async def _tried(self, method: str, path: str, **given: Any) -> httpx.Response:
        with suppress(httpx.TransportError):
            return await self._requests.request(method, path, **given)
        # A connection that was kept open and that the server closes in that moment: browsers try again as well.
        return await self._requests.request(method, path, **given)

    async def close(self) -> None:
        """Give back the connections."""
        await self._requests.aclose()
        await self.streams.aclose()


class Follower:
    """A stream of one conversation. It goes on after the last event that came whole, whatever breaks it off."""

    def __init__(self, server: Server, conversation: str) -> None:
        self._server, self._path = server, f"/v1/conversations/{conversation}/stream"
        self._last, self._woken = "", asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self.conversation = conversation
        self.lines: list[Line] = []
        self.came: dict[int, float] = {}
        """When a line came first, by its number."""

    async def run(self) -> None:
        """Follow until cancelled."""
        try:
            while True:
                self._reading = asyncio.create_task(self._read())
                await asyncio.wait([self._reading])
                if not self._reading.cancelled():
                    await asyncio.sleep(AGAIN_S)
        finally:
            self.cut()

    def cut(self) -> None:
        """Break it off, as a train does in a tunnel."""
        if self._reading is not None:
            self._reading.cancel()

    async def until(
        self, after: int, wanted: Callable[[Line], bool] = lambda _: True, patience_s: float | None = PATIENCE_S
    ) -> Line | None:
        """Wait for a line past the event ``after``. None: it did not come in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while True:
                    for line in self.lines:
                        if line.number > after and wanted(line):
                            return line
                    self._woken.clear()
                    await self._woken.wait()
        return None

    async def _read(self) -> None:
        headers = {"Last-Event-ID": self._last} if self._last else {}
        with suppress(httpx.TransportError):
            async with self._server.streams.stream("GET", self._path, headers=headers) as response:
                async for each in told(response):
                    if each.event == "said":
                        self._take(json.loads(each.data), each.id)

    def _take(self, said: dict[str, Any], identity: str) -> None:
        line = Line(said["number"], (said["message"] or said["reply"])["text"])
        self._last = identity
        self.lines.append(line)
        self.came.setdefault(line.number, time.perf_counter())
        self._woken.set()


@dataclass
class Driver:
    """Asks the bot, then for a person; talks with whoever comes, says that it is all, and asks the bot once more."""

    server: Server
    log: CrowdLog
    dice: random.Random
    rounds: int
    """Messages to the person."""
    think_s: float
    """How long people take to read and to write, on average."""
    unsteady: bool
    """The stream breaks off once."""
    follower: Follower | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing more is to be said; the stream stays open."""

    async def live(self, arrives_s: float) -> None:
        """Come so many seconds later, and stay until cancelled."""
        await asyncio.sleep(arrives_s)
        language = self.dice.choice(list(TEXTS))
        begun = await self.server.ask("POST", "/v1/conversations", json={"locale": language})
        if begun is None:
            self.done.set()
            return
        self.follower = Follower(self.server, begun.json()["id"])
        following = asyncio.create_task(self.follower.run())
        try:
            await self._talk(self.follower, *TEXTS[language])
            self.done.set()
            await following
        finally:
            following.cancel()

    async def _talk(self, follower: Follower, question: str, person: str, further: str, parting: str) -> None:
        await self._say(follower, question)
        await self._thinks()
        asked = await self._say(follower, person)
        for round_ in range(self.rounds + 1):
            # Until somebody has taken over there may be a queue, as long as it is.
            patience = PATIENCE_S if round_ else None
            answer = await follower.until(asked, lambda line: self.log.by("agent", line.text), patience)
            if answer is None:
                self.log.waited.append(f"no answer came in {follower.conversation}")
                return
            self.log.came("agent to driver", marks_in(answer.text)[0], follower.came[answer.number])
            await self._thinks()
            if self.unsteady and round_ == 0:
                follower.cut()
            asked = await self._say(follower, parting if round_ == self.rounds else further, round_ == self.rounds)
        # The notice that the person has gone is the next that comes.
        if await follower.until(asked) is None:
            self.log.waited.append(f"nobody left {follower.conversation}")
            return
        await self._thinks()
        await self._say(follower, question)

    async def _say(self, follower: Follower, text: str, parting: bool = False) -> int:
        """Send it, and wait until it stands on the own screen, with the bot's answer if it is there; its number."""
        await self.log.may_speak()
        mark = self.log.mark(follower.conversation, "driver", parting)
        given = {"text": f"{text} {mark}", "client_id": mark}
        answer = await self.server.ask("POST", f"/v1/conversations/{follower.conversation}/messages", json=given)
        if answer is None:
            del self.log.written[mark]
            return 0
        own = await follower.until(0, lambda line: mark in line.text)
        reply = await follower.until(own.number) if own and answer.status_code == httpx.codes.OK else None
        if reply is not None:
            self.log.came("bot to driver", mark, follower.came[reply.number])
        if own is None or (reply is None and answer.status_code == httpx.codes.OK):
            self.log.waited.append(f"{mark} or its answer did not come back in {follower.conversation}")
        return own.number if own else 0

    async def _thinks(self) -> None:
        await asyncio.sleep(self.think_s * self.dice.uniform(0.5, 1.5))
