"""What a new language lacks is told, as long as it lacks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.languages import lacking


def write(root: Path, path: str, text: str = "x\n") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("bot/locales/pl/plugdesk.po", "x", "bot/locales/fi/plugdesk.po: a file, as in bot/locales/pl/"),
        ("bot/words/pl.yaml", "x", "bot/words/fi.yaml: a file, as in bot/words/"),
        ("kb/languages.yaml", "pl: {name: Polski}\n", "kb/languages.yaml: an entry fi"),
        ("bot/canned.yaml", "text: {en: Hello, pl: Witam}\n", "bot/canned.yaml: an entry fi"),
        ("indexer/knowledge.py", 'LANGUAGES = ("en", "pl")\n', "indexer/knowledge.py: an entry fi"),
    ],
)
def test_what_one_language_has_the_other_one_lacks(tmp_path: Path, path: str, text: str, told: str) -> None:
    write(tmp_path, path, text)
    assert lacking(tmp_path, "fi", "pl") == [told]


def test_many_files_of_a_folder_are_one_line(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path, f"kb/utterances/pl/{number}.txt")
    assert lacking(tmp_path, "fi", "pl") == ["kb/utterances/fi/: 5 files, as in kb/utterances/pl/"]


def test_a_language_that_has_everything_lacks_nothing(tmp_path: Path) -> None:
    for code in ("pl", "fi"):
        write(tmp_path, f"bot/words/{code}.yaml")
    write(tmp_path, "kb/languages.yaml", "pl: {name: Polski}\nfi: {name: Suomi}\n")
    assert lacking(tmp_path, "fi", "pl") == []


def test_words_that_only_look_like_it_are_no_language(tmp_path: Path) -> None:
    write(tmp_path, "bot/rules.yaml", "simple: 1\nmpl: 2\n")
    assert lacking(tmp_path, "fi", "pl") == []
