"""Which topic a draft may belong to, by the index that serves."""

from __future__ import annotations

from indexer.importers.ports import Suggestion
from indexer.search import Index

MOST = 3
FEWEST = 0.05
"""A topic less probable than this is no suggestion."""
LEAD_LETTERS = 200


class IndexSuggester:
    """Ranks topics as for a driver's line: the title, and as much of the lead as a line may have."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def suggest(self, title: str, lead: str, language: str) -> tuple[Suggestion, ...]:
        """See :class:`indexer.importers.ports.Suggester`."""
        if language not in self._index.languages:
            return ()
        ranking = self._index.rank(f"{title}. {lead[:LEAD_LETTERS]}".strip(), language)
        found = (Suggestion(each.id, each.score) for each in ranking.topics[:MOST])
        return tuple(each for each in found if each.probability >= FEWEST)
