"""An agent of the crowd: one tab of the panel, which is told what changed and fetches it, as the script does."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx
from lxml import html

from bot.panel.web.access import FRAGMENT, TOKEN_FIELD
from eval.crowd_driver import AGAIN_S, PATIENCE_S, Server
from eval.crowd_log import CrowdLog, Heard, Line, marks_in
from eval.streams import told

INBOX = "/agent?view=waiting"
PACE_S = 1.0
"""A fragment is not fetched more often than that; see bot/panel/web/src/fragments.ts."""
BEAT_S = 15.0
"""A page says so often that its agent is there; see bot/panel/presence.yaml."""
FIRST = 5
"""Agents choose among so many who wait longest, and so now and then the same as a colleague."""
SPOKEN = frozenset({"driver", "bot", "person", "notice"})
"""Of the lines of a conversation's page, what the driver reads too."""
REPLIES = ("I look into it.", "Jeg ser på det.", "Je regarde.", "Ich schaue nach.", "Guardo subito.")


@dataclass(frozen=True)
class Fragment:
    """A part of a page, where it is fetched, and the names that it stands for."""

    name: str
    source: str
    names: frozenset[str]


class Tab:
    """A page of the panel that is open: it follows its stream and keeps itself fresh."""

    def __init__(self, server: Server, cookie: str, path: str) -> None:
        self._server, self._path, self._cookie = server, path, {"Cookie": cookie}
        self._fragments: dict[str, Fragment] = {}
        self._stale: dict[str, asyncio.Event] = {}
        self._woken = asyncio.Event()
        self._csrf = self._conversation = self._since = ""
        self.links: list[str] = []
        """Conversations that are listed."""
        self.lines: list[Line] = []
        """What was said, as it is on the screen; as it once was, where a line stood twice or in the wrong place."""
        self.shown_at: dict[str, float] = {}
        """When a text was first on the screen, by its mark."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[bool]:
        """Have it open; False: there is no such page."""
        page = await self._server.ask("GET", self._path, headers=self._cookie)
        if page is None:
            yield False
            return
        self._read(html.fromstring(page.text))
        tasks = [asyncio.create_task(each) for each in (self._follow(), self._beat())]
        tasks += [asyncio.create_task(self._keep_fresh(name)) for name in self._fragments]
        try:
            yield True
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def press(self, what: str, **given: str) -> bool:
        """Press a button of a conversation's page; False: a colleague was quicker, or it failed."""
        done = await self._send(f"{self._path}/{what}", **given)
        for name in ("head", "lines", "composer"):
            self._stale[name].set()
        return done

    async def changed(self) -> bool:
        """Wait until something was fetched; False: nothing was in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), PATIENCE_S)
            self._woken.clear()
            return True
        return False

    async def _send(self, path: str, **given: str) -> bool:
        form = {TOKEN_FIELD: self._csrf, **given}
        headers = self._cookie | {FRAGMENT: "form"}
        return await self._server.ask("POST", path, httpx.codes.CONFLICT, headers=headers, data=form) is not None

    async def _beat(self) -> None:
        while True:
            await self._send("/agent/here", conversation=self._conversation, typing="")
            await asyncio.sleep(BEAT_S)

    async def _follow(self) -> None:
        names = frozenset(name for each in self._fragments.values() for name in each.names)
        while True:
            with suppress(httpx.TransportError):
                wanted = {"on": " ".join(sorted(names)), "since": self._since}
                stream = self._server.streams.stream("GET", "/agent/stream", params=wanted, headers=self._cookie)
                async with stream as response:
                    async for each in told(response):
                        if each.event == "changed":
                            self._tell(frozenset(json.loads(each.data)))
            await asyncio.sleep(AGAIN_S)
            self._tell(names)

    def _tell(self, names: frozenset[str]) -> None:
        for fragment in self._fragments.values():
            if fragment.names & names:
                self._stale[fragment.name].set()

    async def _keep_fresh(self, name: str) -> None:
        stale = self._stale[name]
        while True:
            await stale.wait()
            stale.clear()
            begun = time.perf_counter()
            headers = self._cookie | {FRAGMENT: name}
            fetched = await self._server.ask("GET", self._fragments[name].source, headers=headers)
            if fetched is not None and fetched.headers["Content-Type"].startswith("text/html"):
                self._read(html.fromstring(fetched.text))
                self._woken.set()
            await asyncio.sleep(begun + PACE_S - time.perf_counter())

    def _read(self, root: html.HtmlElement) -> None:
        for token in root.xpath("//meta[@name='csrf']/@content"):
            self._csrf = token
        for each in root.xpath("descendant-or-self::*[@data-fragment and (@data-on or @data-load)]"):
            self._know(each.get("data-fragment"), each.get("data-src", self._path), each.get("data-on", ""))
            if each.get("data-load") is not None:
                self._stale[each.get("data-fragment")].set()
        for badge in root.xpath("//*[@id='waiting']"):
            self._know("waiting", "/agent/waiting", badge.get("data-on"))
        for since in root.xpath("//@data-since"):
            self._since = since
        for thread in root.xpath("//@data-thread"):
            self._conversation = thread
        if root.xpath("descendant-or-self::*[@data-fragment='cases']"):
            self.links = root.xpath("//a[@data-item]/@href")
        for log in root.xpath("descendant-or-self::*[@data-fragment='lines']"):
            self._show([_line(each) for each in log.xpath("article") if SPOKEN & set(each.get("class").split())])

    def _know(self, name: str, source: str, names: str) -> None:
        self._fragments[name] = Fragment(name, source, frozenset(names.split()))
        self._stale.setdefault(name, asyncio.Event())

    def _show(self, lines: list[Line]) -> None:
        known = [line.number for line in self.lines]
        if known != sorted(set(known)):
            return
        self.lines = lines
        for line in lines:
            for mark in marks_in(line.text):
                self.shown_at.setdefault(mark, time.perf_counter())


@dataclass
class AnAgent:
    """Takes over who waits, answers each message, and hands back or closes once the driver says that it is all."""

    server: Server
    log: CrowdLog
    dice: random.Random
    cookie: str
    think_s: float
    heard: list[Heard] = field(default_factory=list)
    """What was on the screen of each conversation that was taken over."""

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            await self._serve(await self._choose())

    async def _choose(self) -> str:
        inbox = Tab(self.server, self.cookie, INBOX)
        async with inbox.open():
            while not inbox.links:
                await inbox.changed()
            return self.dice.choice(inbox.links[:FIRST])

    async def _serve(self, path: str) -> None:
        tab, conversation = Tab(self.server, self.cookie, path), path.rpartition("/")[2]
        async with tab.open() as there:
            if not there or not await tab.press("join"):
                return
            await self._talk(tab, conversation)
            until = max((line.number for line in tab.lines), default=0)
            self.heard.append(Heard("the agent's screen", conversation, tab.lines, until))

    async def _talk(self, tab: Tab, conversation: str) -> None:
        read = set(tab.shown_at)
        await self._answer(tab, conversation)
        while True:
            fresh = [mark for mark in tab.shown_at if mark not in read and self.log.written[mark].by == "driver"]
            read.update(fresh)
            for mark in fresh:
                self.log.came("driver to screen", mark, tab.shown_at[mark])
            if any(self.log.written[mark].parting for mark in fresh):
                await self._thinks()
                await (tab.press("leave") if self.dice.random() < 0.5 else tab.press("close", why="solved"))
                return
            if fresh:
                await self._answer(tab, conversation)
            elif not await tab.changed():
                self.log.waited.append(f"nothing of the driver came to the agent's screen of {conversation}")
                await tab.press("leave")
                return

    async def _answer(self, tab: Tab, conversation: str) -> None:
        await self._thinks()
        await self.log.may_speak()
        mark = self.log.mark(conversation, "agent")
        if not await tab.press("say", text=f"{self.dice.choice(REPLIES)} {mark}", id=mark):
            del self.log.written[mark]

    async def _thinks(self) -> None:
        await asyncio.sleep(self.think_s * self.dice.uniform(0.5, 1.5))


def _line(article: html.HtmlElement) -> Line:
    said = article.xpath("p[@class='said']")
    return Line(int(article.get("id").removeprefix("n")), said[0].text_content() if said else "")
