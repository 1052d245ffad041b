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
