"""Links in a text, opened: what a QR code of a station or a map's "share" gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_LINK = re.compile(
    r"(?:https?://|geo:|www\.|(?<![\w@.])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}/)\S+", re.IGNORECASE | re.ASCII
)
_NOT_OF_LINKS = ".,;:)>]\"'!?"
"""What stands behind a link rather than in it."""


@dataclass(frozen=True)
class Link:
    """``written`` as in the text; ``opened`` with its percent-encoding undone."""

    written: str
    opened: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.written)

    @property
    def path(self) -> str:
        """What follows the host's name."""
        return "/" + self.opened.split("//")[-1].partition("/")[2]


def links(text: str) -> Iterator[Link]:
    """The links of a text, in order."""
    for match in _LINK.finditer(text):
        written = match.group().rstrip(_NOT_OF_LINKS)
        yield Link(written, unquote(written), match.start())
