"""Texts are data: whatever is written in one, by whomever, is shown as it stands and runs nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat import Chat

CORPUS = (
    "<script>window.ran = 1</script>",
    "<img src=x onerror=window.ran=1>",
    "\"'><svg/onload=window.ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<a href=javascript:window.ran=1>tap</a>",
    "{{constructor.constructor('window.ran=1')()}} ${window.ran=1}",
    "</p></div></template><style>*{display:none}</style>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=window.ran=1>",
)
MARKUP = "".join(CORPUS)
INSIDE = """document.querySelector("plugdesk-chat").shadowRoot
  .querySelectorAll("script, iframe, math, style, a[href^=java]").length"""


def clean(chat: Chat) -> bool:
    """Nothing ran, and no element came of a text."""
    return chat.page.evaluate("window.ran") is None and chat.page.evaluate(INSIDE) == 0


def reply(**changed: Any) -> dict[str, Any]:
    """A reply that has markup in every text."""
    article = {"kind": "article", "article": MARKUP, "section": MARKUP, "language": "en"}
    tool = {"kind": "template", "template": MARKUP, "tools": [MARKUP]}
    whole = {
        "id": "r-1", "language": "en", "decision": "answer", "urgent": True, "topic": MARKUP,
        "parts": [
            {"type": "text", "text": MARKUP, "origin": tool},
            {"type": "heading", "text": MARKUP, "origin": article},
            {"type": "steps", "first": 1, "items": list(CORPUS), "origin": article},
            {"type": "picture", "src": "/pictures/\"onerror=window.ran=1", "alt": MARKUP, "origin": article},
            {"type": "picture", "src": "javascript:window.ran=1", "alt": MARKUP, "origin": article},
            {"type": "confirmation", "text": MARKUP, "proposal": MARKUP, "action": "report",
             "expires_at": "2999-01-01T00:00:00Z", "origin": tool},
        ],
        "quick_replies": [
            {"label": MARKUP, "choice": {"kind": "option", "value": MARKUP}},
            {"label": MARKUP, "choice": {"kind": "answer", "value": f"yes:{MARKUP}"}},
        ],
        "sources": [{"article": "a", "title": MARKUP, "language": "en", "updated": MARKUP}],
        "text": MARKUP,
    }  # fmt: skip
    return {**whole, **changed}


def said_by_the_server(chat: Chat, said: dict[str, Any]) -> None:
    """Let the server say this at the next reload."""
    line = {"number": 900, "at": "2026-01-01T00:00:00Z", "message": None, "reply": said}

    def answer(route: Route) -> None:
        route.fulfill(json={"messages": [line], "next_after": None})

    chat.page.route("**/messages?*", answer)
    chat.page.route("**/pictures/**", lambda route: route.fulfill(status=204))
    chat.page.reload()


@pytest.mark.parametrize("text", CORPUS)
def test_what_drivers_write_is_shown_as_they_wrote_it(chat: Chat, text: str) -> None:
    chat.ask(text)
    expect(chat.messages.last.locator("p").first).to_have_text(text)
    assert clean(chat)


def test_articles_and_tools_cannot_bring_markup(chat: Chat) -> None:
    chat.ask("hello")
    said_by_the_server(chat, reply())
    last = chat.replies.last
    expect(last.locator(".step")).to_have_text(list(CORPUS))
    expect(last.locator("h3")).to_have_text(MARKUP)
    expect(last.locator("section.card > p").nth(1)).to_have_text(MARKUP)
    expect(last.locator("section.card .primary")).to_have_text(MARKUP)
    last.locator("summary").click()
    expect(last.locator(".sources strong")).to_have_text(MARKUP)
    assert last.locator("img.picture").count() == 1  # the other leads out of the server
    expect(chat.alarm).to_have_text("")
    assert clean(chat)


def test_people_cannot_bring_markup(chat: Chat) -> None:
    chat.ask("hello")
    origin = {"kind": "person", "name": MARKUP}
    part = {"type": "text", "text": MARKUP, "origin": origin}
    author = {"kind": "person", "name": MARKUP}
    said_by_the_server(chat, reply(parts=[part], author=author, quick_replies=[], sources=[], urgent=False))
    expect(chat.replies.last.locator("p").first).to_have_text(MARKUP)
    expect(chat.replies.last.locator("p").last).to_contain_text(MARKUP)  # who wrote, and when
    assert clean(chat)


def test_the_apps_own_words_are_texts_as_well(chat: Chat) -> None:
    chat.page.evaluate("(text) => document.querySelector('plugdesk-chat').setAttribute('heading', text)", MARKUP)
    expect(chat.panel.get_by_role("heading").first).to_have_text(MARKUP)
    assert clean(chat)
