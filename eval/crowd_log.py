"""What a crowd wrote and heard, and what of it was lost, doubled, out of order, or heard where it does not belong."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

MARK = re.compile(r"\bzq[a-z]{6}\b")
"""At the end of every text that is written: no word of any language, so that it is found wherever it turns up."""
LETTERS = "bcdfghjkmpqrstvwxz"
"""No vowels: nothing that is understood comes of them."""
Way = Literal["driver to screen", "agent to driver", "bot to driver"]
WAYS: tuple[Way, ...] = ("driver to screen", "agent to driver", "bot to driver")


@dataclass(frozen=True)
class Line:
    """Something that was said; ``number``: of its event."""

    number: int
    text: str


@dataclass(frozen=True)
class Heard:
    """What came at one place that shows a conversation, in the order in which it came.

    ``until``: the place was left once this event had happened; None: it was there until the end.
    """

    place: str
    conversation: str
    lines: Sequence[Line]
    until: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What went wrong, each in words. Nothing should."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    misdirected: tuple[str, ...]
    disordered: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Everything arrived once, in order, where it belongs and nowhere else."""
        return not (self.lost or self.doubled or self.misdirected or self.disordered)


@dataclass(frozen=True)
class Written:
    """A text that somebody sent."""

    conversation: str
    at: float
    """Seconds of the performance counter."""
    by: Literal["driver", "agent"]
    parting: bool = False
    """With it the driver said that it is all."""


@dataclass
class CrowdLog:
    """Kept while the crowd talks; marks are given out here, so that each text is known again."""

    written: dict[str, Written] = field(default_factory=dict)
    """By the mark of a text."""
    waited: list[str] = field(default_factory=list)
    """What somebody waited for in vain."""
    refused: Counter[str] = field(default_factory=Counter)
    """Requests that failed, by what was asked and answered."""
    delays: dict[Way, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    """Milliseconds from sending to hearing."""
    over: bool = False
    """Nobody says anything more."""
    _marks: Iterator[tuple[str, ...]] = field(default_factory=lambda: itertools.product(LETTERS, repeat=6))

    async def may_speak(self) -> None:
        """Wait for good once it is over."""
        if self.over:
            await asyncio.get_running_loop().create_future()

    def mark(self, conversation: str, by: Literal["driver", "agent"], parting: bool = False) -> str:
        """A mark for a text that is sent now."""
        mark = "zq" + "".join(next(self._marks))
        self.written[mark] = Written(conversation, time.perf_counter(), by, parting)
        return mark

    def came(self, way: Way, mark: str, at: float) -> None:
        """A text came, or what was answered to it."""
        self.delays[way].append((at - self.written[mark].at) * 1000)

    def by(self, who: Literal["driver", "agent"], text: str) -> bool:
        """Whether a text is one that a driver, or an agent, wrote."""
        return any(mark in self.written and self.written[mark].by == who for mark in marks_in(text))


def marks_in(text: str) -> list[str]:
    """The marks that a text has."""
    return MARK.findall(text)


def judged(log: CrowdLog, kept: Mapping[str, Sequence[Line]], heard: Iterable[Heard]) -> Verdict:
    """Compare what was written with what is kept of each conversation, and that with what came at each place."""
    verdict: dict[str, list[str]] = defaultdict(list)
    verdict["lost"] += log.waited
    written = {mark: each.conversation for mark, each in log.written.items()}
    found = Counter((mark, talk) for talk, lines in kept.items() for line in lines for mark in marks_in(line.text))
    for mark, talk in written.items():
        if not found[mark, talk]:
            verdict["lost"].append(f"{mark} is not kept in {talk}")
        if found[mark, talk] > 1:
            verdict["doubled"].append(f"{mark} is kept {found[mark, talk]} times in {talk}")
    strays = [(mark, talk) for mark, talk in found if written[mark] != talk]
    verdict["misdirected"] += [f"{mark} of {written[mark]} is kept in {talk}" for mark, talk in strays]
    for each in heard:
        _compare(each, written, kept.get(each.conversation, ()), verdict)
    return Verdict(*(tuple(verdict[kind]) for kind in ("lost", "doubled", "misdirected", "disordered")))


def _compare(heard: Heard, written: Mapping[str, str], kept: Sequence[Line], verdict: Mapping[str, list[str]]) -> None:
    place, own = f"{heard.place} of {heard.conversation}", {line.number for line in kept}
    numbers = Counter(line.number for line in heard.lines)
    due = {number for number in own if heard.until is None or number <= heard.until}
    verdict["lost"] += [f"{number} did not come at {place}" for number in sorted(due - set(numbers))]
    verdict["doubled"] += [f"{number} came {count} times at {place}" for number, count in numbers.items() if count > 1]
    verdict["misdirected"] += [f"{number} came at {place}, which has no such line" for number in set(numbers) - own]
    for line in heard.lines:
        strangers = [mark for mark in marks_in(line.text) if written[mark] != heard.conversation]
        verdict["misdirected"] += [f"{mark} of {written[mark]} came at {place}" for mark in strangers]
    if [line.number for line in heard.lines] != sorted(numbers.elements()):
        verdict["disordered"].append(f"lines came out of order at {place}")
