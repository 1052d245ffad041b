"""Pages of a host app that the server does not have: the browser is given them at the server's own origin."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.browser.chat import Chat

if TYPE_CHECKING:
    from playwright.sync_api import Page

STRICT = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy that the widget promises to work under."""
PATH = "/host"


def hosted(page: Page, url: str, body: str = "", query: str = "", below: str = "", **attributes: str) -> Chat:
    """A page under the strict policy with the script tag alone and these data-attributes (``station_id="4521"``).

    ``below``: the path that a proxy keeps the server under.
    """
    data = " ".join(f'data-{name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An app</title>'
        f'<link rel="icon" href="/plain/icon.svg"><meta name="viewport" content="width=device-width">'
        f'<script src="{below}/widget.js" {data}></script></head>'
        f"<body><main><h1>An app</h1>{body}</main></body></html>"
    )
    headers = {"Content-Type": "text/html", "Content-Security-Policy": STRICT}
    page.route(f"{url}{PATH}**", lambda route: route.fulfill(body=html, headers=headers))
    return Chat.on(page, url, PATH + query)
