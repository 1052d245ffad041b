"""Which places of a text are spoken for: what is looked for first goes first."""

from __future__ import annotations

from bot.understanding.slots.values import Found


class Taken:
    """The places of one text, of so many characters."""

    def __init__(self, length: int) -> None:
        self._places = bytearray(length)

    def take(self, found: Found) -> bool:
        """Take the value's place, unless a part of it is taken; whether it was free."""
        if self.has(found.start, found.end):
            return False
        self.block(found.start, found.end)
        return True

    def block(self, start: int, end: int) -> None:
        """Take a place for what is no value."""
        self._places[start:end] = b"\1" * (end - start)

    def has(self, start: int, end: int) -> bool:
        """Whether a part of it is taken."""
        return any(self._places[start:end])
