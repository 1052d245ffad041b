"""The commands around the index, with a progress bar for people."""

from __future__ import annotations

import time

from tqdm import tqdm

from bot.settings import Settings
from indexer.build import Progress, build_index, changed_sources, check_knowledge, is_current, roll_back
from indexer.embedders import open_embedder
from indexer.errors import IndexUnusable
from indexer.manifest import BUILDS, builds, current_build, read_manifest


class Bar(Progress):
    """One progress bar a stage, on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def stage(self, name: str, total: int) -> None:
        """Begin a bar."""
        self.close()
        self._bar = tqdm(total=total, desc=name.ljust(30), leave=True, disable=None if total else True)

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(count)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def build(settings: Settings, only_if_changed: bool) -> str:
    """Build the index; returns what was done, in one line."""
    start, bar = time.monotonic(), Bar()
    embedder = open_embedder(settings.model, settings.prefixes)
    if only_if_changed and is_current(settings.kb, settings.index, embedder):
        return "The index is up to date."
    try:
        report = build_index(settings.kb, settings.index, embedder, bar)
    finally:
        bar.close()
    trained = "trained" if report.classifier_trained else "unchanged"
    return (
        f"Index {report.build}: {report.articles} articles, {report.passages} passages, {report.embedded} embedded, "
        f"classifier {trained}, {time.monotonic() - start:.1f} s."
    )


def check_base(settings: Settings) -> str:
    """Check every file and the index; returns what was found.

    Raises:
        KnowledgeError, IndexUnusable: saying what to mend.
    """
    knowledge = check_knowledge(settings.kb)
    found = f"{len(knowledge.articles)} articles and {len(knowledge.utterances)} utterances are in order."
    changed = changed_sources(settings.kb, settings.index)
    if not changed:
        return f"{found} The index is up to date."
    return (
        f"{found} The index is behind in {len(changed)} files ({', '.join(changed[:5])}); build it with: plugdesk index"
    )


def go_back(settings: Settings, to: str | None = None) -> str:
    """Let the previous build serve, or that one; returns what is to be known of it.

    Raises:
        IndexUnusable: when there is no such build.
    """
    name = roll_back(settings.index, to)
    later = changed_sources(settings.kb, settings.index)
    if not later:
        return f"Now serving {name}."
    return (
        f"Now serving {name}. The knowledge base still has other texts ({len(later)} files, such as {later[0]}): "
        "change them before you build the next index, or they are live again."
    )


def versions(settings: Settings) -> list[str]:
    """A line for each build that is kept, the newest first: its name, when it was built, what differs from the serving.

    Raises:
        IndexUnusable: when there is no index yet.
    """
    serving = read_manifest(current_build(settings.index))
    lines = []
    for name in reversed(builds(settings.index)):
        try:
            found = read_manifest(settings.index / BUILDS / name)
        except IndexUnusable as error:
            lines.append(f"  {name}  cannot serve: {error}")
            continue
        names = found.sources.keys() | serving.sources.keys()
        differing = sum(found.sources.get(each) != serving.sources.get(each) for each in names)
        said = "serves" if name == serving.build else f"{differing} files differ from those that serve"
        lines.append(
            f"{'*' if name == serving.build else ' '} {name}  built {found.created:%Y-%m-%d %H:%M} UTC, {said}"
        )
    return lines
