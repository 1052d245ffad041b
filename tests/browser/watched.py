"""What must not happen on any page: errors, violations of its policy, other hosts, cookies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

VIOLATION = "policy violation: "
REPORTER = f"addEventListener('securitypolicyviolation', e => console.error('{VIOLATION}' + e.violatedDirective))"
NETWORK = re.compile(r"Failed to load resource|net::ERR_")
"""How Chromium says that a request failed or was refused; a test that means it to happen allows it."""
OWN_HOSTS = {"127.0.0.1", "localhost"}


class Watched:
    """Follows every page of a browser."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._contexts: list[BrowserContext] = []
        self.network_may_fail = False
        """Set by tests that break the network or let the server refuse something."""

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of ``context``, from their first script on."""
        self._contexts.append(context)
        context.add_init_script(REPORTER)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._faults.append(f"error: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    @property
    def faults(self) -> list[str]:
        """All that was found so far, and cookies that are there now."""
        cookies = [f"cookie: {each['name']}" for context in self._contexts for each in self._cookies(context)]
        return [*self._faults, *cookies]

    @staticmethod
    def _cookies(context: BrowserContext) -> list[dict[str, object]]:
        try:
            return list(context.cookies())
        except Exception as error:  # closed already
            if "closed" not in str(error):
                raise
            return []

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if self.network_may_fail and NETWORK.search(message.text):
            return
        self._faults.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in OWN_HOSTS:
            self._faults.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if "set-cookie" in response.headers:
            self._faults.append(f"set a cookie: {response.url}")
