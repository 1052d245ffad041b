"""What a person kept goes into the question set, or among the example utterances; all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from eval.harvest.known import Known
from eval.harvest.names import named
from eval.harvest.rules import HarvestRules
from eval.harvest.sheet import Case
from eval.questions import NONE
from indexer.errors import Problem
from indexer.knowledge import DRIVER_LANGUAGES, OUT_OF_SCOPE
from indexer.utterances import comparable

Role = Literal["question", "utterance"]


@dataclass(frozen=True)
class Addition:
    """A line for a file."""

    path: Path
    line: str


def kept(cases: Iterable[Case]) -> list[Case]:
    """Those that a person wants and that were not taken over yet."""
    return [each for each in cases if each.keep and each.accepted is None]


def problems(path: Path, cases: Sequence[Case], role: Role, known: Known, rules: HarvestRules) -> Iterator[Problem]:
    """Why cases of the review file ``path`` cannot be taken over."""
    seen: dict[str, int] = {}
    for case in cases:
        yield from (Problem(path, case.line, what, remedy) for what, remedy in _wrong(case, role, known, rules))
        key = comparable(case.text)
        if key in seen:
            yield Problem(path, case.line, f"The same line is kept at {seen[key]}", "Keep one of them.")
        seen.setdefault(key, case.line)


def _wrong(case: Case, role: Role, known: Known, rules: HarvestRules) -> Iterator[tuple[str, str]]:
    allowed = (*known.topics, NONE) if role == "question" else (*known.topics, *known.classes)
    strange = [topic for topic in case.topics if topic not in allowed]
    if not case.topics:
        yield "Nobody said what it is about", "Set topics to what answers it, or to [none]."
    if strange:
        yield f"The topic {strange[0]!r} does not exist", f"Use topics of kb/topics.yaml{_or(role)}."
    if role == "utterance" and len(case.topics) > 1:
        yield "An utterance belongs to one topic", "Leave the best one in topics."
    if case.language not in DRIVER_LANGUAGES:
        yield f"The language {case.language!r} is unknown", f"Use one of {', '.join(DRIVER_LANGUAGES)}."
    if not case.text.isprintable() or case.text != case.text.strip():
        yield "The text is not one plain line", "Take out tabs, line breaks and outer spaces."
    if (found := named(case.text, rules.digits)) is not None:
        yield f"{found!r} may name somebody", "Put zeros for its digits, or take it out."
    key = comparable(case.text)
    if key in known.trained:
        yield "The line stands in kb/utterances", "Set keep to no: a set that was learnt from measures nothing."
    elif key in known.asked | known.measured:
        yield "The line stands in an evaluation set", "Set keep to no."


def _or(role: Role) -> str:
    return ", or none" if role == "question" else f", or a class such as {OUT_OF_SCOPE}"


def additions(cases: Iterable[Case], role: Role, questions: Path, kb: Path) -> list[Addition]:
    """Which line goes into which file."""
    if role == "question":
        return [Addition(questions / f"{each.language}.tsv", f"{','.join(each.topics)}\t{each.text}") for each in cases]
    return [Addition(kb / "utterances" / each.language / f"{each.topics[0]}.txt", each.text) for each in cases]


def append(found: Iterable[Addition]) -> None:
    """Write the lines at the ends of their files; a file that is not there is begun.

    Raises:
        OSError: when a file cannot be written.
    """
    for each in found:
        each.path.parent.mkdir(parents=True, exist_ok=True)
        text = each.path.read_text(encoding="utf-8") if each.path.exists() else ""
        ended = text if not text or text.endswith("\n") else f"{text}\n"
        each.path.write_text(f"{ended}{each.line}\n", encoding="utf-8")


def marked(cases: Iterable[Case], taken: Sequence[Case], role: Role, today: date) -> list[Case]:
    """The cases, with those that were taken over marked so."""
    lines = {each.line for each in taken}
    done = {"accepted": today, "taken_as": role}
    return [each.model_copy(update=done) if each.line in lines else each for each in cases]
