"""Puts together what the lead is shown of the knowledge base."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from bot.panel.knowledge.ports import LastCheck, LastEvaluation
from bot.panel.knowledge.values import ArticleState, Checked, Library
from bot.ports import Clock, Knowledge
from indexer.manifest import source_digests
from indexer.standing import Translation, translations


def fingerprint(sources: Mapping[str, str]) -> str:
    """One digest of all files, from the digest of each."""
    return hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Librarian:
    """Looks at the files of the knowledge base and at the index that serves. Changes nothing."""

    kb: Path
    knowledge: Knowledge
    checks: LastCheck
    evaluations: LastEvaluation
    clock: Clock
    timezone: str
    """IANA name of the zone in which a review falls due."""

    def look(self) -> Library:
        """Everything as it is now."""
        index = self.knowledge.current()
        served, written = index.manifest.sources, source_digests(self.kb)
        checked = self.checks.read()
        return Library(
            version=index.manifest.build,
            built_at=index.manifest.created,
            articles=tuple(self._articles(index.contents.topics, served, checked)),
            behind=tuple(
                sorted(name for name in served.keys() | written.keys() if served.get(name) != written.get(name))
            ),
            checked=checked,
            outdated=checked is not None and checked.sources != fingerprint(written),
            evaluation=self.evaluations.read(),
        )

    def _articles(
        self, topics: tuple[str, ...], served: Mapping[str, str], checked: Checked | None
    ) -> list[ArticleState]:
        today = self.clock.now().astimezone(ZoneInfo(self.timezone)).date()
        defects = Counter(PurePosixPath(each.path).stem for each in (checked.defects if checked else ()))
        found = []
        for topic, several in groupby(translations(self.kb, topics, served), key=attrgetter("topic")):
            group: tuple[Translation, ...] = tuple(several)
            review = min((each.review_by for each in group if each.review_by), default=None)
            overdue = review is not None and review < today
            found.append(ArticleState(topic, group, review, overdue, defects[topic]))
        return found
