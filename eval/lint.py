"""``python -m eval.lint``: does ``plugdesk kb check`` find what is wrong, and leave alone what is right?

A small knowledge base that is right stands in ``eval/datasets/lint/clean``. Defects are planted into a copy of it, all
at once. *Found* is the share of the planted defects that the right check finds in the right file. *False alarms* are
findings in the clean base, and those in the other that no planted defect explains, as a share of all findings.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import yaml
from pydantic import BaseModel, ConfigDict, Field

from indexer.embedders import open_embedder
from indexer.lint.checking import check
from indexer.lint.types import Finding
from indexer.ports import Embedder

DATASET = Path(__file__).parent / "datasets" / "lint"
TODAY = date(2026, 11, 26)
"""What reviews of the set are overdue against."""
FEWEST_PLANTED, MOST_FALSE = 30, 0.05
# What a copied topic brings with it: nobody wrote utterances for it, and it takes the other's place.
COPY_CHECKS = ("near-duplicate", "few-utterances", "unfound-article")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Planted(_Data):
    """A defect: an edit of a file, or a file that is added, cut to its first lines, or removed."""

    check: str
    file: str | None = None
    old: str = ""
    new: str = ""
    add: str | None = None
    remove: str | None = None
    keep: int | None = None
    """So many lines of the file stay."""
    path: str | None = None
    """Where it is found, if not in the file itself."""
    says: str = ""
    also: tuple[str, ...] = ()
    """Checks that rightly find what follows from it, in the same file or its article."""

    @property
    def where(self) -> str:
        """The file that the finding names."""
        return self.path or self.file or self.add or self.remove or ""

    def found_in(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings that are this defect."""
        return [
            each
            for each in findings
            if each.check == self.check and each.path == self.where and self.says in f"{each.what} {each.remedy}"
        ]

    def explains(self, finding: Finding) -> bool:
        """Whether the finding follows from this defect."""
        if self.found_in([finding]):
            return True
        place = Path(self.add or self.where)
        same = Path(finding.path).stem == place.stem and Path(finding.path).parent.name == place.parent.name
        return finding.check in self.also and (same or place.stem in finding.what)


class Copied(_Data):
    """A topic that says what another one says, in every language."""

    topic: str
    source: str = Field(alias="from")

    def explains(self, finding: Finding) -> bool:
        """Whether the finding follows from the copy."""
        return finding.check in COPY_CHECKS and self.topic in f"{finding.path} {finding.what}"


class Plan(_Data):
    """Everything that is planted."""

    copied: tuple[Copied, ...]
    planted: tuple[Planted, ...]


@dataclass(frozen=True)
class Score:
    """What the checks did: planted defects, those that nobody found, and findings that nobody planted."""

    planted: int
    kinds: int
    missed: tuple[Planted | Copied, ...]
    findings: int
    false: tuple[Finding, ...]
    clean: tuple[Finding, ...]

    @property
    def false_share(self) -> float:
        """False alarms of both bases as a share of all findings."""
        total = self.findings + len(self.clean)
        return (len(self.false) + len(self.clean)) / total if total else 0.0

    @property
    def passes(self) -> bool:
        """Whether enough is planted, all of it is found, and false alarms are rare."""
        return self.planted >= FEWEST_PLANTED and not self.missed and self.false_share <= MOST_FALSE


def read_plan(folder: Path = DATASET) -> Plan:
    """What is planted."""
    return Plan.model_validate(yaml.safe_load((folder / "planted.yaml").read_text(encoding="utf-8")))


def write_bases(folder: Path, plan: Plan, dataset: Path = DATASET) -> tuple[Path, Path]:
    """Write the clean base and the one with the defects below ``folder``; returns both.

    Raises:
        ValueError: where a defect cannot be planted, because its text is not there.
    """
    clean, planted = folder / "clean", folder / "planted"
    shutil.copytree(dataset / "clean", clean)
    shutil.copytree(dataset / "clean", planted)
    for copy in plan.copied:
        _copy(planted, copy)
    for each in plan.planted:
        _plant(planted, each)
    return clean, planted


def _copy(kb: Path, copy: Copied) -> None:
    topics = kb / "topics.yaml"
    data = yaml.safe_load(topics.read_text(encoding="utf-8"))
    data["groups"][0]["topics"].append({"id": copy.topic, "covers": f"Copied from {copy.source}.", "rules": []})
    topics.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for path in sorted((kb / "articles").glob(f"*/{copy.source}.md")):
        text = path.read_text(encoding="utf-8").replace(f"id: {copy.source}", f"id: {copy.topic}")
        path.with_name(f"{copy.topic}.md").write_text(text, encoding="utf-8")


def _plant(kb: Path, each: Planted) -> None:
    if each.remove:
        (kb / each.remove).unlink()
    elif each.add:
        (kb / each.add).write_text(each.new, encoding="utf-8")
    elif each.file:
        path = kb / each.file
        text = path.read_text(encoding="utf-8")
        if each.keep is not None:
            text = "\n".join(text.splitlines()[: each.keep]) + "\n"
        elif each.old not in text:
            raise ValueError(f"{each.file} does not contain {each.old!r}")
        else:
            text = text.replace(each.old, each.new, 1)
        path.write_text(text, encoding="utf-8")


def score(plan: Plan, clean: Sequence[Finding], planted: Sequence[Finding]) -> Score:
    """Compare what was found with what was planted."""
    missed: list[Planted | Copied] = [each for each in plan.planted if not each.found_in(planted)]
    missed += [each for each in plan.copied if not any(each.explains(one) for one in planted)]
    causes: tuple[Planted | Copied, ...] = (*plan.planted, *plan.copied)
    false = tuple(one for one in planted if not any(each.explains(one) for each in causes))
    kinds = {each.check for each in plan.planted} | ({COPY_CHECKS[0]} if plan.copied else set())
    return Score(len(causes), len(kinds), tuple(missed), len(planted), false, tuple(clean))


def measure(folder: Path, embedder: Embedder) -> Score:
    """Write both bases below ``folder``, check them, and compare."""
    plan = read_plan()
    clean, planted = write_bases(folder, plan)
    return score(plan, check(clean, embedder, TODAY), check(planted, embedder, TODAY))


@click.command()
def main() -> None:
    """Measure the checks of the knowledge base."""
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), open_embedder())
    for defect in result.missed:
        click.echo(f"not found: {defect}")
    for finding in (*result.false, *result.clean):
        click.echo(f"false alarm: {finding}")
    found = result.planted - len(result.missed)
    click.echo(
        f"{found} of {result.planted} planted defects of {result.kinds} kinds found; {result.findings} findings, "
        f"{len(result.false)} of them false; {len(result.clean)} on the clean base; "
        f"false alarms {result.false_share:.1%}"
    )
    if not result.passes:
        sys.exit(1)


if __name__ == "__main__":
    main()
