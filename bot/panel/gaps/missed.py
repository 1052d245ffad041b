"""The questions that drivers were not helped with, from the records of conversations and from agents' corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.panel.figures.record import Record
from bot.panel.gaps.values import Missed
from bot.panel.review import Correction
from bot.understanding.masking import mask

HIDDEN = "#"
_TELLING = re.compile(r"\S*\d\S*|\S+@\S+")
"""Words with a digit, of any script, and addresses: accounts, stations, passes, phones, amounts."""
_REPEATED = re.compile(rf"{HIDDEN}(?:[\s,;.:/-]*{HIDDEN})+")


def anonymous(text: str) -> str:
    """The text without what may tell who asked: secrets in brackets, every word with a digit as ``#``.

    Questions about different accounts become the same text by this, which is what is wanted here.
    """
    return _REPEATED.sub(HIDDEN, _TELLING.sub(_hidden, mask(text).text))


def _hidden(match: re.Match[str]) -> str:
    """The word as ``#``; the punctuation around it stays."""
    word = match[0]
    places = [place for place, char in enumerate(word) if char.isalnum()] or [0, len(word) - 1]
    return f"{word[: places[0]]}{HIDDEN}{word[places[-1] + 1 :]}"


def missed(
    records: Iterable[Record], corrections: Iterable[Correction], start: datetime, end: datetime
) -> list[Missed]:
    """Those that were asked from ``start`` to before ``end``, oldest first, each once.

    An agent's latest correction of a message says better why it was missed than the message alone; one that takes
    back what was wrong, to the topic that was thought of, says nothing.
    """
    found: dict[tuple[str, str], Missed] = {}
    for each in (*_of_records(records), *_of_corrections(corrections)):
        if start <= each.at < end and each.text:
            known = found.get((each.conversation, each.message))
            found[each.conversation, each.message] = each.model_copy(update={"at": known.at}) if known else each
    return sorted(found.values(), key=lambda each: (each.at, each.conversation, each.message))


def _of_records(records: Iterable[Record]) -> Iterator[Missed]:
    for record in records:
        for asked in record.asked:
            if asked.why is not None:
                yield Missed(
                    conversation=record.conversation,
                    message=asked.message,
                    at=asked.at,
                    language=asked.language or record.language,
                    text=anonymous(asked.text),
                    why=asked.why,
                )


def _of_corrections(corrections: Iterable[Correction]) -> Iterator[Missed]:
    latest = {(each.conversation, each.message): each for each in corrections}
    for each in latest.values():
        if each.topic is None or each.topic != each.was:
            yield Missed(
                conversation=each.conversation,
                message=each.message,
                at=each.at,
                language=each.language,
                text=anonymous(" ".join(each.text.split())),
                why="mistaken" if each.topic else "corrected",
            )
