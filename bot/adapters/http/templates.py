"""Where the arguments of a call go: into the path, the query or a header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from bot.errors import NotFound

PLACE = re.compile(r"\{(\w+)\}")
_NO_TEXT = re.compile(r"[\ud800-\udfff]|\A\Z")
"""What has no encoding, and what is nothing."""
_NO_SEGMENT = re.compile(r"[/\\%\x00-\x1f\x7f]|\A\.*\Z")
"""What some server on the way could take for the end of a segment, a step up or a second encoding (RFC 3986, 3.3)."""
_NO_HEADER = re.compile(r"[^ -~]|\A | \Z")
"""RFC 9110, 5.5."""
Arguments = Mapping[str, str]


class Unaskable(NotFound):
    """A value that no system can be asked for, so that nothing of that name is there; nothing was sent."""

    def __init__(self, argument: str) -> None:
        super().__init__(f"No system can be asked for this {argument}; nothing was sent.")
        self.argument = argument


def check(arguments: Arguments) -> None:
    """See that they can be sent at all.

    Raises:
        Unaskable: for a value that is empty or has no encoding.
    """
    for name, value in arguments.items():
        if _NO_TEXT.search(value):
            raise Unaskable(name)


def path(template: str, arguments: Arguments) -> str:
    """The path, each value within its segment.

    Raises:
        Unaskable: for a value that could leave it.
    """

    def put(match: re.Match[str]) -> str:
        value = arguments[match[1]]
        if _NO_SEGMENT.search(value):
            raise Unaskable(match[1])
        return quote(value, safe="")

    return PLACE.sub(put, template)


def query(template: str, arguments: Arguments) -> str:
    """The value of a query's parameter; whoever sends it encodes it."""
    return PLACE.sub(lambda match: arguments[match[1]], template)


def header(template: str, arguments: Arguments) -> str:
    """The value of a header.

    Raises:
        Unaskable: for a value that no header may hold.
    """
    for name in PLACE.findall(template):
        if _NO_HEADER.search(arguments[name]):
            raise Unaskable(name)
    return query(template, arguments)
