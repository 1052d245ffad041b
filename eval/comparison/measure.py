"""``python -m eval.comparison.measure``: one system in a process of its own, so that its memory is its own.

Reads the questions as JSON from standard input, writes a :class:`Measured` as JSON.
"""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import psutil
from pydantic import TypeAdapter

from bot.settings import Settings
from eval.comparison.catalogue import prepared
from eval.metrics import Outcome
from eval.questions import Question
from indexer.errors import PlugdeskError

ROOT = Path(__file__).parents[2]
WARM_UP = 20
"""Questions that are asked before the clock runs: models load with the first one."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
QUESTIONS: TypeAdapter[tuple[Question, ...]] = TypeAdapter(tuple[Question, ...])


class SystemFailed(PlugdeskError):
    """A system ended before it had answered; the text has its last lines."""


@dataclass(frozen=True)
class Measured:
    """What a system made of the questions, in their order.

    ``build_s``: seconds to take the documents in. ``busy_ms``: mean processor time of a question, which other
    programs on the machine change less than how long it took. ``megabytes``: resident after the last question.
    """

    outcomes: tuple[Outcome, ...]
    abstains: bool
    documents: int
    build_s: float
    busy_ms: float
    megabytes: float


MEASURED: TypeAdapter[Measured] = TypeAdapter(Measured)


def measured(name: str, with_utterances: bool, questions: Sequence[Question], kb: Path) -> Measured:
    """Build the system and ask it everything, one question after the other.

    Raises:
        PlugdeskError: when the knowledge base, the index or a model cannot be used.
    """
    with ExitStack() as opened:
        system, documents = prepared(name, with_utterances, kb, opened)
        start = time.perf_counter()
        system.build(documents)
        built = time.perf_counter() - start
        for question in questions[:WARM_UP]:
            system.ask(question)
        outcomes, busy = [], time.process_time()
        for question in questions:
            start = time.perf_counter()
            found = system.ask(question)
            spent = (time.perf_counter() - start) * 1000
            outcomes.append(
                Outcome(question, found.topics, found.confidence, found.decision, found.language, round(spent, 3))
            )
        busy = (time.process_time() - busy) * 1000 / len(questions)
        memory = psutil.Process().memory_info().rss / 2**20
        return Measured(tuple(outcomes), system.abstains, len(documents), built, busy, memory)


def measured_apart(name: str, with_utterances: bool, questions: Sequence[Question], kept: Path) -> Measured:
    """The same in a process of its own, on one thread; what stands in the folder ``kept`` is not measured again.

    Raises:
        SystemFailed: with the last that the process wrote.
    """
    asked = QUESTIONS.dump_json(tuple(questions))
    digest = hashlib.sha256(f"{name} {with_utterances} ".encode() + asked).hexdigest()[:16]
    result = kept / f"{digest}.json"
    if not result.exists():
        kept.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "eval.comparison.measure", name, str(result)]
        command += ["--utterances"] if with_utterances else []
        environ = {**os.environ, **ONE_THREAD, "HF_HUB_OFFLINE": "1"}
        run = subprocess.run(command, cwd=ROOT, env=environ, input=asked, capture_output=True)
        if run.returncode:
            raise SystemFailed(f"{name} could not be measured:\n{run.stderr.decode(errors='replace')[-1500:].strip()}")
    return MEASURED.validate_json(result.read_bytes())


@click.command()
@click.argument("name")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--utterances", is_flag=True, help="Give it the example utterances too.")
def main(name: str, result: Path, utterances: bool) -> None:
    """Measure the system NAME on the questions of standard input and write RESULT."""
    logging.disable(logging.WARNING)
    try:
        kb = Settings.from_environ(os.environ).kb
        found = measured(name, utterances, QUESTIONS.validate_json(sys.stdin.buffer.read()), kb)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    # Whole or not at all: what is there counts as measured.
    unfinished = result.with_suffix(".part")
    unfinished.write_bytes(MEASURED.dump_json(found))
    unfinished.replace(result)


if __name__ == "__main__":
    main()
