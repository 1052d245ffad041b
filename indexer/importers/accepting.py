"""A draft that a person says yes to becomes an article, in the form that ``plugdesk index --check`` accepts.

Drafts of one topic in several languages may be accepted together, since their sections have to agree.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from indexer.articles import language_problem, read_articles
from indexer.errors import Problem
from indexer.importers.drafts import Draft, marked, write_atomically, write_draft
from indexer.knowledge import ARTICLE_LANGUAGES, Knowledge

REVIEW_AFTER = timedelta(days=182)
DEFAULT_OWNER = "support-content"
_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_VENDOR = re.compile(r"^## .*\{#[^}]*\bvendor=([\w-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """What a draft would write. ``before`` is the article that is there, or empty."""

    draft: Draft
    path: Path
    text: str
    before: str

    @property
    def diff(self) -> str:
        """What would change in the knowledge base."""
        name = f"{self.path.parent.name}/{self.path.name}"
        lines = difflib.unified_diff(
            self.before.splitlines(), self.text.splitlines(), name if self.before else "nothing yet", name, lineterm=""
        )
        return "\n".join(lines)


@dataclass(frozen=True)
class Prepared:
    """Candidates, and what is missing before they can be articles; they are published only if nothing is."""

    topic: str
    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...]


def prepare(drafts: Sequence[Draft], topic: str, kb: Path, knowledge: Knowledge, today: date) -> Prepared:
    """See what accepting would write, and check it together with the articles of the other languages."""
    candidates = tuple(_candidate(draft, topic, kb, today) for draft in drafts)
    problems = [*_unsuitable(drafts, topic, knowledge)]
    if not problems:
        problems = _checked(candidates, topic, kb, knowledge)
    return Prepared(topic, candidates, tuple(problems))


def publish(prepared: Prepared) -> None:
    """Write the articles and mark the drafts. Each file is exchanged whole."""
    if prepared.problems:
        raise ValueError("what has problems is not published")
    for candidate in prepared.candidates:
        candidate.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(candidate.path, candidate.text)
    for candidate in prepared.candidates:
        write_draft(marked(candidate.draft, "accepted", prepared.topic))


def _unsuitable(drafts: Sequence[Draft], topic: str, knowledge: Knowledge) -> list[Problem]:
    problems = []
    topics = {each.id for each in knowledge.topics}
    languages = [draft.front.language for draft in drafts]
    for draft in drafts:
        front = draft.front
        if topic not in topics:
            remedy = "Use one of kb/topics.yaml, or add it there first, with what it covers."
            problems.append(Problem(draft.path, 1, f"There is no topic {topic!r}", remedy))
        if front.status != "open":
            problems.append(Problem(draft.path, 1, f"The draft is {front.status}", "Set its status to open again."))
        if front.language not in ARTICLE_LANGUAGES:
            remedy = f"Translate it into one of {', '.join(ARTICLE_LANGUAGES)}."
            problems.append(Problem(draft.path, 1, f"There are no articles in {front.language!r}", remedy))
        if languages.count(front.language) > 1:
            problems.append(Problem(draft.path, 1, "Two of the drafts are in one language", "Accept one of them."))
    return problems


def _candidate(draft: Draft, topic: str, kb: Path, today: date) -> Candidate:
    path = kb / "articles" / draft.front.language / f"{topic}.md"
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    return Candidate(draft, path, _front(draft, topic, before, today) + draft.body, before)


def _front(draft: Draft, topic: str, before: str, today: date) -> str:
    """The draft's own values where it has some, otherwise the article's that is there."""
    front = draft.front
    match = _FRONT.match(before)
    there: dict[str, Any] = (yaml.safe_load(match[1]) or {}) if match else {}
    values = {
        "id": topic,
        "language": front.language,
        "title": front.title,
        "alternative_titles": list(front.alternative_titles) or there.get("alternative_titles", []),
        "vendors": list(dict.fromkeys(_VENDOR.findall(draft.body))),
        "owner": front.owner or there.get("owner", DEFAULT_OWNER),
        "updated": today,
        "review_by": today + REVIEW_AFTER,
        "related": list(front.related) or there.get("related", []),
        "origin": front.origin.model_dump(mode="json"),
    }
    dumped = "".join(
        yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=_flow(name))
        for name, value in values.items()
    )
    return f"---\n{dumped}---\n\n"


def _flow(name: str) -> bool | None:
    """Lists on one line, as writers of articles have them, but titles one a line."""
    return None if name in ("vendors", "related") else False


def _checked(candidates: tuple[Candidate, ...], topic: str, kb: Path, knowledge: Knowledge) -> list[Problem]:
    """What the checks of articles say of a copy in which the candidates stand already."""
    problems: list[Problem] = []
    facts = {name: vendor.facts for name, vendor in knowledge.vendors.items()}
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        (copy / "pictures").symlink_to((kb / "pictures").resolve())
        for path in (kb / "articles").glob(f"*/{topic}.md"):
            _place(copy, path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, _place(copy, path.parent.name))
        for candidate in candidates:
            language = candidate.draft.front.language
            _place(copy, language).mkdir(parents=True, exist_ok=True)
            (_place(copy, language) / f"{topic}.md").write_text(candidate.text, encoding="utf-8")
        articles = read_articles(copy / "articles", {each.id for each in knowledge.topics}, facts, problems)
        doubts = (language_problem(copy / "articles", article) for article in articles)
        problems.extend(doubt for doubt in doubts if doubt is not None)
    by_language = {candidate.draft.front.language: candidate for candidate in candidates}
    return [_told(problem, by_language, kb) for problem in problems]


def _place(copy: Path, language: str) -> Path:
    return copy / "articles" / language


def _told(problem: Problem, candidates: dict[str, Candidate], kb: Path) -> Problem:
    """The problem where the person can mend it: in the draft, or in the article of another language."""
    language = problem.path.parent.name
    candidate = candidates.get(language)
    if candidate is None:
        return replace(problem, path=kb / "articles" / language / problem.path.name)
    front = candidate.text.count("\n") - candidate.draft.body.count("\n")
    line = problem.line - front - 1 + candidate.draft.body_line if problem.line > front else 1
    return replace(problem, path=candidate.draft.path, line=max(1, line))
