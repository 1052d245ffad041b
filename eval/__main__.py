"""``python -m eval``: the tables, the results file, and the gate."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from bot.assembly import open_services
from bot.conversation import Conversations
from bot.settings import Settings
from eval import calibrate as calibration
from eval import results
from eval.consistency import consistency, parallel_questions
from eval.metrics import Figures, Outcome, by_language, risk_coverage
from eval.questions import own_questions, questions_from
from eval.systems import always_answered, run_parts, run_product, run_teacher
from indexer.embedders import open_embedder
from indexer.ports import Embedder
from indexer.ranking import Weights

COLUMNS = ("lines", "top1", "top3", "mrr", "answered", "wrong", "helped", "refused", "language", "milliseconds")


def english_teacher() -> Embedder:
    """all-MiniLM-L6-v2, from the package that carries it."""
    from indexer.train.teacher import teacher_path

    return open_embedder(teacher_path())


def print_table(title: str, rows: Mapping[str, Figures], columns: Sequence[str] = COLUMNS) -> None:
    """One row a language."""
    click.echo(f"\n{title}\n{'':>6}" + "".join(f"{name[:8]:>9}" for name in columns))
    for language, row in rows.items():
        cells = [getattr(row, name) for name in columns]
        click.echo(
            f"{language:>6}" + "".join(f"{cell:>9d}" if isinstance(cell, int) else f"{cell:>9.3f}" for cell in cells)
        )


def print_systems(systems: Mapping[str, Mapping[str, Figures]]) -> None:
    """Top-1 of each system, one column a language."""
    languages = list(next(iter(systems.values())))
    click.echo("\nTop-1 of the parts (language given)\n" + " " * 22 + "".join(f"{name:>7}" for name in languages))
    for system, rows in systems.items():
        click.echo(f"{system:>22}" + "".join(f"{rows[name].top1:>7.3f}" for name in languages))


def print_parallel(conversations: Conversations) -> None:
    """The parallel questions: the product's table, and whether the languages agree."""
    blocks = parallel_questions()
    outcomes = run_product(conversations, [each for block in blocks for each in block])
    print_table("The same questions in eleven languages", by_language(outcomes))
    first = {outcome.question.id: outcome.topics[0] for outcome in outcomes}
    found = consistency(
        [{each.language: first[each.id] for each in block} for block in blocks if not block[0].out_of_scope]
    )
    click.echo(
        f"The same topic in en, fr, de, it, nb: {found.pairs:.3f} of pairs, {found.whole:.3f} of questions in all five"
    )


def print_confusions(outcomes: Sequence[Outcome], most: int = 15) -> None:
    """Which topic is taken for which, most frequent first."""
    inside = [each for each in outcomes if not each.question.out_of_scope]
    pairs = Counter((e.question.topics[0], e.topics[0]) for e in inside if e.topics[0] not in e.question.topics)
    click.echo("\nMost frequent confusions (wanted → found)")
    for (wanted, found), count in pairs.most_common(most):
        click.echo(f"{count:>4}  {wanted} → {found}")


@click.command()
@click.option(
    "--questions",
    "files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Another set, JSON Lines with id, lang, text, topics.",
)
@click.option(
    "--parts/--no-parts", default=True, help="Compare with the parts of the product and with the English teacher."
)
@click.option("--thresholds", is_flag=True, help="Show what other thresholds would answer.")
@click.option("--confusions", is_flag=True, help="Show which topics are taken for which.")
@click.option(
    "--calibrate", is_flag=True, help="Fit the confidence to the own and parallel questions; writes calibration.yaml."
)
@click.option("--gate", is_flag=True, help="Fail where the product is worse than the released result.")
@click.option("--release", is_flag=True, help="Make this run the released result.")
def main(
    files: tuple[Path, ...],
    parts: bool,
    thresholds: bool,
    confusions: bool,
    calibrate: bool,
    gate: bool,
    release: bool,
) -> None:
    """Measure the answers per language."""
    settings = replace(Settings.from_environ(os.environ), conversations="memory:")
    services = open_services(settings)
    index = services.knowledge.current()
    questions = questions_from(files) if files else own_questions()
    if calibrate:
        parallel = [each for block in parallel_questions() for each in block]
        coefficients = calibration.fitted(index, [*questions, *parallel], Weights.load())
        calibration.write(coefficients)
        click.echo(f"Written to calibration.yaml: {coefficients}. Measure again to see what it changes.")
        return
    product = run_product(services.conversations, questions)
    rows = by_language(product)
    print_table("The product, from the line to the rendered answer", rows)
    if not files:
        print_parallel(services.conversations)
    systems: dict[str, dict[str, Figures]] = {}
    if parts:
        systems = {name: by_language(found) for name, found in run_parts(index, questions, Weights.load()).items()}
        systems["English teacher alone"] = by_language(run_teacher(index, questions, english_teacher()))
        systems["fused + classifier"] = by_language(always_answered(product))
        print_systems(systems)
    if thresholds:
        click.echo("\nAnswer at   answered   wrong of all lines")
        for threshold, answered, wrong in risk_coverage(product):
            click.echo(f"{threshold:>9.2f}{answered:>11.3f}{wrong:>11.3f}")
    if confusions:
        print_confusions(product)
    if files:
        return
    name = results.commit()
    run = results.as_json(name, rows, systems)
    click.echo(f"\nWritten to {results.write(name, rows, systems).relative_to(Path(__file__).parents[1])}")
    if release:
        results.RELEASED.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    if gate:
        found = results.drops(run, json.loads(results.RELEASED.read_text(encoding="utf-8")))
        for line in found:
            click.echo(f"worse: {line}")
        click.echo("The gate is closed." if found else "The gate is open: nothing is worse than the released result.")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
