"""``python -m eval.comparison``: the same questions through the product and through other systems."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from eval import results
from eval.comparison.catalogue import EXTRA, MODEL, SYSTEMS, entry
from eval.comparison.measure import SystemFailed, measured_apart
from eval.comparison.sets import question_sets
from eval.comparison.tables import SHARES, Row, languages, summary
from eval.questions import Question
from indexer.errors import PlugdeskError

UTTERANCES = {"both": (False, True), "yes": (True,), "no": (False,)}


def wanted_rows(names: Sequence[str], models: Sequence[str], utterances: str) -> list[tuple[str, bool]]:
    """Which systems, and whether with utterances; those named that lack their packages are an error.

    Raises:
        PlugdeskError: when a system is unknown, or was named and cannot be run.
    """
    chosen = [*(names or SYSTEMS), *(f"{MODEL}{model}" for model in models)]
    rows = []
    for name in chosen:
        found = entry(name)
        if found.missing:
            note = f"{name} needs {', '.join(found.missing)}. Install what is missing: {EXTRA}"
            if name in names:
                raise PlugdeskError(note)
            click.echo(f"Left out: {note}", err=True)
            continue
        rows += [(name, each) for each in (UTTERANCES[utterances] if found.finder else (True,))]
    return rows


@click.command()
@click.argument("names", nargs=-1, metavar="[SYSTEM]...")
@click.option(
    "--questions",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another set besides the own ones, JSON Lines with id, lang, text, topics; repeat it.",
)
@click.option("--model", "models", multiple=True, help="Vectors of this sentence-transformers model too; repeat it.")
@click.option("--most", type=click.IntRange(min=1), help="At most so many questions a language of each set.")
@click.option(
    "--utterances",
    type=click.Choice(list(UTTERANCES)),
    default="both",
    show_default=True,
    help="Whether the systems get the example utterances; the product has them always.",
)
@click.option(
    "--keep",
    "kept",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the measurements: what is in it is not measured again. Take a new one after a change.",
)
def main(
    names: tuple[str, ...],
    files: tuple[Path, ...],
    models: tuple[str, ...],
    most: int | None,
    utterances: str,
    kept: Path | None,
) -> None:
    """Compare each SYSTEM, or all of them, on the same questions. Prints Markdown."""
    try:
        wanted = wanted_rows(names, models, utterances)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    sets = question_sets(files, most)
    questions = [each for found in sets.values() for each in found]
    rows, failed = [], False
    with tempfile.TemporaryDirectory() as aside:
        for name, with_utterances in wanted:
            click.echo(f"{name}{', with utterances' if with_utterances else ''}: {len(questions)} questions", err=True)
            try:
                measured = measured_apart(name, with_utterances, questions, kept or Path(aside))
            except SystemFailed as error:
                click.echo(str(error), err=True)
                failed = True
                continue
            rows.append(Row(entry(name).title, with_utterances, measured))
    if rows:
        click.echo("\n".join(_report(rows, sets)))
    sys.exit(1 if failed or not rows else 0)


def _report(rows: Sequence[Row], sets: dict[str, list[Question]]) -> list[str]:
    command = " ".join(["python -m eval.comparison", *sys.argv[1:]])
    load = os.getloadavg()[0]
    lines = [
        f"`{command}` at {results.commit()} on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {load:.1f}."
    ]
    end = 0
    for name, questions in sets.items():
        part = slice(end, end := end + len(questions))
        lines += ["", f"### {name}: {len(questions)} lines", "", *summary(rows, part)]
        for share in SHARES:
            lines += ["", *languages(rows, part, share)]
    return lines


if __name__ == "__main__":
    main()
