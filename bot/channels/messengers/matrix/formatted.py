"""How a text is put into a Matrix message: plain, and as the little HTML that all clients show."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape
from typing import Any

LARGEST = 48 * 1024
"""Bytes of text and HTML together; an event has at most 65,536 with all that the homeserver adds."""
_GAP = re.compile(r"\n[ \t]*\n\s*")
_STEP = re.compile(r"(\d{1,4})\. (.+)")


def content_of(text: str, headings: Collection[str] = (), mentioned: str | None = None) -> dict[str, Any]:
    """An ``m.room.message``. ``mentioned``: who is told of it even where they muted the room.

    It is no ``m.notice``: clients do not tell people of those, and an answer that nobody hears of helps nobody.
    """
    content: dict[str, Any] = {"msgtype": "m.text", "body": text}
    content["m.mentions"] = {"user_ids": [mentioned]} if mentioned else {}
    html = html_of(text, headings)
    if len(text.encode()) + len(html.encode()) <= LARGEST:
        content |= {"format": "org.matrix.custom.html", "formatted_body": html}
    return content


def html_of(text: str, headings: Collection[str] = ()) -> str:
    """The same text with paragraphs, headings and numbered steps; all of it escaped."""
    return "".join(_block(paragraph, headings) for paragraph in _GAP.split(text.strip()))


def _block(paragraph: str, headings: Collection[str]) -> str:
    lines = paragraph.split("\n")
    steps = [_STEP.fullmatch(line) for line in lines]
    numbers = [int(step[1]) for step in steps if step]
    # Clients count on from the first number by themselves.
    if len(numbers) == len(lines) and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        items = "".join(f"<li>{escape(step[2])}</li>" for step in steps if step)
        return f'<ol start="{numbers[0]}">{items}</ol>'
    if paragraph in headings:
        return f"<h4>{escape(paragraph)}</h4>"
    return f"<p>{'<br>'.join(map(escape, lines))}</p>"
