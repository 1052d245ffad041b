"""The versions that are compared: the one that serves, or files as they are or were somewhere, built beside it."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.build import Progress, build_index
from indexer.errors import IndexUnusable, PlugdeskError
from indexer.manifest import (
    BUILDS,
    Manifest,
    builds,
    check_files,
    current_build,
    point_to,
    read_manifest,
    source_digests,
)
from indexer.ports import Embedder

COMPARED = "compare"
"""The folder beside the index in which versions are built that do not serve."""


class NoBase(PlugdeskError):
    """What an edit is to be compared with cannot be had."""


@dataclass(frozen=True)
class Version:
    """A build, and what it says of itself."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True)
class Versions:
    """Finds versions among the builds, and builds those that there are not; nothing of it serves anybody.

    ``root``: of the index that serves. What was built for a comparison is kept for the next one.
    """

    root: Path
    embedder: Embedder
    progress: Progress

    def serving(self) -> Version:
        """The version that serves.

        Raises:
            IndexUnusable: when there is none, or it is damaged.
        """
        return self._opened(current_build(self.root))

    def of(self, kb: Path) -> Version:
        """The version of the files below ``kb``.

        Raises:
            KnowledgeError: with all problems of the knowledge base.
            IndexUnusable: when there is no index yet.
        """
        sources = source_digests(kb)
        for root in (self.root, self._beside):
            for name in reversed(builds(root)):
                found = self._whole(root / BUILDS / name)
                if found is not None and found.manifest.sources == sources:
                    return found
        self._begin_from(self.serving())
        build_index(kb, self._beside, self.embedder, self.progress)
        return self._opened(current_build(self._beside))

    @property
    def _beside(self) -> Path:
        return self.root.parent / COMPARED

    def _begin_from(self, serving: Version) -> None:
        """Only what differs from the version that serves is embedded or trained."""
        folder = self._beside / BUILDS / serving.folder.name
        if self._whole(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(serving.folder, folder)
        point_to(self._beside, folder.name)

    def _whole(self, folder: Path) -> Version | None:
        try:
            return self._opened(folder)
        except IndexUnusable:
            return None

    def _opened(self, folder: Path) -> Version:
        manifest = read_manifest(folder)
        manifest.check_model(self.embedder.fingerprint, self.embedder.dimension)
        check_files(folder, manifest)
        return Version(folder, manifest)


@contextmanager
def files_of(base: str, kb: Path) -> Iterator[Path]:
    """The knowledge base that ``base`` names: a folder, or a state of ``kb`` that git knows.

    Raises:
        NoBase: when it is neither.
    """
    if (Path(base) / "topics.yaml").is_file():
        yield Path(base)
        return
    with TemporaryDirectory() as folder:
        archive = _git(kb, "archive", "--format=tar", base, ".", base=base)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        if not (Path(folder) / "topics.yaml").is_file():
            raise NoBase(f"There is no knowledge base {kb} at {base} of its git repository.")
        yield Path(folder)


def _git(kb: Path, *arguments: str, base: str) -> bytes:
    """What git says in the folder of the knowledge base. A base that begins with a dash would be an option to it."""
    remedy = "Name a folder with a knowledge base, or a commit, branch or tag of its git repository."
    if base.startswith("-"):
        raise NoBase(f"{base!r} is no base. {remedy}")
    try:
        return subprocess.run(["git", *arguments], cwd=kb, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise NoBase(f"{base!r} is no folder with a knowledge base, and git or {kb} is not there. {remedy}") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise NoBase(f"{base!r} cannot be read ({said[-1] if said else 'git failed'}). {remedy}") from None
