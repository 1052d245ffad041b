"""``python -m eval.answers``: does a reply hold the facts that the question needs, and none that are wrong?

Each case of eval/datasets/answers is played as a conversation with the whole product, in a demo world of its own. A
case names what its replies must say and must not say; besides, nothing of another vendor or country, nothing in
another language, and nothing of the world that the world itself denies may be said in any of them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path

import click

from bot.assembly import open_services
from bot.conversation import Conversations
from bot.settings import Settings
from bot.tools.values import Money
from eval.answer_cases import OWN, Case, answer_cases
from eval.answer_facts import Given, holds, leaks
from eval.answer_truths import Minimum, untrue
from eval.dialogues import CannotPlay, played
from indexer.search import Index

LEAST_PRESENT = 0.95
"""Share of the required facts that must be there."""


@dataclass(frozen=True)
class Answered:
    """What became of a case. ``missing`` and ``wrong`` say it in words; ``said`` is the dialogue as far as it went."""

    case: str
    language: str
    vendor: str
    topic: str
    required: int
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether everything that is needed was said, and nothing wrong."""
        return not self.missing and not self.wrong


@dataclass(frozen=True)
class Row:
    """Of some cases: how many are right, required facts and how many were there, and what was wrong."""

    cases: int
    right: int
    required: int
    present: int
    wrong: int

    @property
    def share(self) -> float:
        """Of the required facts, those that were there."""
        return self.present / self.required if self.required else 1.0


@dataclass(frozen=True)
class Result:
    """The whole run."""

    answered: tuple[Answered, ...]

    @property
    def all(self) -> Row:
        """Over every case."""
        return row(self.answered)

    def by(self, group: Callable[[Answered], str]) -> dict[str, Row]:
        """One row a group, by name."""
        names = sorted({group(each) for each in self.answered})
        return {name: row([each for each in self.answered if group(each) == name]) for name in names}

    def passes(self, least: float = LEAST_PRESENT) -> bool:
        """Whether enough was there and nothing was wrong."""
        return self.all.share >= least and self.all.wrong == 0

    def as_json(self) -> dict[str, object]:
        """Plain values: rows overall, by language, vendor and topic, and the cases that are not right."""

        def rows(named: dict[str, Row]) -> dict[str, object]:
            return {name: asdict(each) | {"share": round(each.share, 4)} for name, each in named.items()}

        return rows({"all": self.all}) | {
            "languages": rows(self.by(lambda each: each.language)),
            "vendors": rows(self.by(lambda each: each.vendor)),
            "topics": rows(self.by(lambda each: each.topic)),
            "failures": [asdict(each) for each in self.answered if not each.right],
        }


def row(answered: Iterable[Answered]) -> Row:
    """Count over cases."""
    found = list(answered)
    required, missing = sum(each.required for each in found), sum(len(each.missing) for each in found)
    return Row(
        cases=len(found),
        right=sum(each.right for each in found),
        required=required,
        present=required - missing,
        wrong=sum(len(each.wrong) for each in found),
    )


def measure(talks: Conversations, cases: Sequence[Case] | None = None) -> Result:
    """Play the cases, the project's own where none are given."""
    index = talks.knowledge.current()
    return Result(tuple(answered(talks, case, index) for case in (answer_cases() if cases is None else cases)))


def answered(talks: Conversations, case: Case, index: Index) -> Answered:
    """Play one case and compare; what comes after a deed that is not possible counts as missing."""
    missing, wrong, said = [], [], []
    required = [(number, each) for number, turn in enumerate(case.turns) for each in turn.required]
    minimum, number = _minimum(index), -1
    try:
        for number, (dialogue, _, happened) in enumerate(played(talks, case.given(), case.turns)):
            turn = case.turns[number]
            given = Given(happened.replies, happened.events, dialogue.state)
            said += [f"> {happened.said}"] if happened.said else [f"~ {turn.model_dump(exclude_defaults=True)}"]
            said += [f"< {line}" for reply in given.replies for line in reply.text.splitlines() if line.strip()]
            missing += [str(each) for each in turn.required if not holds(each, given, index, case.language)]
            wrong += [f"holds: {each}" for each in turn.forbidden if holds(each, given, index, case.language)]
            wrong += leaks(given, index, case.vendor, case.country, case.language)
            wrong += untrue(given.replies, dialogue.stage.tools, minimum)
    except CannotPlay as error:
        said.append(f"! {error}")
        missing += [str(each) for at, each in required if at > number]
    return Answered(
        case.id, case.language, case.vendor, case.topic, len(required), tuple(missing), tuple(wrong), tuple(said)
    )


def _minimum(index: Index) -> Minimum:
    def minimum(vendor: str | None) -> Money | None:
        known = index.vendors.get(vendor or "")
        fact = known.facts.get("minimum_balance") if known else None
        return Money(amount=Decimal(fact["amount"]), currency=fact["currency"]) if fact else None

    return minimum


def print_rows(title: str, rows: dict[str, Row]) -> None:
    """A table, one row a group."""
    click.echo(f"\n{title}\n{'':>32}{'cases':>7}{'right':>7}{'facts':>7}{'present':>9}{'share':>8}{'wrong':>7}")
    for name, each in rows.items():
        click.echo(
            f"{name:>32}{each.cases:>7}{each.right:>7}{each.required:>7}{each.present:>9}{each.share:>8.3f}"
            f"{each.wrong:>7}"
        )


def print_failure(failed: Answered) -> None:
    """What was said, and what of it is missing or wrong."""
    click.echo(f"\n{failed.case} ({failed.topic})")
    for line in failed.said:
        click.echo(f"  {line}")
    for kind, lines in (("missing", failed.missing), ("wrong", failed.wrong)):
        for line in lines:
            click.echo(f"  {kind}: {line}")


@click.command()
@click.option("--quiet", is_flag=True, help="Leave out what was said in the cases that are not right.")
@click.option("--only", default="", help="Only cases whose id begins so, such as de-eponet.")
@click.option("--least", default=LEAST_PRESENT, show_default=True, help="Fail below this share of required facts.")
@click.option("--set", "folder", type=click.Path(path_type=Path, exists=True), default=OWN, help="Another set.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the result there.")
def main(quiet: bool, only: str, least: float, folder: Path, file: Path | None) -> None:
    """Measure how many required facts the replies hold, and that nothing in them is wrong."""
    services = open_services(replace(Settings.from_environ(os.environ), conversations="memory:"))
    try:
        cases = [case for case in answer_cases(folder) if case.id.startswith(only)]
        result = measure(services.conversations, cases)
    finally:
        services.close()
    for failed in () if quiet else (each for each in result.answered if not each.right):
        print_failure(failed)
    print_rows("Answers by topic", result.by(lambda each: each.topic))
    print_rows("Answers by vendor", result.by(lambda each: each.vendor))
    print_rows("Answers by language", result.by(lambda each: each.language) | {"all": result.all})
    if file is not None:
        file.write_text(json.dumps(result.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if not result.passes(least):
        click.echo("Below the bar.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
