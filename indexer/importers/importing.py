"""One whole import: every document of a source becomes a draft, or is known already, or is skipped with a reason."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.errors import Problem
from indexer.importers.drafts import AlikeDraft, Draft, DraftFolder, DraftFront, Topic
from indexer.importers.duplicates import Texts
from indexer.importers.extract import extract
from indexer.importers.ports import Source, Suggester
from indexer.importers.published import Published
from indexer.importers.rendering import markdown_of
from indexer.importers.rules import Rules
from indexer.importers.types import Document, Extract, Skipped
from indexer.origin import Origin


@dataclass(frozen=True)
class Outcome:
    """What became of one document: ``path`` of the draft where there is one, ``diff`` where it changed."""

    kind: Literal["new", "changed", "unchanged", "skipped"]
    address: str
    path: Path | None = None
    reason: str | None = None
    diff: str = ""
    alike: tuple[AlikeDraft, ...] = ()


@dataclass(frozen=True)
class _Known:
    """A text that was imported before: a draft, or an article with its origin."""

    name: str
    source: str
    language: str
    hash: str
    markdown: str


class Importer:
    """Compares with drafts and articles, writes drafts; the knowledge base is only read."""

    def __init__(
        self, folder: DraftFolder, published: Sequence[Published], suggester: Suggester | None, rules: Rules
    ) -> None:
        self._folder, self._suggester, self._rules = folder, suggester, rules
        self.problems: list[Problem] = []
        """Drafts that cannot be read, and so cannot be compared with."""
        self._known: list[_Known] = []
        self._texts = Texts(rules.duplicates)
        for article in published:
            self._texts.add(article.name, article.language, article.body)
            if article.origin is not None:
                origin = article.origin
                self._known.append(_Known(article.name, origin.source, article.language, origin.hash, article.markdown))
        for draft in folder.read_all(self.problems):
            self._remember(draft)

    def run(self, source: Source) -> Iterator[Outcome]:
        """Import everything; one outcome an article, as soon as it is known."""
        for document in source.documents():
            found = [document] if isinstance(document, Skipped) else extract(document, self._rules)
            for each in found:
                if isinstance(each, Skipped):
                    yield Outcome("skipped", each.address, reason=each.reason)
                else:
                    yield self._import(each, document if isinstance(document, Document) else None)

    def _import(self, extract: Extract, document: Document | None) -> Outcome:
        body = markdown_of(extract, self._rules)
        whole = f"# {extract.title}\n\n{body}"
        digest = f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"
        address, language = extract.address, extract.language
        earlier = [known for known in self._known if (known.source, known.language) == (address, language)]
        same = next((known for known in earlier if known.hash == digest), None)
        if same is not None:
            return Outcome("unchanged", extract.address, reason=f"It is in {same.name} already.")
        before = earlier[-1] if earlier else None
        alike = tuple(
            AlikeDraft(name=each.other, similarity=each.similarity)
            for each in self._texts.like(extract.language, whole, [known.name for known in earlier])
        )
        front = DraftFront(
            title=extract.title,
            language=extract.language,
            suggested=self._suggested(extract, body),
            replaces=before.name if before else None,
            alike=alike,
            notes=(*extract.notes, *self._doubts(extract, document)),
            origin=Origin(
                source=extract.address, fetched=extract.fetched, hash=digest, importer=extract.importer,
                language=extract.language, confidence=extract.confidence,
            ),
        )  # fmt: skip
        draft = self._folder.add(front, body)
        self._remember(draft)
        diff = _diff(before, whole, draft) if before else ""
        return Outcome("changed" if before else "new", extract.address, draft.path, diff=diff, alike=alike)

    def _remember(self, draft: Draft) -> None:
        name = draft.path.as_posix()
        origin = draft.front.origin
        markdown = f"# {draft.front.title}\n\n{draft.body}"
        self._known.append(_Known(name, origin.source, draft.front.language, origin.hash, markdown))
        if draft.front.status == "open":
            self._texts.add(name, draft.front.language, markdown)

    def _suggested(self, extract: Extract, body: str) -> tuple[Topic, ...]:
        if self._suggester is None:
            return ()
        found = self._suggester.suggest(extract.title, body.partition("\n")[0], extract.language)
        return tuple(Topic(id=each.topic, probability=round(each.probability, 3)) for each in found)

    def _doubts(self, extract: Extract, document: Document | None) -> Iterator[str]:
        if extract.confidence < self._rules.languages.sure:
            yield f"The language is a guess: {extract.language}, {extract.confidence:.0%} sure."
        claimed = document.language if document else None
        claimed = {"no": "nb", "nn": "nb"}.get(claimed or "", claimed)
        if claimed and claimed != extract.language:
            yield f"The source says that it is in {claimed!r}; it reads as {extract.language!r}."


def _diff(before: _Known, whole: str, draft: Draft) -> str:
    lines = difflib.unified_diff(
        before.markdown.splitlines(), whole.splitlines(), before.name, draft.path.as_posix(), lineterm=""
    )
    return "\n".join(lines)
