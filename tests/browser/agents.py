"""The panel as agents see it: the inbox, and a conversation that they work in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

KARI, LUC, MARIA = "Kari Nordmann", "Luc Favre", "Maria Huber"
"""The agents of a demo server: an agent who reads Norwegian, one who reads French, a lead who reads German."""


def drives(url: str, *texts: str, locale: str = "en", token: str = "") -> str:
    """Somebody writes all that over REST, signed in where there is a token; the id of their conversation."""
    known = {"token": token} if token else {}
    with httpx.Client(base_url=f"{url}/v1", timeout=30) as client:
        begun = client.post("/conversations", json={"locale": locale, **known}).raise_for_status()
        conversation = str(begun.json()["id"])
        for text in texts:
            client.post(f"/conversations/{conversation}/messages", json={"text": text}).raise_for_status()
    return conversation


class Desk:
    """An agent's page. What depends on their language is found by where it stands."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.lines = page.locator("#lines .line")
        self.field = page.locator("#say")
        self.send = page.locator("#say-form .primary")
        self.join = page.locator('form[action$="/join"] button')
        self.leave = page.locator('form[action$="/leave"] button')
        self.head = page.locator(".thread-head")
        self.lamp = page.locator("#connection")
        self.notice = page.locator("#notices .notice")
        self.signed_out = page.locator("#signed-out")

    @classmethod
    def of(cls, page: Page, url: str, name: str) -> Self:
        """Sign in as somebody of the demo server, to the inbox."""
        page.goto(f"{url}/agent/sign-in")
        page.locator(".demo button", has_text=name.split()[0]).click()
        page.wait_for_url(f"{url}/agent")
        return cls(page, url)

    def case(self, conversation: str) -> Locator:
        """A conversation's row in the inbox."""
        return self.page.locator(".cases .case", has=self.page.locator(f'[id="case-{conversation}"]'))

    def opens(self, conversation: str) -> Self:
        """Go to a conversation's page."""
        self.page.goto(f"{self.url}/agent/c/{conversation}")
        return self

    def takes(self, conversation: str) -> Self:
        """Open it, and take it over by its key."""
        self.opens(conversation)
        self.page.keyboard.press("t")
        self.taken()
        return self

    def taken(self) -> None:
        """Wait until it is the agent's, and the form lets them answer: it comes after the head."""
        self.leave.wait_for()
        self.page.locator("#say-form .primary:enabled").wait_for()

    def answers(self, text: str) -> None:
        """Write to the driver and send it, all by keys."""
        self.field.focus()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")

    def said(self, text: str) -> Locator:
        """Lines of the conversation that say exactly that."""
        return self.page.locator("#lines .said", has_text=re.compile(rf"^{re.escape(text)}$"))
