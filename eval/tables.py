"""The tables that ``python -m eval`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from eval.metrics import Figures, Outcome
from eval.parity import Parity
from eval.suite import Suite
from eval.thresholds import curve

COLUMNS = ("lines", "top1", "top3", "mrr", "answered", "wrong", "helped", "refused", "language", "milliseconds")


def print_table(title: str, rows: Mapping[str, Figures], columns: Sequence[str] = COLUMNS) -> None:
    """One row a language."""
    click.echo(f"\n{title}\n{'':>6}" + "".join(f"{name[:8]:>9}" for name in columns))
    for language, row in rows.items():
        cells = [getattr(row, name) for name in columns]
        click.echo(
            f"{language:>6}" + "".join(f"{cell:>9d}" if isinstance(cell, int) else f"{cell:>9.3f}" for cell in cells)
        )


def print_suite(suite: Suite, rows: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Each metric of a suite with its interval, one row a language."""
    click.echo(f"\n{suite.name}\n{'':>6}" + "".join(f"{each.name:>24}" for each in suite.metrics))
    for language, row in rows.items():
        cells = (_interval(row.get(each.name)) for each in suite.metrics)
        click.echo(f"{language:>6}" + "".join(f"{cell:>24}" for cell in cells))


def print_misses(found: Iterable[Mapping[str, str]]) -> None:
    """Each line that keeps a suite from its bar."""
    for each in found:
        click.echo(f"  {each['metric']}, {each['id']}: {each['text']}\n    {each['note']}")


def _interval(found: Sequence[float] | None) -> str:
    if found is None:
        return "-"
    lines, value, low, high = found
    return f"{value:.3f} ({low:.2f}–{high:.2f}) {int(lines):>4}"


def print_systems(systems: Mapping[str, Mapping[str, Figures]]) -> None:
    """Top-1 of each system, one column a language."""
    languages = list(next(iter(systems.values())))
    click.echo("\nTop-1 of the parts (language given)\n" + " " * 22 + "".join(f"{name:>7}" for name in languages))
    for system, rows in systems.items():
        click.echo(f"{system:>22}" + "".join(f"{rows[name].top1:>7.3f}" for name in languages))


def print_ladder(ladder: Mapping[str, Mapping[str, Mapping[str, float]]], metric: str = "top1") -> None:
    """A metric at each rung, one column a language."""
    languages = list(next(iter(ladder.values())))
    click.echo(f"\nNoise: {metric}\n" + " " * 16 + "".join(f"{name:>7}" for name in languages))
    for rung, rows in ladder.items():
        click.echo(f"{rung:>16}" + "".join(f"{rows[name][metric]:>7.3f}" for name in languages))


def print_parity(found: Iterable[Parity]) -> None:
    """Worst and best language of each metric."""
    click.echo("\nParity: worst and best language")
    for each in found:
        worst, best = (f"{name} {each.values[name]:.3f}" for name in (each.worst, each.best))
        click.echo(f"{each.suite + ', ' + each.metric.name:>24}  {worst:>9}  {best:>9}  gap {each.gap:.3f}")


def print_thresholds(outcomes: Sequence[Outcome]) -> None:
    """What other thresholds would answer."""
    click.echo("\nAnswer at   answered   wrong of all lines")
    for each in curve(outcomes)[4::5]:
        click.echo(f"{each.threshold:>9.2f}{each.answered:>11.3f}{each.wrong:>11.3f}")


def print_confusions(found: Iterable[Sequence[Any]]) -> None:
    """Which topic is taken for which: wanted, found, how often."""
    click.echo("\nMost frequent confusions (wanted → found)")
    for wanted, taken, count in found:
        click.echo(f"{count:>4}  {wanted} → {taken}")


def print_speed(figures: Mapping[str, Any]) -> None:
    """Percentiles over all languages."""
    found = figures["milliseconds"]["all"]
    click.echo(
        f"\nOne answer in process: p50 {found['p50']:.1f} ms, p95 {found['p95']:.1f} ms, p99 {found['p99']:.1f} ms "
        f"({figures['cores']} cores, load {figures['load']})"
    )
