"""Versions beside the one that serves: found, built once, and never served by a comparison."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from eval.diff.versions import COMPARED, NoBase, Versions, files_of
from indexer.build import Progress, build_index
from indexer.errors import KnowledgeError
from indexer.manifest import BUILDS, current_build
from tests.doubles import LetterEmbedder
from tests.small_kb import edit

STEP = ("Unlock the car with the key.", "Unlock the car with its app.")


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()


@pytest.fixture
def versions(small_kb: Path, tmp_path: Path, embedder: LetterEmbedder) -> Versions:
    """Of a small knowledge base that serves as it is."""
    build_index(small_kb, tmp_path / "index", embedder)
    return Versions(tmp_path / "index", embedder, Progress())


def beside(versions: Versions) -> list[Path]:
    return sorted((versions.root.parent / COMPARED / BUILDS).glob("*"))


def test_what_serves_already_is_not_built_again(versions: Versions, small_kb: Path) -> None:
    assert versions.of(small_kb) == versions.serving()
    assert beside(versions) == []


def test_an_edit_is_built_beside_once_and_only_what_changed_is_embedded(
    versions: Versions, small_kb: Path, embedder: LetterEmbedder
) -> None:
    serving = versions.serving()
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    embedder.embedded.clear()
    edited = versions.of(small_kb)
    assert versions.serving() == serving
    assert edited.manifest.sources != serving.manifest.sources
    assert 0 < len(embedder.embedded) < 5
    embedder.embedded.clear()
    assert versions.of(small_kb) == edited
    assert embedder.embedded == []


def test_a_build_that_was_damaged_meanwhile_is_made_again(versions: Versions, small_kb: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    edited = versions.of(small_kb)
    (edited.folder / "vectors.npy").write_bytes(b"")
    assert versions.of(small_kb).manifest.build != edited.manifest.build


def test_an_edit_that_cannot_be_read_is_refused_and_nothing_serves_it(versions: Versions, small_kb: Path) -> None:
    (small_kb / "articles/en/cable-stuck.md").write_text("no front matter", encoding="utf-8")
    before = current_build(versions.root)
    with pytest.raises(KnowledgeError):
        versions.of(small_kb)
    assert current_build(versions.root) == before


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Kari", "-c", "user.email=kari@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_base_is_a_folder_or_a_commit(small_kb: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "kb")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    shutil.copytree(small_kb, tmp_path / "copy")
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    for base in ("HEAD", str(tmp_path / "copy")):
        with files_of(base, small_kb) as folder:
            assert STEP[0] in (folder / "articles/en/cable-stuck.md").read_text(encoding="utf-8")
    with files_of(str(small_kb), small_kb) as folder:
        assert STEP[1] in (folder / "articles/en/cable-stuck.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("base", ["nowhere", "--output=x", "HEAD:elsewhere"])
def test_a_base_that_there_is_not_is_told_with_what_it_may_be(small_kb: Path, tmp_path: Path, base: str) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(NoBase, match="Name a folder"), files_of(base, small_kb):
        pass
    assert not (small_kb / "x").exists()
