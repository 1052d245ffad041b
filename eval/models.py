"""``python -m eval.models MODEL…``: embedding models side by side, alone on public sets and inside the product."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.settings import Settings
from eval import public
from eval.consistency import consistency, parallel_questions
from eval.metrics import Outcome, by_language
from eval.questions import Question, own_questions, questions_from
from indexer.build import build_index
from indexer.embedders import SHIPPED_MODEL, open_embedder
from indexer.errors import ModelError
from indexer.ports import Embedder
from indexer.search import Index, open_index

GENERAL_MODEL = SHIPPED_MODEL.parent / "train" / "general"
# A fresh process: what it costs to load a model and to embed a first line, and what stays in memory.
COLD = """
import json, sys, time
start = time.perf_counter()
from indexer.embedders import open_embedder
open_embedder(sys.argv[1]).queries(["my card does not work"])
spent = time.perf_counter() - start
import psutil
print(json.dumps([spent, psutil.Process().memory_info().rss / 2**20]))
"""
QUERIES = 300


@dataclass(frozen=True)
class Cost:
    """Megabytes on disk and resident, seconds to the first vector, milliseconds a query (median)."""

    disk: float
    resident: float
    cold: float
    query: float


def cost(model: Path, embedder: Embedder, lines: Sequence[str]) -> Cost:
    """Measured on this machine, one line at a time on as many threads as the process was started with."""
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file()) / 1e6
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COLD, str(model)], capture_output=True, text=True, check=True
    )
    cold, resident = json.loads(answer.stdout.splitlines()[-1])
    times = []
    for line in lines:
        start = time.perf_counter()
        embedder.queries([line])
        times.append((time.perf_counter() - start) * 1000)
    return Cost(size, resident, cold, sorted(times)[len(times) // 2])


def ranked(index: Index, questions: Sequence[Question]) -> list[Outcome]:
    """The topics of each question, its language given; nothing is decided."""
    return [
        Outcome(each, tuple(topic.id for topic in index.rank(each.text, each.language).topics), 1.0, "answer",
                each.language, 0.0)
        for each in questions
    ]  # fmt: skip


def agreement(index: Index) -> tuple[float, float]:
    """Consistency over the five article languages: mean over pairs of languages, and share of all-equal questions."""
    found = [
        {each.language: index.rank(each.text, each.language).topics[0].id for each in block}
        for block in parallel_questions()
        if not block[0].out_of_scope
    ]
    result = consistency(found)
    return result.pairs, result.whole


def print_ranking(title: str, outcomes: Sequence[Outcome]) -> None:
    """Top-1 / top-3 / MRR by language."""
    click.echo(f"  {title}")
    for language, row in by_language(outcomes).items():
        click.echo(f"    {language:>4}  top-1 {row.top1:.3f}  top-3 {row.top3:.3f}  MRR {row.mrr:.3f}")


def print_public(embedder: Embedder, folder: Path) -> None:
    """Similarity, bitext and intents."""

    def line(values: Mapping[str, float]) -> str:
        return "  ".join(f"{name} {value:.3f}" for name, value in values.items())

    click.echo(f"  similarity (Spearman): {line(public.similarity(embedder, folder))}")
    bitext = public.bitext(embedder, folder)
    click.echo(f"  bitext (accuracy): {line(bitext)}  mean {sum(bitext.values()) / len(bitext):.3f}")
    click.echo(f"  intents (accuracy): {public.intents(embedder, folder):.3f}")


@click.command()
@click.argument("models", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--bench", type=click.Path(exists=True, path_type=Path), help="Folder of the public sets.")
@click.option("--questions", type=click.Path(exists=True, path_type=Path), help="Another question set, JSON Lines.")
@click.option("--alone", is_flag=True, help="Only the models themselves, no index is built with them.")
def main(models: tuple[Path, ...], bench: Path | None, questions: Path | None, alone: bool) -> None:
    """Compare MODELS (folders); without any, the general and the shipped model."""
    kb = Settings.from_environ({}).kb
    for model in models or (GENERAL_MODEL, SHIPPED_MODEL):
        try:
            embedder = open_embedder(str(model))
        except ModelError as error:
            raise click.ClickException(str(error)) from None
        lines = [each.text for each in own_questions()[:QUERIES]]
        spent = cost(model, embedder, lines)
        click.echo(f"\n{model}: {spent.disk:.0f} MB, {spent.query:.2f} ms a query, first vector after "
                   f"{spent.cold:.1f} s, {spent.resident:.0f} MB resident")  # fmt: skip
        if bench:
            print_public(embedder, bench)
        if alone:
            continue
        with tempfile.TemporaryDirectory() as folder:
            build_index(kb, Path(folder), embedder)
            index = open_index(Path(folder), embedder)
        pairs, whole = agreement(index)
        click.echo(f"  the same topic in five languages: {pairs:.3f} of pairs, {whole:.3f} of questions")
        print_ranking("own questions", ranked(index, own_questions()))
        if questions:
            print_ranking(str(questions.name), ranked(index, questions_from([questions])))


if __name__ == "__main__":
    main()
