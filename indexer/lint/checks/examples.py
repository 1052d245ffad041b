"""Whether topics have enough utterances, each topic its own, and articles that are not each other's twins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from indexer.importers.duplicates import Texts
from indexer.importers.rules import shipped_rules as importing_rules
from indexer.lint.base import UTTERANCES, Base, Example, Page
from indexer.lint.rules import Rules
from indexer.lint.types import Found
from indexer.utterances import PARALLEL, comparable


def shared_utterance(base: Base, _: Rules) -> Iterator[Found]:
    """The same message under two topics, whatever its word order: neither can be learnt from it."""
    seen: dict[tuple[str, str], Example] = {}
    for each in base.examples:
        key = each.language, " ".join(sorted(comparable(each.text).split()))
        first = seen.setdefault(key, each)
        if first.label != each.label:
            what = f"{each.text!r} is listed under {first.label} too ({first.path}:{first.line})"
            yield Found(each.path, each.line, what, "Keep it where it belongs; see `not` in kb/topics.yaml.")


def few_utterances(base: Base, rules: Rules) -> Iterator[Found]:
    """A topic that a language has hardly any utterances of."""
    counts = Counter((each.language, each.label) for each in base.examples)
    classes = [entry.id for entry in base.frame.classes]
    for language in sorted({language for language, _ in counts}):
        for label in (*base.topics, *classes):
            least = rules.examples.fewest.klass if label in classes else rules.examples.fewest.topic
            if (count := counts[language, label]) < least:
                path = _file(base, language, label)
                what = f"{label} has {count} utterances in {language!r}"
                yield Found(path, 1, what, f"Write {least} at least; see docs/writing-utterances.md.")


def _file(base: Base, language: str, label: str) -> Path:
    own = Path(UTTERANCES) / language / f"{label}.txt"
    parallel = Path(UTTERANCES) / PARALLEL / f"{label}.txt"
    return parallel if not (base.folder / own).exists() and (base.folder / parallel).exists() else own


def near_duplicate(base: Base, _: Rules) -> Iterator[Found]:
    """Two articles of a language that say the same in nearly the same words, as the import measures it."""
    texts = Texts(importing_rules().duplicates)
    for page in base.pages:
        body = _body(page)
        for alike in texts.like(page.language, body):
            what = f"It says nearly what {alike.other} says ({alike.similarity:.0%} of the word sequences)"
            yield Found(page.path, 1, what, "Make one article of both, or let each say its own.")
        texts.add(page.path.as_posix(), page.language, body)


def _body(page: Page) -> str:
    return "\n".join(line.shown for line in page.lines)
