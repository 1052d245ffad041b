"""``python -m handbook.languages fi --like pl``: what a new language of drivers still lacks.

A language that is there is the measure: whatever has it, by the name of a file or by a key inside, needs the new one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
FOLDERS = ("indexer", "bot", "widget/src", "kb", "eval/datasets")
BUILT = {"node_modules", "__pycache__", "generated.ts"}
DATA = {".yaml", ".yml", ".json", ".txt"}
CODE = {".py", ".ts", ".mjs"}
FEW = 3
"""So many files of one folder are named one by one."""


def lacking(root: Path, code: str, like: str) -> list[str]:
    """What has the language ``like`` below ``root`` and not ``code``, a sentence each."""
    return [*_files(root, code, like), *_inside(root, code, like)]


def _files(root: Path, code: str, like: str) -> Iterator[str]:
    """Files that are named after the language, or stand in a folder that is."""
    folders: defaultdict[tuple[Path, Path], list[str]] = defaultdict(list)
    for path in _all(root):
        parts = [code if part == like else part for part in path.parts[:-1]]
        name = re.sub(rf"^{like}(?=\.)", code, path.name)
        wanted = Path(*parts, name)
        if wanted != path and not (root / wanted).exists():
            folders[wanted.parent, path.parent].append(name)
    for (there, here), names in folders.items():
        if len(names) > FEW:
            yield f"{there}/: {len(names)} files, as in {here}/"
        else:
            yield from (f"{there / name}: a file, as in {here}/" for name in names)


def _inside(root: Path, code: str, like: str) -> Iterator[str]:
    """Files in which the language is a key, or a word of the code."""
    folders: defaultdict[Path, list[str]] = defaultdict(list)
    for path in _all(root):
        if path.suffix in DATA | CODE and _names(path, root, like) and not _names(path, root, code):
            folders[path.parent].append(path.name)
    for folder, names in folders.items():
        if len(names) > FEW:
            yield f"{folder}/: an entry {code} in {len(names)} files"
        else:
            yield from (f"{folder / name}: an entry {code}" for name in names)


def _all(root: Path) -> Iterable[Path]:
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    return sorted(path.relative_to(root) for path in found if not BUILT & set(path.parts))


def _names(path: Path, root: Path, language: str) -> bool:
    """Whether the file names the language: ``pl:`` in data, ``"pl"`` in code."""
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    if path.suffix in CODE:
        return f'"{language}"' in text
    return re.search(rf'(?m)(?:^\s*|[{{,]\s*)"?{language}"?:', text) is not None


@click.command()
@click.argument("code")
@click.option("--like", default="pl", show_default=True, help="A language that is there already.")
def main(code: str, like: str) -> None:
    """Show what the language CODE (ISO 639-1) still lacks; ends with 1 while there is something."""
    found = lacking(ROOT, code, like)
    for each in found:
        click.echo(each)
    click.echo(f"{len(found)} things are missing." if found else f"{code} is where {like} is.")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
