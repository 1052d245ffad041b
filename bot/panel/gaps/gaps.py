"""Finds the gaps: reads what was missed, gathers it by meaning, and looks for the article that is nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np

from bot.panel.figures.follower import Follower
from bot.panel.figures.ports import Records, Wanted
from bot.panel.gaps.clusters import centre, clusters
from bot.panel.gaps.missed import missed
from bot.panel.gaps.rules import GapRules
from bot.panel.gaps.values import Gap, GapReport, Missed
from bot.panel.review import ReviewFile
from bot.ports import Clock, Knowledge
from indexer.ports import Vectors
from indexer.search import Index

Key = TypeVar("Key", bound=str)


@dataclass(frozen=True)
class GapFinder:
    """Finds them in the records of conversations and in what agents corrected. Reads only, but for catching up."""

    records: Records
    follower: Follower
    review: ReviewFile
    knowledge: Knowledge
    clock: Clock
    rules: GapRules

    def catch_up(self) -> None:
        """Bring the records up to the conversations' last events; where a server runs, it does so itself."""
        while self.follower.catch_up():
            pass

    def find(self, since: datetime | None = None, smallest: int | None = None) -> GapReport:
        """The gaps from ``since`` until now, beside the same time before; a period that is too long begins later.

        ``smallest``: questions that a gap has at least, in the period.
        """
        now = self.clock.now()
        start = max(min(since or now - self.rules.usual, now), now - self.rules.longest)
        before = start - (now - start)
        records = self.records.find(Wanted(before - self.rules.reach, now))
        everything = missed(records, self.review.read(), before, now)
        compared = _newest(everything, self.rules.most_lines)
        found = self._gathered(compared, start, smallest or self.rules.smallest)
        asked = sum(each.at >= start for each in everything)
        listed = sum(gap.count for gap in found)
        return GapReport(
            since=start,
            until=now,
            before=before,
            questions=asked,
            questions_before=len(everything) - asked,
            left_out=len(everything) - len(compared),
            small=sum(each.at >= start for each in compared) - listed,
            gaps=tuple(found),
        )

    def _gathered(self, lines: Sequence[Missed], start: datetime, smallest: int) -> list[Gap]:
        index = self.knowledge.current()
        texts = sorted({line.text for line in lines})
        if not texts:
            return []
        vectors, rows = index.embedder.queries(texts), {text: row for row, text in enumerate(texts)}
        groups = clusters(vectors, self.rules.alike)
        group_of = {int(row): number for number, group in enumerate(groups) for row in group}
        members: list[list[Missed]] = [[] for _ in groups]
        for line in lines:
            members[group_of[rows[line.text]]].append(line)
        wanted = [each for each in members if sum(line.at >= start for line in each) >= smallest]
        gaps = [_gap(each, [vectors[rows[line.text]] for line in each], start, index, self.rules) for each in wanted]
        return sorted(gaps, key=lambda gap: (-gap.count, gap.before, gap.examples[0].text))


def _newest(lines: Sequence[Missed], most: int) -> list[Missed]:
    """The latest of them that have no more than ``most`` different texts."""
    texts: set[str] = set()
    kept = []
    for line in reversed(lines):
        texts.add(line.text)
        if len(texts) > most:
            break
        kept.append(line)
    return kept[::-1]


def _gap(lines: Sequence[Missed], vectors: Sequence[Vectors], start: datetime, index: Index, rules: GapRules) -> Gap:
    stacked = np.stack(vectors)
    middle = centre(stacked, np.ones(len(lines)))
    nearest = index.nearest(middle)
    now = [(line, float(vector @ middle)) for line, vector in zip(lines, stacked, strict=True) if line.at >= start]
    return Gap(
        count=len(now),
        before=len(lines) - len(now),
        languages=_counted([line for line, _ in now], lambda line: line.language or ""),
        reasons=_counted([line for line, _ in now], lambda line: line.why),
        topic=nearest.passage.article,
        section=nearest.passage.section,
        similarity=round(nearest.score, 4),
        examples=_examples(now, rules.most_examples),
    )


def _counted(lines: Sequence[Missed], key: Callable[[Missed], Key]) -> dict[Key, int]:
    counts = Counter(key(line) for line in lines)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _examples(lines: Sequence[tuple[Missed, float]], most: int) -> tuple[Missed, ...]:
    """The most typical line of each language first, then the most typical of the rest; no text twice."""
    order = sorted(lines, key=lambda pair: (-pair[1], pair[0].text, pair[0].at))
    texts: dict[str, Missed] = {}
    languages: dict[str | None, Missed] = {}
    for line, _ in order:
        texts.setdefault(line.text, line)
        languages.setdefault(line.language, line)
    ahead = [line for line in languages.values() if texts[line.text] is line]
    return tuple([*ahead, *(line for line in texts.values() if line not in ahead)][:most])
