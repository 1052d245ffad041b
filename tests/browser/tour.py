"""The pictures of docs/tour.md, each taken of what its scene does in a real browser.

``python -m tests.browser.tour`` takes all of them anew, with the Chromium of PLUGDESK_TEST_BROWSER or the one that is
installed, and the index that PLUGDESK_INDEX names (var/index). tests/browser/test_tour.py plays the scenes, so that the
tour stays true.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from PIL import Image

from eval.served import Served
from tests.browser.chat import Chat, World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
LARGEST = 120_000
"""Bytes of one picture."""
PHONE = {"width": 390, "height": 760}
SMOKE = "There is smoke coming out of the charger!"


@dataclass(frozen=True)
class Stage:
    """A server with the demo world as it begins, and a browser."""

    browser: Browser
    url: str

    def opened(self, size: Mapping[str, int], locale: str, scale: float) -> BrowserContext:
        """A browser without a past; ``scale``: pixels of the picture for one of the page."""
        context = self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale=locale, device_scale_factor=scale,
            timezone_id="Europe/Zurich", reduced_motion="reduce", color_scheme="light",
        )  # fmt: skip
        context.set_default_timeout(20_000)
        return context

    def phone(self, locale: str) -> Chat:
        """A driver's phone with the chat open in the demo app."""
        return Chat.on(self.opened(PHONE, locale, 1.5).new_page(), self.url).opened()

    def agent(self, height: int = 800) -> Page:
        """The inbox of an agent who reads English."""
        page = self.opened({"width": 1280, "height": height}, "en-GB", 1).new_page()
        page.goto(f"{self.url}/agent/sign-in")
        page.locator(".demo button").first.click()
        page.wait_for_url(f"{self.url}/agent")
        page.locator("#menu > summary").click()
        page.locator("#panel-language").select_option("en")
        with page.expect_navigation():
            page.locator("#panel-language ~ button").click()
        return page

    def writes(self, locale: str, *texts: str) -> str:
        """A driver elsewhere writes all that; the id of their conversation."""
        with httpx.Client(base_url=f"{self.url}/v1", timeout=60) as client:
            conversation = str(client.post("/conversations", json={"locale": locale}).json()["id"])
            for text in texts:
                client.post(f"/conversations/{conversation}/messages", json={"text": text}).raise_for_status()
        return conversation


def steps(stage: Stage) -> Page:
    """A driver in a car park gets steps to tick off."""
    chat = stage.phone("en-GB")
    reply = chat.ask("cable wont come out!!")
    reply.locator("ol.steps input").first.check()
    return chat.page


def languages(stage: Stage) -> Page:
    """The same question in Norwegian, as people write it."""
    chat = stage.phone("nb-NO")
    chat.ask("får ikke ut kabelen").locator("ol.steps").wait_for()
    return chat.page


def confirmation(stage: Stage) -> Page:
    """Nothing is done before a yes to a card that names it."""
    chat = stage.phone("en-GB")
    chat.page.locator("#user").select_option("ane")
    chat.ask("please restart charger 310244")
    chat.card.wait_for()
    return chat.page


def danger(stage: Stage) -> Page:
    """Danger comes before everything else."""
    chat = stage.phone("fr-CH")
    chat.ask("ça sent le brûlé à la borne 4521")
    return chat.page


def inbox(stage: Stage) -> Page:
    """Who waits for a person, danger first."""
    stage.writes("de", "Ich möchte mit einem Menschen sprechen, meine Rechnung stimmt nicht")
    stage.writes("it", "voglio parlare con una persona, la mia tessera non funziona")
    stage.writes("en", SMOKE)
    page = stage.agent()
    page.locator(".cases .case.urgent").first.wait_for()
    return page


def conversation(stage: Stage) -> Page:
    """An agent who reads English answers a driver who writes French."""
    driver = stage.writes("fr", "mon badge n'est pas reconnu", "je veux parler à quelqu'un")
    page = stage.agent(height=1150)
    page.goto(f"{stage.url}/agent/c/{driver}")
    page.keyboard.press("t")
    page.locator("#say-form .primary:enabled").wait_for()
    with httpx.Client(base_url=f"{stage.url}/v1", timeout=60) as client:
        client.post(f"/conversations/{driver}/messages", json={"text": "mon câble est coincé dans la voiture"})
    page.locator("#suggestion-1").wait_for()
    return page


def hand_over(stage: Stage) -> Page:
    """The driver reads who came."""
    chat = stage.phone("en-GB")
    chat.ask("I want to talk to a person")
    agent = stage.agent()
    agent.goto(f"{stage.url}/agent/c/{chat.state['id']}")
    agent.keyboard.press("t")
    agent.locator("#say-form .primary:enabled").wait_for()
    agent.locator("#say").fill("Hello, I am Kari. Which station are you at?")
    agent.keyboard.press("Control+Enter")
    chat.log.get_by_text("Which station are you at?").wait_for()
    return chat.page


SCENES: dict[str, Callable[[Stage], Page]] = {
    each.__name__.replace("_", "-"): each
    for each in (steps, languages, confirmation, danger, inbox, conversation, hand_over)
}
"""By the name of the picture."""


def picture(page: Page) -> bytes:
    """What the page shows, as WebP."""
    out = BytesIO()
    Image.open(BytesIO(page.screenshot())).convert("RGB").save(out, "WEBP", quality=82, method=6)
    return out.getvalue()


def main() -> None:
    """Take all pictures."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("PLUGDESK_TEST_BROWSER") or shutil.which("chromium")
    index = os.environ.get("PLUGDESK_INDEX", str(ROOT / "var" / "index"))
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Served(Path(folder), {"INDEX": index, "DEMO": "on", "LIMITS": "off"}) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, scene in SCENES.items():
            World(served.url).change("reset")
            page = scene(Stage(browser, served.url))
            page.wait_for_timeout(500)
            (PICTURES / f"{name}.webp").write_bytes(picture(page))
        browser.close()


if __name__ == "__main__":
    main()
