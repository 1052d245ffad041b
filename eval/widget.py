"""``python -m eval.widget``: how fast the chat opens, and what a flapping connection does to many messages.

Needs Playwright and a Chromium, named by PLUGDESK_TEST_BROWSER or installed. Prints a table; ends with 1 where a bar is
missed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import httpx

from eval.bench import ROOT, percentile
from eval.flapping import FLAPPING, FlappingProxy
from eval.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAINT_BAR_MS = 300.0
STATE = """() => Object.keys(localStorage).filter((name) => name.startsWith("plugdesk:") && !name.endsWith(":lines"))
  .map((name) => JSON.parse(localStorage[name]))[0]"""
"""What the widget keeps of the conversation, what waits to be sent among it."""
PAGE = 500
"""Messages that are read at once."""
GIVEN_UP_S = 180.0
"""How long nothing may arrive until the rest counts as lost."""
OPENED_FROM_THE_START = """<!doctype html><html lang="en"><title>An app</title>
<script>addEventListener("plugdesk-ready", () => requestAnimationFrame(() => requestAnimationFrame(() => {
  const script = performance.getEntriesByType("resource").find((each) => each.name.endsWith("/widget.js"));
  window.painted = performance.now() - script.responseEnd;
})));</script><body><p>An app</p><script src="/widget.js" data-open data-locale="en"></script></body></html>"""
"""The chat is open from the start, so that all between the script's last byte and the first paint is measured."""


@dataclass(frozen=True)
class Arrivals:
    """What became of messages that were sent."""

    sent: int
    arrived: int
    doubled: int
    in_order: bool
    """Those that arrived did so in the order in which they were written."""

    @property
    def well(self) -> bool:
        """All arrived, once each, in order."""
        return self.arrived == self.sent and not self.doubled and self.in_order


def arrivals(written: Sequence[str], kept: Sequence[tuple[str, str]]) -> Arrivals:
    """Compare what was written, each line another, with what the server has: client id and text, in its order."""
    texts = [text for _, text in kept]
    once = list(dict.fromkeys(texts))
    again = max(len(texts) - len(once), len(kept) - len({client for client, _ in kept}))
    return Arrivals(
        len(written), len(set(written) & set(once)), again, once == [each for each in written if each in once]
    )


def first_paint(browser: Browser, url: str, rounds: int) -> list[float]:
    """Milliseconds from the script's last byte to the first frame with the opened chat, each in a browser anew."""
    times = []
    for _ in range(rounds):
        context = browser.new_context()
        page = context.new_page()
        page.route(f"{url}/host", lambda route: route.fulfill(body=OPENED_FROM_THE_START, content_type="text/html"))
        page.goto(f"{url}/host")
        page.wait_for_function("window.painted > 0")
        times.append(float(page.evaluate("window.painted")))
        context.close()
    return times


def flapping(page: Page, server: Served, proxy: FlappingProxy, count: int) -> Arrivals:
    """Write ``count`` messages into the chat, as fast as the field takes them, while the connection flaps."""
    page.goto(f"{proxy.url}/?language=en")
    page.locator(".launcher").click()
    field = page.locator("#text")
    proxy.turn(FLAPPING)
    written = [f"line {number}" for number in range(1, count + 1)]
    for line in written:
        field.fill(line)
        field.press("Enter")
    _drained(page)
    kept = _kept(server.url, str(page.evaluate(STATE)["id"]))
    return arrivals(written, kept)


def _drained(page: Page) -> None:
    left, since = -1, time.monotonic()
    while left and time.monotonic() - since < GIVEN_UP_S:
        now = len(page.evaluate(STATE)["outbox"])
        if now != left:
            left, since = now, time.monotonic()
        page.wait_for_timeout(500)


def _kept(url: str, conversation: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    after: int | None = 0
    with httpx.Client(base_url=f"{url}/v1/conversations/{conversation}", timeout=30) as client:
        while after is not None:
            page = client.get("/messages", params={"limit": PAGE, "after": after}).raise_for_status().json()
            said = [each["message"] for each in page["messages"] if each["message"]]
            found += [(each["client_id"], each["text"]) for each in said]
            after = page["next_after"]
    return found


def _row(name: str, value: str, bar: str, well: bool) -> bool:
    click.echo(f"{name:<44}{value:>16}   {bar:<14}{'' if well else 'MISSED'}".rstrip())
    return well


@click.command()
@click.option("--messages", default=1_000, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--rounds", default=10, show_default=True, type=click.IntRange(min=1), help="How often the chat is opened."
)
@click.option("--seed", default=4521, show_default=True, help="Of what happens to which connection.")
def main(messages: int, rounds: int, seed: int) -> None:
    """Open the chat ROUNDS times, then send MESSAGES through a connection that flaps."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise click.ClickException("Playwright is not installed. Try: make test, or pip install playwright") from None
    chromium = os.environ.get("PLUGDESK_TEST_BROWSER") or shutil.which("chromium")
    if not chromium:
        raise click.ClickException("No Chromium is installed. Install one, or name it in PLUGDESK_TEST_BROWSER.")
    settings = {"DEMO": "on", "LIMITS": "off", "INDEX": os.environ.get("PLUGDESK_INDEX", str(ROOT / "var" / "index"))}
    with (
        tempfile.TemporaryDirectory() as folder,
        Served(Path(folder), settings) as server,
        FlappingProxy(server.port, seed=seed) as proxy,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        times = first_paint(browser, server.url, rounds)
        begun = time.monotonic()
        found = flapping(browser.new_page(), server, proxy, messages)
        took = time.monotonic() - begun
        browser.close()
    middle, slow = percentile(times, 0.5), percentile(times, 0.95)
    well = [
        _row(
            "first paint of the opened chat, median",
            f"{middle:.0f} ms",
            f"{PAINT_BAR_MS:.0f} ms",
            middle <= PAINT_BAR_MS,
        ),
        _row("first paint of the opened chat, p95", f"{slow:.0f} ms", "", True),
        _row(f"messages of {messages} that arrived", str(found.arrived), "all", found.arrived == found.sent),
        _row("messages that arrived twice", str(found.doubled), "0", not found.doubled),
        _row("in the order they were written", "yes" if found.in_order else "no", "yes", found.in_order),
        _row("connections that were cut or refused", f"{proxy.broken} of {proxy.connections}", "", True),
        _row("time it took", f"{took:.0f} s", "", True),
    ]
    sys.exit(0 if all(well) else 1)


if __name__ == "__main__":
    main()
