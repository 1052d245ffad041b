"""Answers without a server: one question, or one a line as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.assembly import open_services
from bot.conversation import Conversations
from bot.settings import Settings
from bot.types import Context
from indexer.errors import PlugdeskError


class LineError(PlugdeskError):
    """A line of the input cannot be read."""


def _open(settings: Settings) -> Conversations:
    return open_services(replace(settings, conversations="memory:")).conversations


def answer_text(settings: Settings, text: str, locale: str | None, vendor: str | None) -> str:
    """The reply to one question, as text."""
    return _open(settings).answer(text, Context(locale=locale, vendor=vendor))[1].text


def answer_lines(settings: Settings, lines: Iterable[bytes]) -> Iterator[str]:
    """One JSON object for each line of input, in order.

    Raises:
        LineError: naming the first line that is not an object with "id" and "text".
    """
    talks = _open(settings)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        identity, text, locale = _read(number, line)
        heard, reply = talks.answer(text, Context(locale=locale))
        topics = [{"id": topic.id, "score": topic.score} for topic in heard.topics]
        answer = {
            "id": identity,
            "language": reply.language,
            "decision": reply.decision,
            "topics": topics,
            "text": reply.text,
        }
        # Lone surrogates can be read from JSON but not be written.
        yield json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _read(number: int, line: bytes) -> tuple[object, str, str | None]:
    try:
        data = json.loads(line)
        text, locale = data["text"], data.get("locale")
        if not isinstance(text, str) or not isinstance(locale, str | None):
            raise TypeError
        return data["id"], text, locale
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = 'Each line is an object such as {"id": "1", "text": "…", "locale": "nb"}.'
        raise LineError(f"Line {number} of the input cannot be read. {remedy}") from None
