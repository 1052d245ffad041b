"""``python -m eval.safety``: does the safety lane hear danger, and nothing but danger?

The set stands in eval/datasets/safety: ``<language>.tsv`` with label, hazards and text. Every third line was held out
while the lexicons were first written: recall on those was 0.989 then. All lines have been looked at since, so messages
that nobody saw do worse. Of 694 dangers written afresh in five rounds to find out, the lane heard 0.94, 0.84, 0.86,
0.88 and 0.83 before each round was learnt from; the topic ``safety-emergency`` has to catch what it does not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.understanding.safety import Danger, SafetyLane
from indexer.knowledge import DRIVER_LANGUAGES

OWN = Path(__file__).with_name("datasets") / "safety"
UTTERANCES = Path(__file__).parents[1] / "kb" / "utterances"
HELD_OUT_EVERY = 3
EMERGENCY = "safety-emergency"
ABOUT_DANGER = "danger"

Assess = Callable[[str], Danger | None]


@dataclass(frozen=True)
class Line:
    """A message, and the hazards that it tells of; none where it is a look-alike."""

    language: str
    number: int
    text: str
    hazards: frozenset[str]

    @property
    def held_out(self) -> bool:
        """Whether it was set aside while the lexicons were first written."""
        return self.number % HELD_OUT_EVERY == 0


@dataclass(frozen=True)
class Score:
    """Of one language: lines of danger and how many were heard, look-alikes and how many raised an alarm."""

    dangers: int
    heard: int
    named: int
    """Of the dangers heard: those with at least one hazard that the set names."""
    harmless: int
    alarms: int

    @property
    def recall(self) -> float:
        """Share of the dangers that were heard."""
        return self.heard / self.dangers if self.dangers else 1.0

    @property
    def false_alarms(self) -> float:
        """Share of the look-alikes that were taken for danger."""
        return self.alarms / self.harmless if self.harmless else 0.0


def safety_lines(folder: Path = OWN) -> list[Line]:
    """The project's own set."""
    return [line for path in sorted(folder.glob("*.tsv")) for line in _read(path)]


def _read(path: Path) -> Iterable[Line]:
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    for number, row in enumerate(rows, start=1):
        label, hazards, text = row.split("\t")
        if (label == ABOUT_DANGER) != bool(hazards):
            raise ValueError(f"{path.name}, line {number + 1}: a danger names hazards, a look-alike names none.")
        yield Line(path.stem, number, text, frozenset(filter(None, hazards.split(","))))


def score(lines: Sequence[Line], assess: Assess) -> Score:
    """Count what was heard."""
    heard = [(line, assess(line.text)) for line in lines]
    dangers = [(line, danger) for line, danger in heard if line.hazards]
    told = [(line, danger) for line, danger in dangers if danger is not None]
    return Score(
        dangers=len(dangers),
        heard=len(told),
        named=sum(not line.hazards.isdisjoint(danger.hazards) for line, danger in told),
        harmless=len(heard) - len(dangers),
        alarms=sum(danger is not None for line, danger in heard if not line.hazards),
    )


def utterances(language: str, folder: Path = UTTERANCES) -> Iterable[tuple[str, str]]:
    """Topic and text of the example messages of a language."""
    for path in sorted((folder / language).glob("*.txt")):
        yield from ((path.stem, text) for text in path.read_text(encoding="utf-8").splitlines() if text)
    mark = f"{language}: "
    for path in sorted((folder / "parallel").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from ((path.stem, text.removeprefix(mark)) for text in lines if text.startswith(mark))


def _print_scores(title: str, lines: Sequence[Line], assess: Assess) -> None:
    click.echo(f"\n{title}\n{'':>6}{'dangers':>9}{'recall':>9}{'hazard':>9}{'harmless':>10}{'alarms':>9}")
    for language in [*DRIVER_LANGUAGES, "all"]:
        own = [line for line in lines if language in (line.language, "all")]
        found = score(own, assess)
        named = found.named / found.heard if found.heard else 1.0
        click.echo(
            f"{language:>6}{found.dangers:>9}{found.recall:>9.3f}{named:>9.3f}{found.harmless:>10}"
            f"{found.false_alarms:>9.3f}"
        )


def _print_utterances(assess: Assess, show: bool) -> None:
    click.echo(f"\nExample messages\n{'':>6}{'of danger':>11}{'heard':>9}{'others':>9}{'alarms':>9}{'rate':>9}")
    total = [0, 0]
    for language in DRIVER_LANGUAGES:
        heard = [(topic, text, assess(text)) for topic, text in utterances(language)]
        urgent = [danger for topic, _, danger in heard if topic == EMERGENCY]
        others = [(topic, text, danger) for topic, text, danger in heard if topic != EMERGENCY]
        alarms = [(topic, text, danger) for topic, text, danger in others if danger is not None]
        total[0] += len(others)
        total[1] += len(alarms)
        share = sum(danger is not None for danger in urgent) / max(1, len(urgent))
        click.echo(
            f"{language:>6}{len(urgent):>11}{share:>9.3f}{len(others):>9}{len(alarms):>9}"
            f"{len(alarms) / max(1, len(others)):>9.4f}"
        )
        for topic, text, danger in alarms if show else ():
            click.echo(f"       {topic}: {text}  ({', '.join(danger.hazards)}: {danger.because})")
    click.echo(f"{'all':>6}{'':>20}{total[0]:>9}{total[1]:>9}{total[1] / max(1, total[0]):>9.4f}")


def _print_misses(lines: Sequence[Line], assess: Assess) -> None:
    for line in lines:
        danger = assess(line.text)
        if (danger is not None) != bool(line.hazards):
            what = f"alarm, {danger.because}" if danger else f"missed, {', '.join(sorted(line.hazards))}"
            click.echo(f"{line.language}-{line.number:03d} {line.text}  ({what})")


@click.command()
@click.option("--show", is_flag=True, help="Show the lines that were missed and the false alarms.")
@click.option("--tuning", is_flag=True, help="Leave the held-out lines alone: for work on the lexicons.")
@click.option("--least-recall", default=0.99, help="Fail below this recall, overall or in a language.")
@click.option("--most-alarms", default=0.02, help="Fail above this share of false alarms overall.")
def main(show: bool, tuning: bool, least_recall: float, most_alarms: float) -> None:
    """Measure recall and false alarms of the safety lane per language."""
    assess = SafetyLane.load().assess
    lines = safety_lines()
    held_out = [line for line in lines if line.held_out]
    _print_scores("Two of three lines", [line for line in lines if not line.held_out], assess)
    if not tuning:
        _print_scores("Every third line, held out at first", held_out, assess)
        _print_scores("All", lines, assess)
    if show:
        _print_misses([line for line in lines if not (tuning and line.held_out)], assess)
    _print_utterances(assess, show)
    began = time.perf_counter()
    for line in lines:
        assess(line.text)
    click.echo(f"\n{(time.perf_counter() - began) / len(lines) * 1000:.2f} ms a line")
    recalls = [score([line for line in lines if line.language == name], assess).recall for name in DRIVER_LANGUAGES]
    if min(recalls) < least_recall or score(lines, assess).false_alarms > most_alarms:
        click.echo("Below the bar.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
