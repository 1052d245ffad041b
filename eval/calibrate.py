"""``python -m eval calibrate``: fits the confidence, or picks the threshold at which the bot answers.

Both write to the configuration, after showing what stood there, what would stand there, and what it changes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression

from bot.assembly import open_services
from bot.policy import POLICY_FILE, Policy
from bot.settings import Settings
from eval import thresholds
from eval.consistency import parallel_questions
from eval.metrics import Outcome
from eval.questions import NONE, SITUATIONS, Question, own_questions, questions_from
from eval.statistics import calibration_error, reliability
from eval.suite import ALL, Setting
from eval.systems import run_product
from indexer.ranking import CALIBRATION_FILE, Calibration, Grounds, Weights, confidence, probabilities
from indexer.search import Index

# Weak: there are two thousand questions for five coefficients.
REGULARISATION = 1.0


def observed(index: Index, questions: Sequence[Question], weights: Weights) -> tuple[list[Grounds], list[bool]]:
    """For each question what the confidence rests on, and whether the best topic was acceptable."""
    grounds, right = [], []
    topics = len(index.contents.topics)
    for question in questions:
        vector = index.embedder.queries([question.text])[0]
        signals = index.signals(question.text, question.language, vector)
        chances = probabilities(signals, weights, topics)
        best = index.labels[int(np.argmax(chances[:topics]))]
        grounds.append(index.grounds(chances, signals))
        right.append(best in question.topics or (NONE in question.topics and not question.out_of_scope))
    return grounds, right


def fitted(grounds: Sequence[Grounds], right: Sequence[bool]) -> Calibration:
    """The coefficients that make what was right most likely (Platt 1999)."""
    rows = np.array([list(asdict(each).values()) for each in grounds])
    model = LogisticRegression(C=REGULARISATION).fit(rows, np.array(right))
    found = dict(zip(Grounds.__dataclass_fields__, model.coef_[0], strict=True))
    return Calibration(
        intercept=round(float(model.intercept_[0]), 3), **{name: round(float(each), 3) for name, each in found.items()}
    )


def off_by(calibration: Calibration, grounds: Sequence[Grounds], right: Sequence[bool]) -> float:
    """The calibration error of the confidence that those coefficients give."""
    return calibration_error(reliability([confidence(each, calibration) for each in grounds], right))


def write(calibration: Calibration, path: Path = CALIBRATION_FILE) -> None:
    """Replace the coefficients, keep the comment above them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = [line for line in lines if line.startswith("#")]
    path.write_text(
        "\n".join(comment) + "\n" + yaml.safe_dump(calibration.model_dump(), sort_keys=False), encoding="utf-8"
    )


def effect(outcomes: Sequence[Outcome], before: float, after: float) -> Mapping[str, tuple[thresholds.Point, ...]]:
    """By language and over all, what the old and what the new threshold give."""
    languages = dict.fromkeys(each.question.language for each in outcomes)
    groups = {name: [each for each in outcomes if each.question.language == name] for name in languages}
    return {
        name: tuple(thresholds.point(own, threshold) for threshold in (before, after))
        for name, own in (groups | {ALL: list(outcomes)}).items()
    }


def _show_effect(title: str, rows: Mapping[str, tuple[thresholds.Point, ...]]) -> None:
    click.echo(f"\n{title}\n{'':>6}{'answered':>20}{'wrong of all lines':>22}")
    for name, (before, after) in rows.items():
        click.echo(f"{name:>6}{before.answered:>10.3f} → {after.answered:.3f}{before.wrong:>14.3f} → {after.wrong:.3f}")


def _may_write(path: Path, agreed: bool) -> bool:
    return agreed or click.confirm(f"\nWrite it to {path.name}?")


def _threshold(setting: Setting, questions: Sequence[Question], most_wrong: float, agreed: bool) -> None:
    talks, before = setting.services.conversations, Policy.load().answer_at
    outcomes = run_product(talks, setting.track(questions, "questions"))
    try:
        after = thresholds.chosen(outcomes, most_wrong).threshold
    except thresholds.NoThreshold as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"answer_at is {before:.2f}; for at most {most_wrong:.3f} wrong of all lines it must be {after:.2f}.")
    _show_effect("On the questions that it is chosen on", effect(outcomes, before, after))
    unseen = [each for block in parallel_questions() for each in block]
    apart = run_product(talks, setting.track(unseen, "parallel"))
    _show_effect("On the parallel questions, which have no say", effect(apart, before, after))
    if after == before:
        click.echo(f"\n{POLICY_FILE.name} stays as it is.")
    elif _may_write(POLICY_FILE, agreed):
        thresholds.write(after)
        click.echo(f"Written: answer_at was {before:.2f}, is {after:.2f}. Servers take it over when they start again.")
    else:
        click.echo("Nothing is written.")


def _coefficients(index: Index, questions: Sequence[Question], agreed: bool) -> None:
    before = Calibration.load()
    parallel = [each for block in parallel_questions() for each in block]
    grounds, right = observed(index, [*questions, *parallel, *own_questions(SITUATIONS)], Weights.load())
    after = fitted(grounds, right)
    click.echo(f"{'':>26}{'before':>9}{'after':>9}")
    for name, value in before.model_dump().items():
        click.echo(f"{name:>26}{value:>9.3f}{getattr(after, name):>9.3f}")
    errors = (off_by(each, grounds, right) for each in (before, after))
    click.echo(f"{'calibration error':>26}" + "".join(f"{each:>9.3f}" for each in errors))
    if _may_write(CALIBRATION_FILE, agreed):
        write(after)
        click.echo("Written. Measure again to see what it changes: python -m eval")
    else:
        click.echo("Nothing is written.")


@click.command()
@click.option("--wrong", type=click.FloatRange(0, 1), help="Pick answer_at so that no larger share of lines gets "
              "a wrong answer, such as 0.05.")  # fmt: skip
@click.option("--fit", is_flag=True, help="Fit the coefficients of the confidence to the questions.")
@click.option("--questions", "files", multiple=True, type=click.Path(exists=True, path_type=Path),
              help="Another set, JSON Lines with id, lang, text, topics.")  # fmt: skip
@click.option("--yes", "agreed", is_flag=True, help="Write without asking; before and after are shown all the same.")
def calibrate(wrong: float | None, fit: bool, files: tuple[Path, ...], agreed: bool) -> None:
    """Pick the threshold of answering for a wanted share of wrong answers, or fit the confidence."""
    if fit == (wrong is not None):
        raise click.UsageError("Give either --wrong with a share, or --fit.")
    questions = questions_from(files) if files else own_questions()
    settings = replace(Settings.from_environ(os.environ), conversations="memory:")
    services = open_services(settings)
    try:
        if wrong is not None:
            _threshold(Setting(services, settings), questions, wrong, agreed)
        else:
            _coefficients(services.knowledge.current(), questions, agreed)
    finally:
        services.close()
