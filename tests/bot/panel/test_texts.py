"""The panel's catalogues are complete in every language, and what is said in several of them is said alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot.panel
from bot.panel.values import PANEL_LANGUAGES
from bot.panel.web.texts import LOCALES, say_in

FOLDER = Path(bot.panel.__file__).parent
WORDS = Path(__file__).parents[3] / "docs/panel-words.md"
TRANSLATED = [language for language in PANEL_LANGUAGES if language != "en"]
_PLACEHOLDER = re.compile(r"%\(\w+\)s")


def used() -> set[str]:
    """Every text of the panel's templates and code."""
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    options = {"**.j2": {"silent": "false"}}
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "N_": None}
    return {str(text) for _, _, text, _, _ in extract_from_dir(FOLDER, methods, options, keywords)}


def catalogues(language: str) -> list[Path]:
    return sorted((LOCALES / language).glob("*.po"))


def entries(language: str) -> list[tuple[str, str]]:
    found = []
    for path in catalogues(language):
        with path.open("rb") as file:
            found += [(str(entry.id), str(entry.string)) for entry in read_po(file, locale=language) if entry.id]
    return found


def test_there_are_texts() -> None:
    assert {"Sign in", "You are signed out.", "Accounts"} <= used()


def test_every_language_has_the_same_catalogues() -> None:
    assert sorted(path.name for path in LOCALES.iterdir()) == sorted(TRANSLATED)
    assert len({tuple(path.name for path in catalogues(language)) for language in TRANSLATED}) == 1


@pytest.mark.parametrize("language", TRANSLATED)
def test_exactly_the_texts_that_are_used_are_translated(language: str) -> None:
    known = {text for text, translation in entries(language) if translation.strip()}
    assert (used() - known, known - used()) == (set(), set())


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_text_is_translated_once(language: str) -> None:
    texts = [text for text, _ in entries(language)]
    assert [text for text in set(texts) if texts.count(text) > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for text, translation in entries(language):
        assert sorted(_PLACEHOLDER.findall(translation)) == sorted(_PLACEHOLDER.findall(text)), text
        assert "%" not in _PLACEHOLDER.sub("", translation), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_plain_text(language: str) -> None:
    """Newstyle gettext takes translations for safe markup."""
    assert [each for _, each in entries(language) if re.search(r'[<>&"\x00-\x1f]', each)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_texts_are_said_in_the_language(language: str) -> None:
    assert say_in(language)("Accounts") != "Accounts"
    assert "Kari" in say_in(language)("Driver %(user)s", user="Kari")


def glossary(table: int, language: str) -> list[tuple[str, list[str]]]:
    """The rows of a table of docs/panel-words.md: what stands first, and the words of the language."""
    tables = re.findall(r"(?:^\|.*\n)+", WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in tables[table].splitlines()]
    return [(row[0], [word.strip().lower() for word in row[head.index(language)].split("/")]) for row in rows]


@pytest.mark.parametrize("language", TRANSLATED)
def test_one_thing_has_one_word(language: str) -> None:
    known, terms = entries(language), glossary(0, language)
    others = [
        (term, text, said)
        for term, words in terms
        for text, said in known
        if re.search(rf"\b{term.removesuffix('y')}(?:y|s|ies)?\b", _PLACEHOLDER.sub("", text), re.IGNORECASE)
        and not any(word in said.lower() for word in words)
    ]
    assert len(terms) > 20
    assert others == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_second_word_stands_for_a_thing(language: str) -> None:
    unwanted = [word for _, words in glossary(1, language) for word in words]
    assert unwanted
    assert [
        (word, said) for word in unwanted for _, said in entries(language) if re.search(rf"\b{word}", said.lower())
    ] == []


def test_french_never_breaks_a_line_before_its_punctuation() -> None:
    assert [each for _, each in entries("fr") if re.search(r" [:;?!»]|« ", each)] == []
