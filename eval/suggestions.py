"""Suggested replies: how often the first one is about the question, how often any is, and what it costs to make them.

python -m eval.suggestions [--questions FILE] [--language nb]
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from tqdm import tqdm

from bot.assembly import open_services
from bot.care import Person
from bot.panel.suggestions import Suggester
from bot.panel.suggestions.suggest import SuggestionRules
from bot.panel.values import PANEL_LANGUAGES, PanelLanguage
from bot.replies.catalogues import Templates
from bot.settings import Settings
from bot.staff import Staff
from bot.types import Context
from eval.bench import aside
from eval.questions import Question, own_questions, questions_from

AGENT = Person(id="agent", name="Agent")


@dataclass(frozen=True)
class Outcome:
    """What was suggested for one question; ``topics`` in order."""

    question: Question
    topics: tuple[str | None, ...]
    took_ms: float

    @property
    def first_right(self) -> bool:
        """Whether the first suggestion is about the question."""
        return bool(self.topics) and self.topics[0] in self.question.topics

    @property
    def any_right(self) -> bool:
        """Whether one of them is."""
        return any(topic in self.question.topics for topic in self.topics)


def run(questions: Iterable[Question], suggester: Suggester, staff: Staff, language: PanelLanguage) -> list[Outcome]:
    """Ask each in a conversation of its own that a person has taken over."""
    found = []
    for question in questions:
        conversation = suggester.talks.start(Context(locale=question.language))
        staff.join(conversation, AGENT)
        suggester.talks.turn(conversation, question.text)
        begun = time.perf_counter()
        suggested = suggester.suggest(conversation, language)
        took = (time.perf_counter() - begun) * 1000
        found.append(Outcome(question, tuple(each.topic for each in suggested.suggestions), took))
    return found


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """One line a language, and one for all."""
    by_language: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        by_language[each.question.language].append(each)
    lines = ["language  lines  suggested  first right  any right  unwanted (of out of scope)"]
    lines += [_line(language, each) for language, each in sorted(by_language.items())]
    lines.append(_line("all", outcomes))
    took = [each.took_ms for each in outcomes]
    lines.append(f"took: p50 {np.percentile(took, 50):.1f} ms, p95 {np.percentile(took, 95):.1f} ms")
    return lines


def _line(name: str, outcomes: Sequence[Outcome]) -> str:
    within = [each for each in outcomes if not each.question.out_of_scope]
    outside = [each for each in outcomes if each.question.out_of_scope]
    shown = [each for each in within if each.topics]
    first = sum(each.first_right for each in shown) / max(1, len(shown))
    anywhere = sum(each.any_right for each in shown) / max(1, len(shown))
    unwanted = sum(bool(each.topics) for each in outside)
    share = len(shown) / max(1, len(within))
    return f"{name:8}  {len(outcomes):5}  {share:9.3f}  {first:11.3f}  {anywhere:9.3f}  {unwanted} of {len(outside)}"


@click.command()
@click.option("--questions", "files", multiple=True, type=click.Path(path_type=Path), help="JSON Lines; repeat it.")
@click.option("--language", type=click.Choice(PANEL_LANGUAGES), default="nb", show_default=True, help="The agent's.")
def main(files: tuple[Path, ...], language: PanelLanguage) -> None:
    """Measure the suggestions on the project's own questions, or on those of FILE."""
    questions = questions_from(files) if files else own_questions()
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Settings.from_environ({**os.environ, **aside(Path(folder))}))
        talks = services.conversations
        templates = Templates(talks.knowledge.current().languages)
        suggester = Suggester(talks, templates, SuggestionRules.load())
        outcomes = run(tqdm(questions), suggester, Staff(talks, templates, services.notifier), language)
        services.close()
    for line in table(outcomes):
        click.echo(line)


if __name__ == "__main__":
    main()
