"""Compares two versions over the question sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.assembly import open_services
from bot.settings import Settings
from eval.consistency import parallel_questions
from eval.diff.answers import Answer, answers
from eval.diff.compare import by_language, changes
from eval.diff.report import Comparison
from eval.diff.texts import text_changes
from eval.diff.versions import Version
from eval.questions import Question, own_questions
from indexer.build import Progress
from indexer.ports import Embedder
from indexer.search import open_build


def question_sets() -> list[Question]:
    """The project's own questions and the parallel ones."""
    return [*own_questions(), *(each for block in parallel_questions() for each in block)]


def compared(
    settings: Settings, base: Version, edit: Version, embedder: Embedder, questions: Sequence[Question],
    progress: Progress,
) -> Comparison:  # fmt: skip
    """Ask both versions all questions. Where no file differs nothing is asked.

    Raises:
        PlugdeskError: when something that answering needs cannot be opened.
    """
    sources = base.manifest.sources, edit.manifest.sources
    files = tuple(sorted(name for name in {**sources[0], **sources[1]} if sources[0].get(name) != sources[1].get(name)))
    if not files:
        return Comparison(base, edit, files, (), {}, ())
    before, after = open_build(base.folder, embedder), open_build(edit.folder, embedder)
    services = open_services(replace(settings, conversations="memory:"))
    try:
        was = answers(services.conversations, before, questions, progress)
        now = answers(services.conversations, after, questions, progress)
    finally:
        services.close()
    found = changes(questions, was, now)
    texts = text_changes(before.contents.articles, after.contents.articles, _shown(was, now))
    return Comparison(base, edit, files, tuple(found), by_language(questions, found), tuple(texts))


def _shown(*versions: dict[str, Answer]) -> Counter[str]:
    """How many questions are shown each section, in either version."""
    ids = versions[0].keys()
    return Counter(key for id in ids for key in {key for version in versions for key in version[id].sections})
