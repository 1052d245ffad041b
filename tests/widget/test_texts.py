"""The widget's texts: every language says everything that English does."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "widget" / "src" / "texts"
LANGUAGES = sorted(yaml.safe_load((ROOT / "kb" / "languages.yaml").read_text(encoding="utf-8")))
ENGLISH = json.loads((TEXTS / "en.json").read_text(encoding="utf-8"))
OTHERS = [language for language in LANGUAGES if language != "en"]


def texts_of(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_there_is_a_file_for_every_language_that_drivers_write() -> None:
    assert sorted(path.stem for path in TEXTS.glob("*.json")) == LANGUAGES


@pytest.mark.parametrize("language", OTHERS)
def test_keys_are_those_of_english_in_the_same_order(language: str) -> None:
    assert list(texts_of(language)) == list(ENGLISH)


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_those_of_english(language: str) -> None:
    texts = texts_of(language)
    assert {key: placeholders(texts[key]) for key in ENGLISH} == {key: placeholders(ENGLISH[key]) for key in ENGLISH}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_has_the_bar_that_parts_them_in_the_bundle(language: str) -> None:
    assert [key for key, text in texts_of(language).items() if not text.strip() or "|" in text] == []


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_are_translated(language: str) -> None:
    sentences = {key for key, text in ENGLISH.items() if " " in text}
    assert [key for key in sentences if texts_of(language)[key] == ENGLISH[key]] == []


def test_every_key_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "widget" / "src").rglob("*.ts"))
    assert [key for key in ENGLISH if not re.search(rf"\bKey\.{key}\b", sources)] == []
