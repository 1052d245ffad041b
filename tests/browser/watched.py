"""What must not happen on any page: errors, violations of its policy, other hosts, cookies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request

VIOLATION = "policy violation: "
REPORTER = f"addEventListener('securitypolicyviolation', e => console.error('{VIOLATION}' + e.violatedDirective))"
NETWORK = re.compile(r"Failed to load resource|net::ERR_")
"""How Chromium says that a request failed or was refused; a test that means it to happen allows it."""
PANEL = "/agent"
PANEL_COOKIES = frozenset(f"plugdesk-{kind}" for kind in ("session", "form", "notice", "theme"))
OWN_HOSTS = {"127.0.0.1", "localhost"}


class Watched:
    """Follows every page of a browser."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._contexts: list[BrowserContext] = []
        self._panel = False
        self.network_may_fail = False
        """Set by tests that break the network or let the server refuse something."""

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of ``context``, from their first script on."""
        self._contexts.append(context)
        context.add_init_script(REPORTER)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._faults.append(f"error: {error.error}"))
        context.on("request", self._asked)

    @property
    def faults(self) -> list[str]:
        """All that was found so far, and cookies that are there now; a closed browser has told of its own before."""
        for context in list(self._contexts):
            self._look_for_cookies(context)
        return list(dict.fromkeys(self._faults))

    def close(self, context: BrowserContext) -> None:
        """Close a browser, once its cookies were looked at."""
        self._look_for_cookies(context)
        self._contexts.remove(context)
        context.close()

    def _look_for_cookies(self, context: BrowserContext) -> None:
        """The chat has none. Where the panel was opened, agents have the panel's own."""
        names = [each["name"] for each in context.cookies()]
        own = PANEL_COOKIES if self._panel else frozenset()
        self._faults += [f"cookie: {name}" for name in names if name not in own]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if self.network_may_fail and NETWORK.search(message.text):
            return
        self._faults.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        self._panel = self._panel or url.path == PANEL or url.path.startswith(f"{PANEL}/")
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in OWN_HOSTS:
            self._faults.append(f"another host: {request.url}")
