"""Articles in files: one file, a folder of them, or an archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from indexer.importers.archives import Unsafe, members
from indexer.importers.exports import unpacked_book, unpacked_csv, unpacked_json, unpacked_wordpress
from indexer.importers.ports import Time
from indexer.importers.rules import Rules
from indexer.importers.types import Document, Kind, Skipped

_KINDS: dict[str, Kind] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "markdown", ".markdown": "markdown", ".txt": "text",
    ".docx": "docx", ".pdf": "pdf",
}  # fmt: skip
_UNPACKED = (".json", ".xml", ".csv", ".tsv", ".zip")


class Files:
    """A file, or a folder with all that lies below it. Links are not followed: they may lead in circles."""

    def __init__(self, path: Path, rules: Rules, time: Time) -> None:
        self._path, self._rules, self._time = path, rules, time

    def documents(self) -> Iterator[Document | Skipped]:
        """Every document, in the order of the files' names."""
        if self._path.is_dir():
            for path in sorted(self._path.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(self._path).parts)
                if path.is_file() and not path.is_symlink() and not hidden and _known(path.suffix):
                    yield from self._file(path)
        else:
            yield from self._file(self._path)

    def _file(self, path: Path) -> Iterator[Document | Skipped]:
        address = path.as_posix()
        try:
            if path.stat().st_size > self._rules.limits.file_bytes:
                most = self._rules.limits.file_bytes // 1_000_000
                yield Skipped(address, f"The file is larger than {most} MB.")
                return
            content = path.read_bytes()
        except OSError as error:
            yield Skipped(address, f"The file cannot be read ({error.strerror}).")
            return
        yield from self.unpacked(address, content)

    def unpacked(self, address: str, content: bytes, in_archive: bool = False) -> Iterator[Document | Skipped]:
        """The documents of one file, by the ending of its name."""
        suffix = PurePosixPath(address).suffix.lower()
        kind = _KINDS.get(suffix)
        file = Document(address, kind or "text", content, self._time.now(), kind or suffix.lstrip("."))
        if not content.strip():
            yield Skipped(address, "It is empty.")
        elif kind == "html":
            yield from unpacked_book(file)
        elif kind is not None:
            yield file
        elif suffix == ".json":
            yield from unpacked_json(file)
        elif suffix == ".xml":
            yield from unpacked_wordpress(file)
        elif suffix in (".csv", ".tsv"):
            yield from unpacked_csv(file)
        elif suffix == ".zip" and not in_archive:
            yield from self._archive(file)
        else:
            yield Skipped(address, f"Files of this kind ({suffix or 'no ending'}) cannot be imported.")

    def _archive(self, file: Document) -> Iterator[Document | Skipped]:
        try:
            found = dict(members(file.content, self._rules.limits))
        except Unsafe as error:
            yield Skipped(file.address, str(error))
            return
        if "data.json" in found:
            # BookStack's portable form: the other members are the pictures and files of its pages.
            yield from unpacked_json(replace(file, content=found["data.json"]))
            return
        for name, content in sorted(found.items()):
            if _known(PurePosixPath(name).suffix) and not name.startswith("__MACOSX/"):
                yield from self.unpacked(f"{file.address}#{name}", content, in_archive=True)


def _known(suffix: str) -> bool:
    return suffix.lower() in _KINDS or suffix.lower() in _UNPACKED
