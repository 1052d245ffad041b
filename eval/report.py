"""``python -m eval.report``: one page with everything that a run measured, and a summary for a pull request.

The page is one file without scripts and without anything from elsewhere, so it can be mailed, kept and opened anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.policy import Policy
from eval import gate, plots, results
from eval.parity import Parity, parity
from eval.suite import ALL, Metric, Suite
from eval.suites import SUITES
from eval.suites.speed import STEPS

TEMPLATES = Path(__file__).with_name("templates")
LEADING = (("retrieval", "top1"), ("retrieval", "helped"), ("retrieval", "wrong"), ("out-of-scope", "refused"),
           ("language", "language"), ("safety", "heard"))  # fmt: skip
"""What a reader looks for first."""
TRENDS = ("top1", "helped", "wrong")


@dataclass(frozen=True)
class Verdict:
    """A metric over all languages: its share, its bar, and how it changed since the released result."""

    suite: str
    metric: Metric
    share: Sequence[float]
    changed: str


def verdicts(run: Mapping[str, Any], released: Mapping[str, Any], suites: Sequence[Suite] = SUITES) -> list[Verdict]:
    """One row a metric of every suite that ran."""
    found = []
    for suite in suites:
        row = run["suites"].get(suite.name, {}).get("shares", {}).get(ALL, {})
        before, now = (each["lines"].get(suite.name, {}) for each in (released, run))
        for metric in suite.metrics:
            if metric.name in row:
                change = gate.changes(before, now, metric).get(ALL)
                words = f"{change.better} better, {change.worse} worse" if change else "not compared"
                found.append(Verdict(suite.name, metric, row[metric.name], words))
    return found


def gaps(run: Mapping[str, Any], suites: Sequence[Suite] = SUITES) -> list[Parity]:
    """The parity of each metric, the largest gap first."""
    rows = (
        parity(suite.name, metric, run["suites"][suite.name]["shares"])
        for suite in suites
        if suite.name in run["suites"]
        for metric in suite.metrics
    )
    return sorted((each for each in rows if each is not None), key=lambda each: -each.gap)


def page(run: Mapping[str, Any], released: Mapping[str, Any], runs: Sequence[Mapping[str, Any]]) -> str:
    """The page of a run, compared with the released result; ``runs`` are shown as a trend, the oldest first."""
    suites = run["suites"]
    retrieval = suites.get("retrieval", {})
    figures, topics = retrieval.get("figures", {}), retrieval.get("topics", {})
    return _environment().get_template("report.html.j2").render(
        run=run,
        closing=[] if run["fast"] else gate.closing(run, released, SUITES),
        verdicts=verdicts(run, released),
        leading=_leading(run),
        languages=[
            (name, meaning, plots.bars((language, row[name]) for language, row in retrieval["shares"].items()))
            for name, meaning in (("top1", "First topic right"), ("helped", "Helped"), ("wrong", "Answered wrongly"))
        ] if retrieval else [],
        topics=plots.bars(sorted(((name, row["top1"]) for name, row in topics.items()), key=lambda each: each[1][1])),
        confusions=figures.get("confusions", []),
        risk=plots.risk_coverage(figures.get("risk_coverage", []), Policy.load().answer_at),
        reliability=plots.reliability(figures.get("reliability", [])),
        calibration_error=figures.get("calibration_error", 0.0),
        speed=suites.get("speed", {}).get("figures"),
        latency=_latency(suites.get("speed", {}).get("figures")),
        ladder=_ladder(suites.get("robustness", {}).get("figures", {}).get("ladder")),
        parity=gaps(run),
        trend=plots.trend([each["product"][ALL] for each in runs], TRENDS),
        runs=runs,
        trends=TRENDS,
        worst=figures.get("worst", []),
        misses=[(name, miss) for name, found in suites.items() for miss in found.get("misses", [])],
    )  # fmt: skip


def markdown(run: Mapping[str, Any], released: Mapping[str, Any]) -> str:
    """A summary for a pull request."""
    return _environment().get_template("report.md.j2").render(
        run=run,
        released=released,
        closing=[] if run["fast"] else gate.closing(run, released, SUITES),
        verdicts=verdicts(run, released),
        parity=gaps(run)[:5],
    )  # fmt: skip


def _environment() -> Environment:
    """Markup in messages is shown as text on the page; Markdown has no such thing."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _leading(run: Mapping[str, Any]) -> list[tuple[str, str, Sequence[float]]]:
    found = ((suite, metric, run["suites"].get(suite, {}).get("shares", {}).get(ALL, {}).get(metric))
             for suite, metric in LEADING)  # fmt: skip
    return [(suite, metric, row) for suite, metric, row in found if row]


def _latency(figures: Mapping[str, Any] | None) -> plots.Bars | None:
    if figures is None:
        return None
    counts = figures["milliseconds"][ALL]["histogram"]
    total, most = sum(counts), max(counts)
    names = [f"to {end} ms" for end in STEPS] + [f"over {STEPS[-1]} ms"]
    rows = [(name, (count, count / total, count / total, count / total)) for name, count in zip(names, counts,
            strict=True) if count]  # fmt: skip
    return plots.bars(rows, most=most / total)


def _ladder(ladder: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if ladder is None:
        return None
    return {"languages": list(next(iter(ladder.values()))), "rows": plots.heat(ladder, "top1")}


def _newest(folder: Path) -> Path:
    """The run that was measured last.

    Raises:
        click.ClickException: when there is none.
    """
    files = [path for path in folder.glob("*.json") if path != results.RELEASED]
    if not files:
        raise click.ClickException("There is no results file yet. Make one with: python -m eval")
    return max(files, key=lambda path: str(results.read(path)["measured"]))


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), default=results.FOLDER / "report.html", show_default=False,
              help="Where the page is written; without it, beside the results.")  # fmt: skip
@click.option("--markdown", "summary", is_flag=True, help="Print a summary in Markdown and write no page.")
def report(file: Path | None, output: Path, summary: bool) -> None:
    """Make a page of a results FILE, of the newest where none is named."""
    run = results.read(file or _newest(results.FOLDER))
    released = results.read(results.RELEASED)
    if summary:
        click.echo(markdown(run, released))
        return
    output.write_text(page(run, released, list(results.kept())), encoding="utf-8")
    click.echo(f"Written to {output}")


if __name__ == "__main__":
    report(prog_name="python -m eval.report")
