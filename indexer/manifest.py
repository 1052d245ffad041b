"""What an index says of itself: the model, the sources, and the digest of every file."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from indexer.errors import IndexDamaged, IndexMismatch, IndexMissing

# Raised whenever the same sources and model would give another index, the classifier included.
FORMAT = 6
FILE = "manifest.json"
CURRENT = "CURRENT"
BUILDS = "builds"
REBUILD = "Build it with: plugdesk index"


class _Format(BaseModel):
    """The one field that every version of the manifest has."""

    format: int


class Manifest(BaseModel):
    """The passport of one build."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    build: str
    created: datetime
    model: str
    model_fingerprint: str
    dimension: int
    classifier_fingerprint: str
    sources: dict[str, str]
    """Content digest of each file under kb/, by relative path."""
    files: dict[str, str]
    """Digest of each file of the index, by relative path."""

    def check_model(self, fingerprint: str, dimension: int) -> None:
        """Refuse an index that another model made.

        Raises:
            IndexMismatch: the message names both models' fingerprints.
        """
        if (self.model_fingerprint, self.dimension) != (fingerprint, dimension):
            raise IndexMismatch(
                f"The index was made with the model {self.model_fingerprint} ({self.dimension} dimensions), "
                f"the configured model is {fingerprint} ({dimension} dimensions). {REBUILD}"
            )


SOURCE_SUFFIXES = frozenset({".md", ".txt", ".yaml", ".svg", ".png", ".jpg", ".webp"})


def digest(path: Path) -> str:
    """SHA-256 of a file's content, first 16 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def files_below(folder: Path) -> dict[str, str]:
    """The digest of every file below ``folder`` but the manifest."""
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != FILE
    }


def source_digests(kb: Path) -> dict[str, str]:
    """The digest of every source file of the knowledge base."""
    return {
        path.relative_to(kb).as_posix(): digest(path)
        for path in sorted(kb.rglob("*"))
        if path.suffix in SOURCE_SUFFIXES
    }


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of a build.

    Raises:
        IndexDamaged: when it is missing or cannot be read.
        IndexMismatch: when another version of Plugdesk wrote it.
    """
    try:
        content = (folder / FILE).read_bytes()
        written = _Format.model_validate_json(content).format
        if written != FORMAT:
            raise IndexMismatch(f"The index has format {written}, this version reads format {FORMAT}. {REBUILD}")
        return Manifest.model_validate_json(content)
    except FileNotFoundError:
        raise IndexDamaged(f"The index in {folder} has no {FILE}. {REBUILD}") from None
    except ValidationError as error:
        raise IndexDamaged(
            f"The {FILE} in {folder} cannot be read ({error.error_count()} problems). {REBUILD}"
        ) from None


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its digest.

    Raises:
        IndexDamaged: naming the first file that is missing or differs.
    """
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexDamaged(f"The index lacks the file {name}. {REBUILD}")
        if digest(path) != expected:
            raise IndexDamaged(f"The file {name} of the index is damaged. {REBUILD}")


def current_build(root: Path) -> Path:
    """The folder of the build that serves.

    Raises:
        IndexMissing: when nothing was built yet.
    """
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {root} yet. {REBUILD}") from None
    folder = root / BUILDS / name
    if not name or not folder.is_dir():
        raise IndexDamaged(f"{root / CURRENT} names the build {name!r}, which is not there. {REBUILD}")
    return folder


def point_to(root: Path, build: str) -> None:
    """Let ``build`` serve from now on; readers see the old name or the new one, nothing between."""
    temporary = root / f"{CURRENT}.{os.getpid()}"
    temporary.write_text(build + "\n", encoding="utf-8")
    temporary.replace(root / CURRENT)


def builds(root: Path) -> list[str]:
    """The names of all builds, oldest first."""
    folder = root / BUILDS
    return sorted(path.name for path in folder.iterdir() if (path / FILE).exists()) if folder.is_dir() else []
