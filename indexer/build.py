"""Builds the index: only what changed is embedded or trained again; the new build serves only when it is whole."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from indexer.articles import language_problem
from indexer.chunking import passages
from indexer.classifier import classifier_fingerprint
from indexer.errors import IndexUnusable, KnowledgeError
from indexer.knowledge import Knowledge, read_knowledge
from indexer.lexical import LexicalIndex
from indexer.manifest import (
    BUILDS,
    FILE,
    FORMAT,
    Manifest,
    builds,
    check_files,
    current_build,
    files_below,
    point_to,
    read_manifest,
    source_digests,
)
from indexer.neighbours import Neighbours
from indexer.ports import Embedder, Vectors
from indexer.search import CONTENTS, LEARNT, Contents, open_build
from indexer.stores.faiss_store import FaissStore
from indexer.types import Passage

KEPT_BUILDS = 3
BATCH = 256


class Progress:
    """Hears how a build goes on; this one tells nobody."""

    def stage(self, name: str, total: int) -> None:
        """A part of ``total`` units begins."""

    def advance(self, count: int) -> None:
        """``count`` units more are done."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    build: str
    articles: int
    passages: int
    embedded: int
    classifier_trained: bool


def build_index(kb: Path, root: Path, embedder: Embedder, progress: Progress | None = None) -> BuildReport:
    """Build from ``kb`` into ``root`` and let the result serve. A failure leaves the old index serving.

    Raises:
        KnowledgeError: with all problems of the knowledge base.
    """
    progress = progress or Progress()
    root.mkdir(parents=True, exist_ok=True)
    with _only_one(root):
        previous = _previous(root)
        sources = source_digests(kb)
        progress.stage("reading articles", 1)
        knowledge = read_knowledge(kb)
        progress.advance(1)
        _check_languages(kb, knowledge, sources, previous[1].sources if previous else {}, progress)
        found = passages(knowledge.articles)
        vectors, embedded = _vectors(found, embedder, previous, progress)
        name = _next_name(root)
        folder = root / BUILDS / name
        folder.mkdir(parents=True)
        try:
            trained, classifier_print = _learn(knowledge, embedder, previous, folder, progress)
            progress.stage("writing", 1)
            _write(folder, knowledge, found, vectors)
            manifest = Manifest(
                format=FORMAT, build=name, created=datetime.now(UTC), model=embedder.name,
                model_fingerprint=embedder.fingerprint, dimension=embedder.dimension,
                classifier_fingerprint=classifier_print, sources=sources, files=files_below(folder),
            )  # fmt: skip
            (folder / FILE).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
            open_build(folder, embedder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        point_to(root, name)
        progress.advance(1)
        _forget_old(root)
        return BuildReport(name, len(knowledge.articles), len(found), embedded, trained)


def check_knowledge(kb: Path) -> Knowledge:
    """Read the knowledge base and check every article's language too.

    Raises:
        KnowledgeError: with all problems.
    """
    knowledge = read_knowledge(kb)
    _check_languages(kb, knowledge, source_digests(kb), {}, Progress())
    return knowledge


def changed_sources(kb: Path, root: Path) -> list[str]:
    """The files of the knowledge base that differ from those the serving index was built from.

    Raises:
        IndexUnusable: when there is no index to compare with.
    """
    before = read_manifest(current_build(root)).sources
    now = source_digests(kb)
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def is_current(kb: Path, root: Path, embedder: Embedder) -> bool:
    """Whether the serving build is whole, made by this model and from these very sources."""
    try:
        folder = current_build(root)
        manifest = read_manifest(folder)
        manifest.check_model(embedder.fingerprint, embedder.dimension)
        check_files(folder, manifest)
    except IndexUnusable:
        return False
    return manifest.sources == source_digests(kb)


def adopt(root: Path, built: Path, embedder: Embedder) -> str:
    """Let a build that was made elsewhere serve from ``root``, as it is; returns its name there, which is new.

    Raises:
        IndexUnusable: when it is not whole, or another model made it; then the old one goes on serving.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _only_one(root):
        manifest = read_manifest(built).model_copy(update={"build": _next_name(root)})
        folder = root / BUILDS / manifest.build
        try:
            shutil.copytree(built, folder)
            (folder / FILE).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
            open_build(folder, embedder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        point_to(root, manifest.build)
        _forget_old(root)
        return manifest.build


def roll_back(root: Path, to: str | None = None) -> str:
    """Let the build before the serving one serve again, or the one of that name; returns its name.

    A build that is damaged is passed over, or refused where it is named.

    Raises:
        IndexUnusable: when there is none.
    """
    current_build(root)
    with _only_one(root):
        serving = current_build(root).name
        wanted = [name for name in builds(root) if (name < serving if to is None else name == to)]
        if to is not None and not wanted:
            known = ", ".join(builds(root))
            raise IndexUnusable(f"There is no build {to!r}. Use one of {known}: plugdesk kb versions shows them.")
        for name in reversed(wanted):
            try:
                check_files(root / BUILDS / name, read_manifest(root / BUILDS / name))
            except IndexUnusable:
                if to is not None:
                    raise
                continue
            point_to(root, name)
            return name
    raise IndexUnusable("There is no earlier build to go back to. Build the index with: plugdesk index")


@contextmanager
def _only_one(root: Path) -> Iterator[None]:
    """Two builds at once would take turns: the second waits for the first."""
    with (root / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _previous(root: Path) -> tuple[Path, Manifest] | None:
    """The serving build, if it is whole: nothing is taken over from a damaged one."""
    try:
        folder = current_build(root)
        manifest = read_manifest(folder)
        check_files(folder, manifest)
    except IndexUnusable:
        return None
    return folder, manifest


def _next_name(root: Path) -> str:
    """The time, so that names sort by age; still above the last name where the clock was set back."""
    name, last = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}", max(builds(root), default="")
    return name if name > last else f"{last}+"


def _check_languages(
    kb: Path, knowledge: Knowledge, sources: Mapping[str, str], before: Mapping[str, str], progress: Progress
) -> None:
    changed = [
        article
        for article in knowledge.articles
        if before.get(name := f"articles/{article.language}/{article.id}.md") != sources[name]
    ]
    progress.stage("checking languages", len(changed))
    problems = []
    for article in changed:
        problem = language_problem(kb / "articles", article)
        if problem:
            problems.append(problem)
        progress.advance(1)
    if problems:
        raise KnowledgeError(problems)


def _vectors(
    found: Sequence[Passage], embedder: Embedder, previous: tuple[Path, Manifest] | None, progress: Progress
) -> tuple[Vectors, int]:
    """The vector of each passage, and how many had to be computed."""
    known: dict[str, Vectors] = {}
    if previous and previous[1].model_fingerprint == embedder.fingerprint:
        before = CONTENTS.validate_json((previous[0] / "contents.json").read_bytes()).passages
        stored = np.load(previous[0] / "vectors.npy", allow_pickle=False)
        known = {passage.text: vector for passage, vector in zip(before, stored, strict=True)}
    fresh = sorted({passage.text for passage in found} - known.keys())
    progress.stage("embedding passages", len(fresh))
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        known.update(zip(batch, embedder.passages(batch), strict=True))
        progress.advance(len(batch))
    return np.stack([known[passage.text] for passage in found]).astype(np.float32), len(fresh)


def _learn(
    knowledge: Knowledge, embedder: Embedder, previous: tuple[Path, Manifest] | None, folder: Path, progress: Progress
) -> tuple[bool, str]:
    """Classifier and neighbours: copied when nothing they are learnt from has changed, made anew otherwise."""
    fingerprint = classifier_fingerprint(knowledge.utterances, knowledge.labels, embedder, FORMAT)
    if previous and previous[1].classifier_fingerprint == fingerprint:
        shutil.copytree(previous[0] / LEARNT, folder / LEARNT)
        return False, fingerprint
    from indexer.classifier_training import fit

    (folder / LEARNT).mkdir()
    progress.stage("embedding utterances", 1)
    neighbours = Neighbours.built(knowledge.utterances, knowledge.labels, embedder)
    neighbours.save(folder / LEARNT / "neighbours.npz")
    progress.advance(1)
    progress.stage("training the topic classifier", 1)
    fit(knowledge.utterances, knowledge.labels, embedder).save(folder / LEARNT / "classifier.npz")
    progress.advance(1)
    return True, fingerprint


def _write(folder: Path, knowledge: Knowledge, found: Sequence[Passage], vectors: Vectors) -> None:
    contents = Contents(
        tuple(topic.id for topic in knowledge.topics),
        tuple(entry.id for entry in knowledge.classes),
        dict(knowledge.languages),
        dict(knowledge.vendors),
        knowledge.articles,
        tuple(found),
    )
    (folder / "contents.json").write_bytes(CONTENTS.dump_json(contents))
    np.save(folder / "vectors.npy", vectors)
    FaissStore.built(vectors).save(folder / "vectors.faiss")
    LexicalIndex.built(found).save(folder / "lexical")


def _forget_old(root: Path) -> None:
    """Keep the newest builds for going back; a process that still serves an older one has it in memory."""
    kept = {*builds(root)[-KEPT_BUILDS:], current_build(root).name}
    for folder in (root / BUILDS).iterdir():
        if folder.name not in kept:  # too old, or left without a manifest by a build that was killed
            shutil.rmtree(folder, ignore_errors=True)
