"""What can be wrong with a change of the demo world."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.errors import PlugdeskError


class WorldError(PlugdeskError):
    """The demo world cannot be changed like that; the message says what it has instead."""


def unknown(what: str, given: str, known: Iterable[str]) -> WorldError:
    """The error for a name that the world does not have, with those that it has."""
    return WorldError(f"The demo world has no {what} {given!r}. Use one of {', '.join(known)}.")


def checked(what: str, given: str, known: Iterable[str]) -> str:
    """``given``, if it is one of ``known``.

    Raises:
        WorldError: when it is not.
    """
    names = tuple(known)
    if given not in names:
        raise unknown(what, given, names)
    return given
