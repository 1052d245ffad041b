"""What a button carries to the messenger and back, so that a tap is the choice that the button stood for."""

from __future__ import annotations

from pydantic import ValidationError

from bot.types import Choice, QuickReply

_LETTERS = {"a": "answer", "c": "command", "l": "language", "o": "option", "t": "topic", "v": "vendor"}
_KINDS = {kind: letter for letter, kind in _LETTERS.items()}
_LABEL = "="
"""Marks what carries the beginning of a label instead of a choice."""


def carried(reply: QuickReply, longest: int) -> str | None:
    """What the button of a quick reply carries, at most ``longest`` bytes of UTF-8.

    A choice that is longer is carried as its label, which the bot reads as if it had been typed. None where only the
    choice itself will do: a yes must stay bound to its own proposal, so that an old button never confirms a later one.
    """
    whole = f"{_KINDS[reply.choice.kind]}:{reply.choice.value}"
    if len(whole.encode()) <= longest:
        return whole
    if reply.choice.kind == "answer":
        return None
    return (_LABEL + reply.label).encode()[:longest].decode(errors="ignore")


def tapped(data: str, label: str | None = None) -> tuple[str, Choice | None]:
    """The text and the choice of a tap.

    Args:
        data: what the button carried; people can send anything there, so it is trusted no more than a text.
        label: what stood on the button, None where the messenger does not say.
    """
    letter, colon, value = data.partition(":")
    if colon and letter in _LETTERS:
        try:
            return label or "", Choice.model_validate({"kind": _LETTERS[letter], "value": value})
        except ValidationError:
            return label or "", None
    return label or data.removeprefix(_LABEL), None
