"""The chat as a driver sees it, and the world around it as the demo page changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class World:
    """The demo world of a server."""

    url: str

    def change(self, command: str) -> None:
        """Carry out the words of a ``plugdesk world`` command."""
        httpx.post(f"{self.url}/v1/demo", json={"command": command}).raise_for_status()

    def token(self, user: str) -> str:
        """A token of somebody of this world."""
        answer = httpx.post(f"{self.url}/v1/demo/token", json={"user": user}).raise_for_status()
        return str(answer.json()["token"])


@dataclass(frozen=True)
class Kept:
    """A conversation as the server has it."""

    url: str
    id: str

    @property
    def said(self) -> list[dict[str, Any]]:
        """All lines, messages and replies."""
        return list(self._get("messages?limit=500")["messages"])

    @property
    def messages(self) -> list[str]:
        """What the driver said, in the server's order."""
        return [each["message"]["text"] for each in self.said if each["message"]]

    @property
    def replies(self) -> list[dict[str, Any]]:
        """What was replied."""
        return [each["reply"] for each in self.said if each["reply"]]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What happened of one kind."""
        return [each for each in self._happenings if each["type"] == kind]

    @property
    def kinds(self) -> list[str]:
        """The kind of everything that happened, in the server's order."""
        return [each["type"] for each in self._happenings]

    @property
    def _happenings(self) -> list[dict[str, Any]]:
        return [each["happening"] for each in self._get("events?limit=500")["events"]]

    def say(self, text: str) -> None:
        """Another device of the same driver says something."""
        httpx.post(f"{self.url}/v1/conversations/{self.id}/messages", json={"text": text}).raise_for_status()

    def _get(self, path: str) -> Mapping[str, Any]:
        answer = httpx.get(f"{self.url}/v1/conversations/{self.id}/{path}").raise_for_status()
        return dict(answer.json())


class Chat:
    """The chat on a page. What drivers see is found by role and name, the rest by part."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.root = page.locator("plugdesk-chat")
        self.launcher = self.root.locator(".launcher")
        self.badge = self.launcher.locator(".count")
        self.panel = self.root.get_by_role("dialog")
        self.log = self.panel.get_by_role("log")
        self.field = self.panel.locator("#text")
        self.composer = self.panel.locator(".composer")
        self.replies = self.log.locator("article.bot")
        self.messages = self.log.locator("article.driver")
        self.reply = self.replies.last
        self.typing = self.log.locator(".typing")
        self.notices = self.panel.locator(".notice:visible")
        self.status = self.panel.get_by_role("status")
        self.alarm = self.panel.get_by_role("alert")
        self.menu = self.panel.locator("#menu")
        self.card = self.log.locator("section.card").last

    @classmethod
    def on(cls, page: Page, url: str, path: str = "/") -> Self:
        """Go to a page with a chat."""
        page.goto(url + path)
        return cls(page, url)

    def opened(self) -> Self:
        """Open it."""
        self.launcher.click()
        self.panel.wait_for()
        return self

    def say(self, text: str) -> None:
        """Write something and send it."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str) -> Locator:
        """Say something and wait for the answer; gives it."""
        return self.answered(lambda: self.say(text))

    def answered(self, act: Any) -> Locator:
        """Do something that is answered and wait for it; gives the answer."""
        before = self.replies.count()
        act()
        answer = self.replies.nth(before)
        answer.wait_for()
        return answer

    def button(self, name: str) -> Locator:
        """A button of the chat that can be seen."""
        return self.panel.get_by_role("button", name=name, exact=True)

    def more(self) -> Locator:
        """Open the menu; gives it."""
        self.panel.locator("[aria-controls=menu]").click()
        return self.menu

    @property
    def kept(self) -> Kept:
        """The conversation as the server has it."""
        return self.kept_by(self.url)

    def kept_by(self, url: str) -> Kept:
        """The same, asked for at another address of the server."""
        return Kept(url, str(self.state["id"]))

    @property
    def state(self) -> dict[str, Any]:
        """What this browser keeps of the conversation."""
        found = self.page.evaluate(
            """() => Object.keys(localStorage).filter((name) => /^plugdesk:.*(?<!:lines)$/.test(name))
                 .map((name) => JSON.parse(localStorage[name])).find((state) => state.id) ?? {}"""
        )
        return dict(found)
