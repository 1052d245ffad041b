"""Source systems that are slow, silent or out of their mind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bot.adapters.demo.things import Trouble
from bot.errors import ToolError, Unavailable

Answer = TypeVar("Answer")


def troubled(trouble: Trouble, ask: Callable[[], Answer], sleep: Callable[[float], None]) -> Answer:
    """What comes of asking a system that is in trouble.

    Timeout and nonsense lose the answer, not the question: a command has arrived then and was carried out, which is
    the case that must never be repeated blindly. Nobody who asks can tell an error apart from that.

    Raises:
        Unavailable: for everything but latency.
    """
    match trouble.kind:
        case "latency":
            sleep(trouble.seconds)
            return ask()
        case "timeout":
            with suppress(ToolError):
                ask()
            sleep(trouble.seconds)
            raise Unavailable(f"no answer within {trouble.seconds:g} s")
        case "nonsense":
            with suppress(ToolError):
                ask()
            raise Unavailable("answered HTML instead of JSON")
        case "error":
            raise Unavailable("answered 500 Internal Server Error")
