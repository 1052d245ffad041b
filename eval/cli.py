"""``python -m eval`` and ``plugdesk eval``: the suites, the tables, the results file, and the gate."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bot.assembly import Services, open_services
from bot.settings import Settings
from eval import gate, results, tables
from eval.bench import aside
from eval.calibrate import calibrate
from eval.metrics import Figures, by_language
from eval.parity import parity
from eval.questions import questions_from
from eval.report import report
from eval.suite import Measured, Setting, Suite, shares
from eval.suites import SUITES
from eval.suites.retrieval import RETRIEVAL, inside_lines
from eval.suites.retrieval import confusions as most_confused
from eval.systems import always_answered, run_parts, run_product, run_teacher
from indexer.embedders import open_embedder
from indexer.errors import PlugdeskError
from indexer.ports import Embedder
from indexer.ranking import Weights

ROOT = Path(__file__).parents[1]


def english_teacher() -> Embedder:
    """all-MiniLM-L6-v2, from the package that carries it."""
    from indexer.train.teacher import teacher_path

    return open_embedder(teacher_path())


def _another_set(services: Services, files: Sequence[Path], parts: bool, thresholds: bool, confusions: bool) -> None:
    questions = questions_from(files)
    outcomes = run_product(services.conversations, questions)
    tables.print_table("The product, from the line to the rendered answer", by_language(outcomes))
    rows = results.plain(shares(inside_lines(outcomes), RETRIEVAL.metrics))
    tables.print_suite(RETRIEVAL, rows)
    if parts:
        index = services.knowledge.current()
        systems = {name: by_language(found) for name, found in run_parts(index, questions, Weights.load()).items()}
        tables.print_systems(systems | {"fused + classifier": by_language(always_answered(outcomes))})
    if thresholds:
        tables.print_thresholds(outcomes)
    if confusions:
        tables.print_confusions(most_confused(outcomes))


def _parts(setting: Setting) -> dict[str, dict[str, Figures]]:
    index, questions = setting.services.knowledge.current(), [each.question for each in setting.own]
    systems = {name: by_language(found) for name, found in run_parts(index, questions, Weights.load()).items()}
    systems["English teacher alone"] = by_language(run_teacher(index, questions, english_teacher()))
    systems["fused + classifier"] = by_language(always_answered(setting.own))
    return systems


def _measured(setting: Setting, suites: Sequence[Suite]) -> list[tuple[Suite, Measured]]:
    # In dialogues source systems fail on purpose; each would be told as a warning.
    logging.getLogger("bot").setLevel(logging.CRITICAL)
    found = []
    for suite in suites:
        began, worked = time.perf_counter(), time.process_time()
        found.append((suite, suite.measure(setting)))
        spent, worked = time.perf_counter() - began, time.process_time() - worked
        click.echo(f"{suite.name:>14}  {spent:6.1f} s, of the processor {worked:6.1f} s", err=True)
    return found


def _show(run: dict[str, Any], measured: Sequence[tuple[Suite, Measured]]) -> None:
    for suite, _ in measured:
        found = run["suites"][suite.name]
        if suite.metrics:
            tables.print_suite(suite, found["shares"])
        tables.print_misses(found["misses"])
        if "consistency" in found["figures"]:
            agreeing = found["figures"]["consistency"]
            click.echo(
                f"The same topic in en, fr, de, it, nb: {agreeing['pairs']:.3f} of pairs, "
                f"{agreeing['whole']:.3f} of questions in all five"
            )
        if "ladder" in found["figures"]:
            tables.print_ladder(found["figures"]["ladder"])
        if suite.name == "speed":
            tables.print_speed(found["figures"])
    gaps = (parity(suite.name, each, run["suites"][suite.name]["shares"]) for suite, _ in measured
            for each in suite.metrics)  # fmt: skip
    tables.print_parity(each for each in gaps if each is not None)


def _judge(run: dict[str, Any]) -> None:
    found = gate.closing(run, results.read(results.RELEASED), SUITES)
    for line in found:
        click.echo(f"worse: {line}")
    click.echo(
        "The gate is closed." if found else "The gate is open: every bar is met, and nothing is worse than released."
    )
    sys.exit(1 if found else 0)


@click.group(invoke_without_command=True)
@click.option("--questions", "files", multiple=True, type=click.Path(exists=True, path_type=Path),
              help="Measure another set instead, JSON Lines with id, lang, text, topics.")  # fmt: skip
@click.option("--fast", is_flag=True, help="A subset of every suite: a minute instead of many.")
@click.option("--suite", "names", multiple=True, type=click.Choice([each.name for each in SUITES]),
              help="Only this suite; repeat it for more.")  # fmt: skip
@click.option(
    "--parts/--no-parts", default=False, help="Compare with the parts of the product and the English teacher."
)
@click.option("--thresholds", is_flag=True, help="Show what other thresholds would answer.")
@click.option("--confusions", is_flag=True, help="Show which topics are taken for which.")
@click.option("--gate", "judge", is_flag=True, help="Fail where a bar is missed or the product is worse than released.")
@click.option("--release", is_flag=True, help="Make this run the released result.")
@click.pass_context
def main(
    context: click.Context,
    files: tuple[Path, ...],
    fast: bool,
    names: tuple[str, ...],
    parts: bool,
    thresholds: bool,
    confusions: bool,
    judge: bool,
    release: bool,
) -> None:
    """Measure how good the product is, per language and topic, and write a results file."""
    if context.invoked_subcommand is not None:
        return
    if (judge or release) and (fast or names or files):
        raise click.UsageError("--gate and --release need every line of every suite. Leave out what makes it less.")
    with tempfile.TemporaryDirectory() as folder:
        try:
            settings = Settings.from_environ({**os.environ, **aside(Path(folder))})
            services = open_services(settings)
        except PlugdeskError as error:
            raise click.ClickException(str(error)) from None
        try:
            if files:
                _another_set(services, files, parts, thresholds, confusions)
                return
            setting = Setting(services, settings, fast)
            measured = _measured(setting, [each for each in SUITES if not names or each.name in names])
            rows = {} if names else by_language(setting.own)
            systems = _parts(setting) if parts else {}
        finally:
            services.close()
    run = results.as_json(results.commit(), rows, systems, measured, fast)
    if rows:
        tables.print_table("The product, from the line to the rendered answer", rows)
    _show(run, measured)
    if systems:
        tables.print_systems(systems)
    if thresholds:
        tables.print_thresholds(setting.own)
    if confusions:
        tables.print_confusions(most_confused(setting.own))
    if not names:
        click.echo(f"\nWritten to {results.write(run).relative_to(ROOT)}")
    if release:
        results.release(run)
    if judge:
        _judge(run)


main.add_command(calibrate)
main.add_command(report)
