"""From what people ask to what SQLite is asked. Every value is bound; words are quoted for FTS5."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.panel.cases.ports import Excerpt, Filter
from bot.understanding.text import storable

MOST_WORDS = 12
LONGEST_WORD = 80
SHORTEST_BEGINNING = 2
"""Letters; of one letter, too many words begin with it."""
HIT, END = "\ue000", "\ue001"
"""Around what was found; of the private use area, and taken out of what is kept."""
_LETTER = re.compile(r"[^\W_]")
_APART = re.compile(r"[\W_]+")


def condition(wanted: Filter, view: bool = True) -> tuple[str, list[object]]:
    """The condition of a filter and its values; ``view``: whether its view counts."""
    parts: list[tuple[str, list[object]]] = []
    if view and wanted.view == "mine":
        parts.append(("keeper = ?", [wanted.me]))
    elif view and wanted.view != "all":
        parts.append(("stage = ?", [wanted.view]))
    for column in ("language", "vendor", "channel", "stage", "keeper"):
        value = getattr(wanted, column)
        if value is not None:
            parts.append((f"{column} = ?", [value]))
    if wanted.tag is not None:
        parts.append(("id in (select id from inbox_key where kind = 'tag' and value = ?)", [wanted.tag]))
    return " and ".join(["1", *(text for text, _ in parts)]), [value for _, values in parts for value in values]


def bare(identity: str) -> str:
    """An id as people repeat it: ``CH*EPO*E4521``, ``ch epo e4521`` and ``CHEPOE4521`` are the same."""
    return _APART.sub("", identity).casefold()


def phrase(text: str) -> str | None:
    """The FTS5 query that finds every word of the text; None where it has no word."""
    words = [word[:LONGEST_WORD] for word in storable(text).split() if _LETTER.search(word)]
    return " AND ".join(map(_quoted, words[:MOST_WORDS])) or None


def _quoted(word: str) -> str:
    # FTS5, 3.2: within quotes nothing is syntax; a quote is written twice.
    quoted = '"' + word.replace('"', '""') + '"'
    return f"{quoted} *" if len(_LETTER.findall(word)) >= SHORTEST_BEGINNING else quoted


def indexable(texts: Sequence[str]) -> str:
    """What is kept of lines to be found by."""
    return "\n".join(storable(text).replace(HIT, "").replace(END, "") for text in texts)


def excerpt(marked: str) -> tuple[Excerpt, ...]:
    """A snippet of FTS5 in its pieces."""
    pieces: list[Excerpt] = []
    for part in marked.split(HIT):
        hit, end, rest = part.partition(END)
        pieces += [Excerpt(hit, True), Excerpt(rest, False)] if end else [Excerpt(part, False)]
    return tuple(piece for piece in pieces if piece.text)
