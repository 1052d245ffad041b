"""``python -m eval.commands``: is what a driver says about the conversation heard, and is a yes only ever a yes?

The set stands in eval/datasets/commands: ``<language>.tsv`` with a command, or ``-`` for a message that only looks like
one, and the text. Every third line was held out while the phrases were first written: accuracy on those was 0.97 then,
and 0.88 in the worst language. All lines have been looked at since, and the label of one a language was mended. Of 204
messages written afresh in five languages 0.84 were right before they were learnt from: what nobody listed is more often
missed than misheard.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.understanding.commands import Command, Commands
from eval.safety import utterances
from indexer.knowledge import DRIVER_LANGUAGES

OWN = Path(__file__).with_name("datasets") / "commands"
HELD_OUT_EVERY = 3
NONE = "-"
SPOKEN_ABOUT = frozenset({"contact-support", "retry-session", "greeting", "thanks", "out-of-scope"})
"""Topics whose example messages are commands with good reason."""


@dataclass(frozen=True)
class Line:
    """A message and the command that it gives; None where it only looks like one."""

    language: str
    number: int
    text: str
    command: Command | None

    @property
    def held_out(self) -> bool:
        """Whether it was set aside while the phrases were first written."""
        return self.number % HELD_OUT_EVERY == 0


@dataclass(frozen=True)
class Score:
    """How many lines were taken right, and how many that are no yes were taken for consent."""

    lines: int
    right: int
    right_without_hint: int
    false_consents: int

    @property
    def accuracy(self) -> float:
        """Share of lines whose first command, or whose lack of one, is right."""
        return self.right / self.lines if self.lines else 1.0

    @property
    def accuracy_without_hint(self) -> float:
        """The same where the language is not known."""
        return self.right_without_hint / self.lines if self.lines else 1.0


def command_lines(folder: Path = OWN) -> list[Line]:
    """The project's own set."""
    return [line for path in sorted(folder.glob("*.tsv")) for line in _read(path)]


def _read(path: Path) -> Iterable[Line]:
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=1):
        label, text = row.split("\t")
        yield Line(path.stem, number, text, None if label == NONE else Command(label))


def heard(commands: Commands, text: str, language: str | None) -> Command | None:
    """What matters most in the message."""
    return next((said.command for said in commands.find(text, language)), None)


def consented(commands: Commands, line: Line) -> bool:
    """Whether the line counts as an explicit yes, with or without its language known."""
    return True in (commands.yes_or_no(line.text, line.language), commands.yes_or_no(line.text))


def score(lines: Sequence[Line], commands: Commands) -> Score:
    """Count what was taken right."""
    return Score(
        lines=len(lines),
        right=sum(heard(commands, line.text, line.language) is line.command for line in lines),
        right_without_hint=sum(heard(commands, line.text, None) is line.command for line in lines),
        false_consents=sum(line.command is not Command.YES and consented(commands, line) for line in lines),
    )


def _print_scores(lines: Sequence[Line], commands: Commands) -> None:
    click.echo(f"{'':>6}{'lines':>8}{'accuracy':>10}{'held out':>10}{'no hint':>9}{'false yes':>11}")
    for language in [*DRIVER_LANGUAGES, "all"]:
        own = [line for line in lines if language in (line.language, "all")]
        found, apart = score(own, commands), score([line for line in own if line.held_out], commands)
        click.echo(
            f"{language:>6}{found.lines:>8}{found.accuracy:>10.3f}{apart.accuracy:>10.3f}"
            f"{found.accuracy_without_hint:>9.3f}{found.false_consents:>11}"
        )


def _print_utterances(commands: Commands, show: bool) -> None:
    total, taken = 0, 0
    for language in DRIVER_LANGUAGES:
        for topic, text in utterances(language):
            if topic in SPOKEN_ABOUT:
                continue
            total += 1
            if (command := heard(commands, text, language)) is not None:
                taken += 1
                if show:
                    click.echo(f"{language} {topic}: {text}  ({command})")
    click.echo(f"\nOf {total} example messages about something else, {taken} were taken for a command.")


@click.command()
@click.option("--show", is_flag=True, help="Show the lines that were taken wrong.")
@click.option("--least-accuracy", default=0.95, help="Fail below this accuracy in a language.")
def main(show: bool, least_accuracy: float) -> None:
    """Measure per language which commands are heard, and that nothing else counts as a yes."""
    commands = Commands.load()
    lines = command_lines()
    _print_scores(lines, commands)
    for line in lines if show else ():
        if (command := heard(commands, line.text, line.language)) is not line.command:
            click.echo(
                f"{line.language}-{line.number:03d} {line.text}  ({command or NONE}, not {line.command or NONE})"
            )
    _print_utterances(commands, show)
    began = time.perf_counter()
    for line in lines:
        commands.find(line.text, line.language)
    click.echo(f"{(time.perf_counter() - began) / len(lines) * 1000:.2f} ms a line")
    scores = [score([line for line in lines if line.language == name], commands) for name in DRIVER_LANGUAGES]
    if any(each.accuracy < least_accuracy or each.false_consents for each in scores):
        click.echo("Below the bar.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
