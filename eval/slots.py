"""``python -m eval.slots``: does the bot find what drivers write, and nothing else?

The set stands in eval/datasets/slots: ``<language>.jsonl`` with ``text``, ``expected`` (the slot that was just asked
for, or null) and ``slots``: slot and canonical value of everything that the driver means; what they took back is not
among it. Every third line was held out while the rules were written.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.understanding.slots import Slot, SlotFinder
from indexer.knowledge import DRIVER_LANGUAGES

OWN = Path(__file__).with_name("datasets") / "slots"
HELD_OUT_EVERY = 3

Pair = tuple[str, str]
Find = Callable[[str, Slot | None], Iterable[Pair]]


@dataclass(frozen=True)
class Line:
    """A message, what was asked before it, and the values in it."""

    language: str
    number: int
    text: str
    expected: Slot | None
    slots: frozenset[Pair]

    @property
    def held_out(self) -> bool:
        """Whether it was set aside while the rules were written."""
        return self.number % HELD_OUT_EVERY == 0


@dataclass(frozen=True)
class Score:
    """Pairs of slot and value: in the set, found, and found rightly."""

    wanted: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / (self.wanted + self.found) if self.wanted + self.found else 1.0


def slot_lines(folder: Path = OWN) -> list[Line]:
    """The project's own set."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in _read(path)]


def _read(path: Path) -> Iterable[Line]:
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        read = json.loads(row)
        slots = frozenset((Slot(slot).value, value) for slot, value in read["slots"])
        yield Line(path.stem, number, read["text"], Slot(read["expected"]) if read["expected"] else None, slots)


def found_by(finder: SlotFinder) -> Find:
    """The pairs that a finder finds and that were not taken back."""

    def find(text: str, expected: Slot | None) -> Iterable[Pair]:
        return {(each.slot.value, str(each.value)) for each in finder.find(text, expected) if not each.rejected}

    return find


def score(lines: Sequence[Line], find: Find, slot: str | None = None) -> Score:
    """Count pairs over the lines; of one slot, where it is named."""
    total: Counter[str] = Counter()
    for line in lines:
        wanted = {pair for pair in line.slots if slot in (None, pair[0])}
        found = {pair for pair in find(line.text, line.expected) if slot in (None, pair[0])}
        total.update(wanted=len(wanted), found=len(found), right=len(wanted & found))
    return Score(total["wanted"], total["found"], total["right"])


def _print_scores(title: str, scores: Iterable[tuple[str, Score]]) -> None:
    click.echo(f"\n{title}\n{'':>12}{'values':>9}{'precision':>11}{'recall':>9}{'F1':>9}")
    for name, each in scores:
        click.echo(f"{name:>12}{each.wanted:>9}{each.precision:>11.3f}{each.recall:>9.3f}{each.f1:>9.3f}")


def _print_part(title: str, lines: Sequence[Line], find: Find) -> None:
    by_language = [(name, [line for line in lines if line.language == name]) for name in DRIVER_LANGUAGES]
    _print_scores(title, [(name, score(own, find)) for name, own in [*by_language, ("all", lines)] if own])


def _print_misses(lines: Sequence[Line], find: Find) -> None:
    for line in lines:
        found = set(find(line.text, line.expected))
        if found != line.slots:
            missing, extra = sorted(line.slots - found), sorted(found - line.slots)
            click.echo(f"{line.language}-{line.number:03d} {line.text!r}  missing {missing}  extra {extra}")


@click.command()
@click.option("--show", is_flag=True, help="Show the lines that are not wholly right.")
@click.option("--tuning", is_flag=True, help="Leave the held-out lines alone: for work on the rules.")
@click.option("--least", default=0.97, help="Fail below this F1 over all lines.")
@click.option("--set", "folder", type=click.Path(path_type=Path, exists=True), default=OWN, help="Another set.")
def main(show: bool, tuning: bool, least: float, folder: Path) -> None:
    """Measure precision and recall of the slot finder per language and slot."""
    find = found_by(SlotFinder.load())
    lines = slot_lines(folder)
    seen = [line for line in lines if not line.held_out]
    _print_part("Two of three lines", seen, find)
    if not tuning:
        _print_part("Every third line, held out", [line for line in lines if line.held_out], find)
        _print_part("All", lines, find)
    measured = seen if tuning else lines
    _print_scores("By slot", [(slot.value, score(measured, find, slot.value)) for slot in Slot])
    if show:
        _print_misses(measured, find)
    began = time.perf_counter()
    for line in lines:
        find(line.text, line.expected)
    click.echo(f"\n{len(lines)} lines, {(time.perf_counter() - began) / len(lines) * 1000:.2f} ms a line")
    if score(measured, find).f1 < least:
        click.echo("Below the bar.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
